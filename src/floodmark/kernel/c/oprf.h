/* What the files of the batch OPRF share: each instruction set has a path, compiled with flags of its own. */
#ifndef FLOODMARK_OPRF_H
#define FLOODMARK_OPRF_H

#include "kernel.h"

/* One way to evaluate a batch; `evaluate` is NULL where this compiler could not build it. */
typedef struct {
    int (*evaluate)(fm_oprf *batch, unsigned features);
    size_t lanes;
} fm_oprf_path;

extern const fm_oprf_path fm_oprf_ifma, fm_oprf_avx2;

/* Overwrites secrets, which no compiler leaves away; `after` a call those that it left on the stack and in registers. */
void fm_wipe(void *secret, size_t size);
void fm_wipe_after(unsigned features);

/* What was computed from the key and may be known all the same, each with its number. Nothing else is ever branched on. */
#define FM_PUBLIC_KEY_FITS 1 /* the key is above 0 and below the group's order, which a key always is */
#define FM_PUBLIC_NEUTRAL 2  /* a result is the neutral element, which is decided by the input, and the same for all keys */
#define FM_PUBLIC_FAULT 3    /* a result failed a check: the processor is broken, and the batch ends */

/* Marks an int that may be known in the machine code, for the check that follows the key through it
 * (tools/constant_time): by an instruction that does nothing, whose operand names the register and the number. */
#if FM_X86
#define FM_PUBLIC(number, value)                                                                                       \
    __extension__({                                                                                                    \
        uint64_t fm_public = (unsigned)(value);                                                                        \
        __asm__ volatile("nopl %c1(%0)" : "+r"(fm_public) : "i"(0x464d0000 + (number)));                               \
        (int)fm_public;                                                                                                \
    })
#else
#define FM_PUBLIC(number, value) (value)
#endif

/* The processor's clock, to compare stages with each other; 0 where it has none. */
FM_INLINE uint64_t fm_ticks(void) {
#if FM_X86
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
}

#endif
