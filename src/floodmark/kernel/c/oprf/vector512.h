/* Eight lanes of 64 bits: AVX-512 with IFMA. All that the rest of this folder asks of a processor, by names of its own. */
#ifndef FLOODMARK_OPRF_VECTOR_H
#define FLOODMARK_OPRF_VECTOR_H

#include <immintrin.h>

#include "../kernel.h"

#define LANES 8
typedef __m512i vec;   /* LANES numbers of 64 bits */
typedef __mmask8 mask; /* one bit a lane */
#define EVERY_LANE ((mask)0xff)
#define NO_LANE ((mask)0)
#define ANY_LANE(m) ((m) != 0)

#define UNROLL _Pragma("GCC unroll 8")

#define SET1(x) _mm512_set1_epi64((long long)(x))
#define ZERO() _mm512_setzero_si512()
#define ADD(a, b) _mm512_add_epi64(a, b)
#define SUB(a, b) _mm512_sub_epi64(a, b)
#define SHL(a, n) _mm512_slli_epi64(a, n)
#define SHR(a, n) _mm512_srli_epi64(a, n)
#define ROR(a, n) _mm512_ror_epi64(a, n)
#define AND(a, b) _mm512_and_si512(a, b)
#define OR(a, b) _mm512_or_si512(a, b)
#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define CHOOSE(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xca)   /* a ? b : c, bit by bit */
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xe8) /* of three bits */

/* acc + the low, or the high, 52 bits of the product of two factors, of which bits 52 to 63 are ignored. */
#define ADD_LOW_52(acc, a, b) acc = _mm512_madd52lo_epu64(acc, a, b)
#define ADD_HIGH_52(acc, a, b) acc = _mm512_madd52hi_epu64(acc, a, b)

/* `b` in the lanes of the mask, `a` elsewhere. */
#define BLEND(m, a, b) _mm512_mask_blend_epi64(m, a, b)
#define LOWEST_BIT(a) _mm512_test_epi64_mask(a, SET1(1))
#define IS_ZERO(a) _mm512_testn_epi64_mask(a, a)
/* All lanes, or none: `condition` is 0 or 1, and decides nothing but the mask's bits. */
#define MASK_OF(condition) ((mask)(0 - (unsigned)(condition)))

/* What a pointer points to is not known to the compiler any more. */
#define HIDE_POINTER(p) __asm__("" : "+r"(p));

/* The lanes that have more than `number` blocks. */
FM_INLINE mask lanes_where_more(const size_t blocks[LANES], size_t number) {
    return _mm512_cmpgt_epu64_mask(_mm512_loadu_si512(blocks), SET1(number));
}

FM_INLINE vec byte_swap(vec x) {
    const vec order =
        _mm512_broadcast_i32x4(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    return _mm512_shuffle_epi8(x, order);
}

FM_INLINE vec load(const void *from) { return _mm512_loadu_si512(from); }
FM_INLINE void store(void *to, vec x) { _mm512_storeu_si512(to, x); }

/* LANES rows of LANES words become columns, and back. */
FM_INLINE void transpose(vec r[LANES]) {
    vec t[8], u[8];
    UNROLL for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
    }
    UNROLL for (int i = 0; i < 2; i++) {
        u[i] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0x88);
        u[i + 2] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0xdd);
        u[i + 4] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0x88);
        u[i + 6] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0xdd);
    }
    UNROLL for (int i = 0; i < 4; i++) {
        r[i] = _mm512_shuffle_i64x2(u[i], u[i + 4], 0x88);
        r[i + 4] = _mm512_shuffle_i64x2(u[i], u[i + 4], 0xdd);
    }
}

/* Eight words a lane, as 64 bytes one after another. */
FM_INLINE void store_digests(uint8_t out[LANES][64], vec words[8]) {
    transpose(words);
    UNROLL for (int j = 0; j < LANES; j++) store(out[j], words[j]);
}

#endif
