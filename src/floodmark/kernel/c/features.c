/* What this library is and what this processor can do. */
#include "oprf.h"

#if FM_X86
#include <cpuid.h>
#endif

#ifndef FM_SOURCE
#define FM_SOURCE "unknown"
#endif

int fm_abi(void) { return FM_ABI; }

/* SHA-256 of the sources, so that a test can tell a library that is older than they are. */
const char *fm_source(void) { return FM_SOURCE; }

unsigned fm_features(void) {
    unsigned found = 0;
#if FM_X86
    unsigned a, b, c, d;
    __builtin_cpu_init();
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && b >> 29 & 1 && __builtin_cpu_supports("ssse3") &&
        __builtin_cpu_supports("sse4.1"))
        found |= FM_SHA;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) /* asks the system, too */
        found |= FM_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("popcnt"))
        found |= FM_AVX512;
    if (fm_oprf_ifma.evaluate && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma"))
        found |= FM_IFMA;
#endif
    return found;
}
