/* Four lanes of 64 bits: AVX2. The same names as in vector512.h, and 16 registers instead of 32. */
#ifndef FLOODMARK_OPRF_VECTOR_H
#define FLOODMARK_OPRF_VECTOR_H

#include <immintrin.h>

#include "../kernel.h"

#define LANES 4
typedef __m256i vec;  /* LANES numbers of 64 bits */
typedef __m256i mask; /* all bits of a lane, or none */
#define EVERY_LANE _mm256_set1_epi64x(-1)
#define NO_LANE _mm256_setzero_si256()
#define ANY_LANE(m) (_mm256_movemask_epi8(m) != 0)

#define UNROLL _Pragma("GCC unroll 16")
#define PRODUCT static __attribute__((noinline)) /* each once, and called */
#define KEEP_ORDER(sum) __asm__("" : "+x"(sum));

#define SET1(x) _mm256_set1_epi64x((long long)(x))
#define ZERO() _mm256_setzero_si256()
#define ADD(a, b) _mm256_add_epi64(a, b)
#define SUB(a, b) _mm256_sub_epi64(a, b)
#define SHL(a, n) _mm256_slli_epi64(a, n)
#define SHR(a, n) _mm256_srli_epi64(a, n)
#define ROR(a, n) OR(SHR(a, n), SHL(a, 64 - (n)))
#define AND(a, b) _mm256_and_si256(a, b)
#define OR(a, b) _mm256_or_si256(a, b)
#define XOR(a, b) _mm256_xor_si256(a, b)
#define XOR3(a, b, c) XOR(XOR(a, b), c)
#define CHOOSE(a, b, c) XOR(AND(XOR(b, c), a), c)           /* a ? b : c, bit by bit */
#define MAJORITY(a, b, c) XOR(AND(XOR(a, b), XOR(b, c)), b) /* of three bits */

/* The product of the low 32 bits of two factors; what they have above is ignored. */
#define MUL32(a, b) _mm256_mul_epu32(a, b)

/* `b` in the lanes of the mask, `a` elsewhere. */
#define BLEND(m, a, b) _mm256_blendv_epi8(a, b, m)
#define LOWEST_BIT(a) SUB(ZERO(), AND(a, SET1(1)))
#define IS_ZERO(a) _mm256_cmpeq_epi64(a, ZERO())
/* All lanes, or none: `condition` is 0 or 1, and decides nothing but the mask's bits. */
#define MASK_OF(condition) SET1(0 - (uint64_t)(condition))

/* What a pointer points to is not known to the compiler any more. */
#define HIDE_POINTER(p) __asm__("" : "+r"(p));

FM_INLINE vec load(const void *from) { return _mm256_loadu_si256((const __m256i *)from); }
FM_INLINE void store(void *to, vec x) { _mm256_storeu_si256((__m256i *)to, x); }

/* The lanes that have more than `number` blocks, both far below 2^63. */
FM_INLINE mask lanes_where_more(const size_t blocks[LANES], size_t number) {
    return _mm256_cmpgt_epi64(load(blocks), SET1(number));
}

FM_INLINE vec byte_swap(vec x) {
    const vec order =
        _mm256_broadcastsi128_si256(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    return _mm256_shuffle_epi8(x, order);
}

/* LANES rows of LANES words become columns, and back. */
FM_INLINE void transpose(vec r[LANES]) {
    const vec a = _mm256_unpacklo_epi64(r[0], r[1]), b = _mm256_unpackhi_epi64(r[0], r[1]),
              c = _mm256_unpacklo_epi64(r[2], r[3]), d = _mm256_unpackhi_epi64(r[2], r[3]);
    r[0] = _mm256_permute2x128_si256(a, c, 0x20);
    r[1] = _mm256_permute2x128_si256(b, d, 0x20);
    r[2] = _mm256_permute2x128_si256(a, c, 0x31);
    r[3] = _mm256_permute2x128_si256(b, d, 0x31);
}

/* Eight words a lane, as 64 bytes one after another. */
FM_INLINE void store_digests(uint8_t out[LANES][64], vec words[8]) {
    transpose(words);
    transpose(words + LANES);
    UNROLL for (int j = 0; j < LANES; j++) {
        store(out[j], words[j]);
        store(out[j] + 32, words[LANES + j]);
    }
}

#endif
