/* The batch OPRF (RFC 9497, ristretto255-SHA512): which path evaluates, and what all of them need. */
#include "oprf.h"

#include <string.h>

#if FM_X86
#include <immintrin.h>
#endif

/* A call through a volatile pointer is not optimised away. */
static void *(*const volatile wipe_with)(void *, int, size_t) = memset;
void fm_wipe(void *secret, size_t size) { wipe_with(secret, 0, size); }

/* Twice the deepest that a path reaches: tables of 8 points, 8 lanes each, and what the compiler spills. */
#define DEEPEST (128 * 1024)
static __attribute__((noinline)) void wipe_below(void) {
    uint8_t below[DEEPEST];
    fm_wipe(below, sizeof below);
}

/* Registers outlive a call, and a switch to another process or a core dump saves them. What a caller has in the others
 * comes back from the stack. */
#if FM_X86
static void wipe_general_registers(void) {
    __asm__ volatile("xorl %%eax, %%eax\n\txorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\t"
                     "xorl %%edi, %%edi\n\txorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\t"
                     "xorl %%r11d, %%r11d" ::
                         : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");
}
static void wipe_oldest_registers(void) {
#define CLEAR(n) "pxor %%xmm" #n ", %%xmm" #n "\n\t"
    __asm__ volatile(CLEAR(0) CLEAR(1) CLEAR(2) CLEAR(3) CLEAR(4) CLEAR(5) CLEAR(6) CLEAR(7) CLEAR(8) CLEAR(9)
                         CLEAR(10) CLEAR(11) CLEAR(12) CLEAR(13) CLEAR(14) CLEAR(15) ::
                             : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                               "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
#undef CLEAR
}
#define CLEAR(n) "vpxord %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n\t"
#define CLEAR_MASK(n) "kxorw %%k" #n ", %%k" #n ", %%k" #n "\n\t"
__attribute__((target("avx512f"))) static void wipe_upper_registers(void) {
    __asm__ volatile(CLEAR(16) CLEAR(17) CLEAR(18) CLEAR(19) CLEAR(20) CLEAR(21) CLEAR(22) CLEAR(23) CLEAR(24)
                         CLEAR(25) CLEAR(26) CLEAR(27) CLEAR(28) CLEAR(29) CLEAR(30) CLEAR(31) CLEAR_MASK(0)
                             CLEAR_MASK(1) CLEAR_MASK(2) CLEAR_MASK(3) CLEAR_MASK(4) CLEAR_MASK(5) CLEAR_MASK(6)
                                 CLEAR_MASK(7)
                     :
                     :
                     : "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",
                       "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
}
__attribute__((target("avx2"))) static void wipe_lower_registers(void) {
    __asm__ volatile("vzeroall" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                           "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}
#endif

void fm_wipe_after(unsigned features) {
    wipe_below();
#if FM_X86
    if (features & (FM_AVX512 | FM_IFMA))
        wipe_upper_registers();
    if (features & (FM_AVX2 | FM_AVX512 | FM_IFMA))
        wipe_lower_registers();
    else
        wipe_oldest_registers();
    wipe_general_registers();
#endif
    (void)features;
}

static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* Whether 0 < key < the group's order; its bytes decide nothing but the answer. */
static int is_key(const uint8_t key[32]) {
    unsigned borrow = 0, any = 0;
    for (int i = 0; i < 32; i++) {
        borrow = ((unsigned)key[i] - order[i] - borrow) >> 31;
        any |= key[i];
    }
    return (int)(borrow & ((0 - any) >> 31));
}

static const fm_oprf_path *path_for(unsigned features) {
    if (features & FM_IFMA && fm_oprf_ifma.evaluate)
        return &fm_oprf_ifma;
    if (features & FM_AVX2 && fm_oprf_avx2.evaluate)
        return &fm_oprf_avx2;
    return NULL;
}

size_t fm_oprf_lanes(unsigned features) {
    const fm_oprf_path *path = path_for(features);
    return path ? path->lanes : 0;
}

/* On some processors of Intel's a product of vectors may be ready a cycle later for some data, unless the register that
 * rules floating point numbers has this value (Intel, "MXCSR Configuration Dependent Timing"). Nothing here has such
 * numbers; the caller's setting comes back. */
#define STEADY_MXCSR 0x1fbf
static int evaluate_steadily(const fm_oprf_path *path, fm_oprf *batch, unsigned features) {
#if FM_X86
    const unsigned before = _mm_getcsr();
    _mm_setcsr(STEADY_MXCSR);
    _mm_lfence();
#endif
    const int found = path->evaluate(batch, features);
#if FM_X86
    _mm_lfence();
    _mm_setcsr(before);
#endif
    return found;
}

int fm_oprf_evaluate(fm_oprf *batch, unsigned features) {
    const fm_oprf_path *path = path_for(features);
    if (!path)
        return FM_OPRF_NO_PATH;
    int found = FM_OPRF_BAD_KEY;
    if (FM_PUBLIC(FM_PUBLIC_KEY_FITS, is_key(batch->key))) {
        memset(batch->ticks, 0, sizeof batch->ticks);
        found = batch->count ? evaluate_steadily(path, batch, features) : FM_OPRF_DONE;
    }
    fm_wipe_after(features);
    return found;
}
