/* One lane of 64 bits in plain C. On a CUDA device every thread is a lane; the same text, compiled for the processor, is the
 * device's twin, which tests hold against libsodium bit for bit. The same names as in vector512.h. */
#ifndef FLOODMARK_OPRF_VECTOR_H
#define FLOODMARK_OPRF_VECTOR_H

#ifdef __CUDACC_RTC__ /* NVRTC reads no header of the host's, and takes what is not annotated as the device's */
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#define FM_INLINE static __forceinline__
#define UNROLL _Pragma("unroll")
#define __builtin_bswap64(x) byte_swap(x)
#else
#include <string.h>

#include "../kernel.h"
#define UNROLL _Pragma("GCC unroll 16")
#endif

#define LANES 1
#define MAPS 2 /* the two halves of one input: enough other threads wait beside */
#define NARROW_LIMBS
typedef uint64_t vec;
typedef uint64_t mask; /* all bits, or none */
#define EVERY_LANE (~(mask)0)
#define NO_LANE ((mask)0)
#define ANY_LANE(m) ((m) != 0)

#define SET1(x) ((vec)(x))
#define ZERO() ((vec)0)
#define ADD(a, b) ((vec)(a) + (vec)(b))
#define SUB(a, b) ((vec)(a) - (vec)(b))
#define SHL(a, n) ((vec)(a) << (n))
#define SHR(a, n) ((vec)(a) >> (n))
#define ROR(a, n) (SHR(a, n) | SHL(a, 64 - (n)))
#define AND(a, b) ((vec)(a) & (vec)(b))
#define OR(a, b) ((vec)(a) | (vec)(b))
#define XOR3(a, b, c) ((a) ^ (b) ^ (c))
#define CHOOSE(a, b, c) ((((b) ^ (c)) & (a)) ^ (c))             /* a ? b : c, bit by bit */
#define MAJORITY(a, b, c) ((((a) ^ (b)) & ((b) ^ (c))) ^ (b)) /* of three bits */

/* The product of the low 32 bits of two factors; what they have above is ignored. */
#define MUL32(a, b) ((vec)(uint32_t)(a) * (uint32_t)(b))

/* `b` where the mask is set, `a` elsewhere. */
#define BLEND(m, a, b) ((vec)(a) ^ ((m) & ((vec)(a) ^ (vec)(b))))
/* All bits, or none: `condition` is 0 or 1, and decides nothing but the mask's bits. */
#define MASK_OF(condition) (0 - (mask)(condition))
#define LOWEST_BIT(a) MASK_OF(AND(a, 1))
#define IS_ZERO(a) MASK_OF((a) == 0)

#define HIDE_POINTER(p) /* nothing is gained here by hiding it */

FM_INLINE mask lanes_where_more(const size_t blocks[LANES], size_t number) { return MASK_OF(blocks[0] > number); }

FM_INLINE vec byte_swap(vec x) {
    x = (x & 0x00ff00ff00ff00ffULL) << 8 | (x >> 8 & 0x00ff00ff00ff00ffULL);
    x = (x & 0x0000ffff0000ffffULL) << 16 | (x >> 16 & 0x0000ffff0000ffffULL);
    return x << 32 | x >> 32;
}

/* Addresses are multiples of 8, or what they point at is a local array. */
FM_INLINE vec load(const void *from) {
    vec x;
    memcpy(&x, __builtin_assume_aligned(from, 8), 8);
    return x;
}
FM_INLINE void store(void *to, vec x) { memcpy(to, &x, 8); }

FM_INLINE void transpose(vec r[LANES]) { (void)r; }
FM_INLINE void store_digests(uint8_t out[LANES][64], const vec words[8]) { memcpy(out, words, 64); }

#endif
