/* The field of 2^255 - 19 in five limbs of 52 bits, one element a lane, by vpmadd52luq and vpmadd52huq (IFMA; Gueron and
 * Krasnov, "Accelerating big integer arithmetic using Intel IFMA extensions", 2016).
 *
 * Not 51 bits: the high half of a product of two 52-bit limbs i and j lands exactly on limb i + j + 1, so nothing has to
 * be doubled. A product takes 78 instructions, carry and all, where it would take 90. Two types:
 *
 *   fe   carried, the only thing fit to multiply. The processor reads bits 0 to 51 of each factor and ignores the rest,
 *        so limbs 0 to 3 may carry junk above bit 51, which saves the masking; limb 4 is clean and below 2^47 + 42. The
 *        value, junk dropped, is below 2^255 + 42 * 2^208 < 2p.
 *   raw  column sums, not carried and never negative. Sums and differences are taken between raws, then carried once;
 *        no addition in the formulas of points costs a carry of its own.
 *
 * Bounds, proved for this very text by tests/unit/kernel/bounds: limbs of a product are below 9.6 * 2^52. A raw made
 * with BIASED has a multiple of p added whose limbs are all in [16 * 2^52, 18 * 2^52), so biased - not biased never goes
 * below zero. No raw reaches 2^57.4. */
#ifndef FLOODMARK_OPRF_FIELD_H
#define FLOODMARK_OPRF_FIELD_H

#include "vector512.h"

#define LIMBS 5
#define LOW_52 0xfffffffffffffULL
#define LOW_47 0x7fffffffffffULL

typedef vec limb; /* as elements are kept */
typedef struct {
    limb l[LIMBS];
} fe;
typedef struct {
    vec l[LIMBS];
} raw;

enum { PLAIN, BIASED };

/* A multiple of p. Limbs are even, because squares start at half of them. */
static const uint64_t BIAS[LIMBS] = {0x011fffffffffd9daULL, 0x011fffffffffffeeULL, 0x011fffffffffffeeULL,
                                     0x011fffffffffffeeULL, 0x0100ffffffffffeeULL};

/* First what is above 2^255 goes, times 19, to limb 0; then one chain of carries, one after another: limbs 0 to 3 are
 * then exact in their low 52 bits, and limb 4 is below 2^47 + 42. Carrying all limbs at once could leave one just over
 * 2^52, of which the multiplier would see nothing but the rest: wrong once in 2^40 products. */
FM_INLINE fe carry(raw r) {
    fe o;
    const vec top = SHR(r.l[4], 47), r4 = AND(r.l[4], SET1(LOW_47));
    o.l[0] = r.l[0];
    ADD_LOW_52(o.l[0], top, SET1(19));
    o.l[1] = ADD(r.l[1], SHR(o.l[0], 52));
    o.l[2] = ADD(r.l[2], SHR(o.l[1], 52));
    o.l[3] = ADD(r.l[3], SHR(o.l[2], 52));
    o.l[4] = ADD(r4, SHR(o.l[3], 52));
    return o;
}

FM_INLINE raw add(raw a, raw b) {
    raw r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = ADD(a.l[i], b.l[i]);
    return r;
}

/* `a` is biased and `b` is not. */
FM_INLINE raw sub(raw a, raw b) {
    raw r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = SUB(a.l[i], b.l[i]);
    return r;
}

FM_INLINE raw as_raw(fe a) {
    raw r;
    UNROLL for (int i = 0; i < 4; i++) r.l[i] = AND(a.l[i], SET1(LOW_52));
    r.l[4] = a.l[4];
    return r;
}

FM_INLINE raw bias(void) {
    raw r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = SET1(BIAS[i]);
    return r;
}

FM_INLINE raw blend_raw(mask m, raw a, raw b) {
    raw r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = BLEND(m, a.l[i], b.l[i]);
    return r;
}

FM_INLINE fe blend(mask m, fe a, fe b) {
    fe r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = BLEND(m, a.l[i], b.l[i]);
    return r;
}

/* 2^260 is 608 mod p, so the high columns fold back. What R5 to R8 have above 52 bits goes to the next column first, one
 * after another; so each then gives its low and its high product. R9 is the high half of limb 4 squared with the last of
 * these carries, below 2^43, and gives the low product alone, 608 R9 being below 2^52. On processors with one multiplier
 * of 512 bits (AMD's Zen 4) products are what takes the time, and four less are 6 % of them. */
#define FOLD(r, R5, R6, R7, R8, R9)                                                                                    \
    {                                                                                                                  \
        const vec c = SET1(608);                                                                                       \
        R6 = ADD(R6, SHR(R5, 52));                                                                                     \
        R7 = ADD(R7, SHR(R6, 52));                                                                                     \
        R8 = ADD(R8, SHR(R7, 52));                                                                                     \
        R9 = ADD(R9, SHR(R8, 52));                                                                                     \
        ADD_LOW_52(r.l[0], R5, c);                                                                                     \
        ADD_HIGH_52(r.l[1], R5, c);                                                                                    \
        ADD_LOW_52(r.l[1], R6, c);                                                                                     \
        ADD_HIGH_52(r.l[2], R6, c);                                                                                    \
        ADD_LOW_52(r.l[2], R7, c);                                                                                     \
        ADD_HIGH_52(r.l[3], R7, c);                                                                                    \
        ADD_LOW_52(r.l[3], R8, c);                                                                                     \
        ADD_HIGH_52(r.l[4], R8, c);                                                                                    \
        ADD_LOW_52(r.l[4], R9, c);                                                                                     \
    }

/* Column k of the product is the sum of low(a_i b_j) for i + j = k and high(a_i b_j) for i + j = k - 1. The bias costs
 * nothing: the accumulators of columns 0 to 4 start there. */
FM_INLINE raw mul_raw(const fe *a, const fe *b, const int biased) {
    const vec *x = a->l, *y = b->l;
    vec R5 = ZERO(), R6 = ZERO(), R7 = ZERO(), R8 = ZERO(), R9 = ZERO();
    raw r;
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = biased ? SET1(BIAS[i]) : ZERO();
    vec *const c[10] = {&r.l[0], &r.l[1], &r.l[2], &r.l[3], &r.l[4], &R5, &R6, &R7, &R8, &R9};
    UNROLL for (int i = 4; i >= 0; i--) {
        UNROLL for (int j = 4; j >= 0; j--) ADD_HIGH_52(*c[i + j + 1], x[i], y[j]);
        UNROLL for (int j = 4; j >= 0; j--) ADD_LOW_52(*c[i + j], x[i], y[j]);
    }
    FOLD(r, R5, R6, R7, R8, R9)
    return r;
}

#define TWICE(x) x = ADD(x, x)

/* Off the diagonal, every term counts twice. No limb but the last may be doubled before it is multiplied, since 52 bits
 * are full; so the column is doubled in between. */
FM_INLINE raw square_raw(const fe *a, const int biased) {
    const vec *x = a->l;
    const vec x4 = ADD(x[4], x[4]);
    vec R5 = ZERO(), R6 = ZERO(), R7 = ZERO(), R8 = ZERO(), R9 = ZERO();
    raw r;
    r.l[0] = biased ? SET1(BIAS[0]) : ZERO();
    UNROLL for (int i = 1; i < LIMBS; i++) r.l[i] = biased ? SET1(BIAS[i] / 2) : ZERO();
    ADD_HIGH_52(R5, x[1], x[3]);
    ADD_HIGH_52(R6, x[2], x[3]);
    ADD_HIGH_52(R7, x[2], x4);
    ADD_HIGH_52(R8, x[3], x4);
    ADD_HIGH_52(R9, x[4], x[4]);
    ADD_LOW_52(R5, x[2], x[3]);
    TWICE(R6);
    ADD_LOW_52(R7, x[3], x4);
    ADD_LOW_52(R8, x[4], x[4]);
    ADD_LOW_52(r.l[0], x[0], x[0]);
    TWICE(R5);
    ADD_HIGH_52(R6, x[1], x4);
    ADD_HIGH_52(R7, x[3], x[3]);
    ADD_LOW_52(r.l[1], x[0], x[1]);
    ADD_HIGH_52(r.l[2], x[0], x[1]);
    ADD_HIGH_52(R5, x[0], x4);
    ADD_LOW_52(R6, x[2], x4);
    ADD_HIGH_52(r.l[3], x[0], x[2]);
    ADD_HIGH_52(r.l[4], x[0], x[3]);
    ADD_LOW_52(r.l[2], x[0], x[2]);
    ADD_LOW_52(R5, x[1], x4);
    ADD_LOW_52(R6, x[3], x[3]);
    ADD_LOW_52(r.l[3], x[0], x[3]);
    ADD_HIGH_52(r.l[4], x[1], x[2]);
    TWICE(r.l[1]);
    TWICE(r.l[2]);
    ADD_HIGH_52(R5, x[2], x[2]);
    ADD_LOW_52(r.l[3], x[1], x[2]);
    ADD_LOW_52(r.l[4], x[1], x[3]);
    ADD_HIGH_52(r.l[1], x[0], x[0]);
    ADD_LOW_52(r.l[2], x[1], x[1]);
    TWICE(r.l[3]);
    TWICE(r.l[4]);
    ADD_HIGH_52(r.l[3], x[1], x[1]);
    ADD_LOW_52(r.l[4], x[0], x4);
    ADD_LOW_52(r.l[4], x[2], x[2]);
    FOLD(r, R5, R6, R7, R8, R9)
    return r;
}

FM_INLINE fe mul(const fe *a, const fe *b) { return carry(mul_raw(a, b, PLAIN)); }
FM_INLINE fe square(const fe *a) { return carry(square_raw(a, PLAIN)); }

/* Canonical limbs, each below 2^52 and their value below p. */
FM_INLINE fe freeze(fe x) {
    const vec low = SET1(LOW_52);
    UNROLL for (int i = 0; i < 4; i++) x.l[i] = AND(x.l[i], low);
    vec q = SHR(ADD(x.l[0], SET1(19)), 52);
    UNROLL for (int i = 1; i < 4; i++) q = SHR(ADD(x.l[i], q), 52);
    q = SHR(ADD(x.l[4], q), 47); /* 1 where x is not below p, which it is below twice */
    ADD_LOW_52(x.l[0], q, SET1(19));
    UNROLL for (int i = 0; i < 4; i++) {
        x.l[i + 1] = ADD(x.l[i + 1], SHR(x.l[i], 52));
        x.l[i] = AND(x.l[i], low);
    }
    x.l[4] = AND(x.l[4], SET1(LOW_47));
    return x;
}

/* An element from its 32 bytes as four little-endian words; the highest bit is dropped (RFC 9496, section 4.3.4). */
FM_INLINE fe unpack(const vec w[4]) {
    fe r;
    r.l[0] = w[0];
    r.l[1] = OR(SHR(w[0], 52), SHL(w[1], 12));
    r.l[2] = OR(SHR(w[1], 40), SHL(w[2], 24));
    r.l[3] = OR(SHR(w[2], 28), SHL(w[3], 36));
    r.l[4] = AND(SHR(w[3], 16), SET1(LOW_47));
    return r;
}

/* The words of a frozen element. */
FM_INLINE void pack(vec w[4], fe x) {
    w[0] = OR(x.l[0], SHL(x.l[1], 52));
    w[1] = OR(SHR(x.l[1], 12), SHL(x.l[2], 40));
    w[2] = OR(SHR(x.l[2], 24), SHL(x.l[3], 28));
    w[3] = OR(SHR(x.l[3], 36), SHL(x.l[4], 16));
}

FM_INLINE vec any_bit(fe x) { return OR(OR(OR(x.l[0], x.l[1]), OR(x.l[2], x.l[3])), x.l[4]); }

#endif
