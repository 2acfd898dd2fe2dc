/* The field of 2^255 - 19 in ten limbs of 26 and 25 bits by turns (radix 2^25.5), one element a lane, with products of
 * 32 by 32 bits. A vector header is included before: four lanes of AVX2, or one of plain C.
 *
 * Limb i counts in 2^ceil(25.5 i). Two odd limbs' product then lies one bit above its column and counts twice, and what
 * passes limb 9 comes back to limb 0 times 19 (Bernstein, "Curve25519: new Diffie-Hellman speed records", 2006, section
 * 4; for vectors, Chou, "Sandy2x", 2015). Two types:
 *
 *   fe   carried, the only thing fit to multiply: even limbs are below 2^26 and odd ones below 2^25, except that
 *        limb 1 is below 2^25 + 761 and limb 6 below 2^26 + 565. 19 times a limb is then below 2^31 and so a factor of
 *        32 bits. The value is below 2^255 + 2^162.2 < 2p.
 *   raw  column sums, not carried and never negative. Sums and differences are taken between raws, then carried once;
 *        no addition in the formulas of points costs a carry of its own.
 *
 * Bounds, proved for this very text by tests/unit/kernel/bounds: column 0 of a product is below 124.6 * 2^52 < 2^58.97,
 * and further columns, of which fewer terms count 19 times, below less, down to 10.1 * 2^51 of column 9. A raw made with
 * BIASED has BIAS added, a multiple of p each of whose limbs is above its column of any product by at least 2^45, so that
 * biased - not biased, and less some carried element, never goes below zero. The formulas add up to four columns or
 * biases: no raw reaches 2^61, and no limb 9 2^56.4, of which the carry is below 2^32 and so a factor, too. */
#ifndef FLOODMARK_OPRF_FIELD_H
#define FLOODMARK_OPRF_FIELD_H

#define LIMBS 10
#define LOW_26 0x3ffffffULL
#define LOW_25 0x1ffffffULL

#ifdef NARROW_LIMBS /* where lanes do not lie side by side in registers, half of a lane's 64 bits is enough to keep one */
typedef uint32_t limb;
#else
typedef vec limb;
#endif
typedef struct {
    limb l[LIMBS];
} fe;
typedef struct {
    vec l[LIMBS];
} raw;

enum { PLAIN, BIASED };

/* How products are compiled, which a vector header may know better. They have some three hundred instructions where there
 * are few registers: a copy of each in every formula would not fit the processor's cache for instructions. And a compiler
 * that gathers all factors before it adds would keep them in memory. */
#ifndef PRODUCT
#define PRODUCT FM_INLINE
#endif
#ifndef KEEP_ORDER
#define KEEP_ORDER(sum)
#endif

/* A multiple of p: the greatest column of a product, rounded up, and what makes the sum one. */
static const uint64_t BIAS[LIMBS] = {0x07c8c000419ffb1aULL, 0x04d0800041cfff31ULL, 0x0618c00043bffee6ULL,
                                     0x03b0800041cfff55ULL, 0x0468800043bfff1cULL, 0x0290400041dfff79ULL,
                                     0x02b8800043dfff52ULL, 0x0170400041dfff9dULL, 0x0108400043dfff88ULL,
                                     0x0050400041efffc1ULL};

/* What limb i has above its width goes to limb i + 1. */
#define CARRY_EVEN(r, i)                                                                                               \
    r.l[(i) + 1] = ADD(r.l[(i) + 1], SHR(r.l[i], 26));                                                                 \
    r.l[i] = AND(r.l[i], SET1(LOW_26));
#define CARRY_ODD(r, i)                                                                                                \
    r.l[(i) + 1] = ADD(r.l[(i) + 1], SHR(r.l[i], 25));                                                                 \
    r.l[i] = AND(r.l[i], SET1(LOW_25));
#define CARRY_AROUND(r)                                                                                                \
    r.l[0] = ADD(r.l[0], MUL32(SHR(r.l[9], 25), SET1(19)));                                                            \
    r.l[9] = AND(r.l[9], SET1(LOW_25));

/* Two chains of six carries side by side, from limb 0 to 6 and from limb 5 around to 1. The last step of each takes what
 * the other's passed on, at most 2^36 + 2^26 into limb 5 and 19 * 2^32 + 2^26 into limb 0, and leaves below 2^12. */
FM_INLINE fe carry(raw r) {
    fe o;
    CARRY_EVEN(r, 0)
    CARRY_ODD(r, 5)
    CARRY_ODD(r, 1)
    CARRY_EVEN(r, 6)
    CARRY_EVEN(r, 2)
    CARRY_ODD(r, 7)
    CARRY_ODD(r, 3)
    CARRY_EVEN(r, 8)
    CARRY_EVEN(r, 4)
    CARRY_AROUND(r)
    CARRY_ODD(r, 5)
    CARRY_EVEN(r, 0)
    UNROLL for (int i = 0; i < LIMBS; i++) o.l[i] = r.l[i];
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
    UNROLL for (int i = 0; i < LIMBS; i++) r.l[i] = a.l[i];
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

/* Column k of the product is the sum of a_i b_j for i + j = k and 19 a_i b_j for i + j = k + 10, twice where i and j are
 * both odd. Factors are below 2^31: 2 a_i below 2^26.1 (i odd), 19 b_j below 2^30.3. The bias costs nothing: the columns
 * start there. */
FM_INLINE raw mul_columns(const fe *a, const fe *b, const int biased) {
    raw r;
    vec b19[LIMBS];
    UNROLL for (int i = 0; i < LIMBS; i++) {
        r.l[i] = biased ? SET1(BIAS[i]) : ZERO();
        b19[i] = MUL32(b->l[i], SET1(19));
    }
    UNROLL for (int i = 0; i < LIMBS; i++) {
        const vec once = a->l[i], twice = ADD(once, once);
        UNROLL for (int j = 0; j < LIMBS; j++) {
            const vec x = i & j & 1 ? twice : once, y = i + j < LIMBS ? b->l[j] : b19[j];
            r.l[(i + j) % LIMBS] = ADD(r.l[(i + j) % LIMBS], MUL32(x, y));
            KEEP_ORDER(r.l[(i + j) % LIMBS])
        }
    }
    return r;
}

/* The same columns; off the diagonal, every term counts twice more. Factors are below 2^31: 4 a_i below 2^27.1 (i odd),
 * 19 a_j below 2^30.3. */
FM_INLINE raw square_columns(const fe *a, const int biased) {
    raw r;
    vec a19[LIMBS];
    UNROLL for (int i = 0; i < LIMBS; i++) {
        r.l[i] = biased ? SET1(BIAS[i]) : ZERO();
        a19[i] = MUL32(a->l[i], SET1(19));
    }
    UNROLL for (int i = 0; i < LIMBS; i++) {
        const vec once = a->l[i], twice = ADD(once, once), four = ADD(twice, twice);
        UNROLL for (int j = i; j < LIMBS; j++) {
            const vec x = i == j ? (i & 1 ? twice : once) : (i & j & 1 ? four : twice), y = i + j < LIMBS ? a->l[j] : a19[j];
            r.l[(i + j) % LIMBS] = ADD(r.l[(i + j) % LIMBS], MUL32(x, y));
            KEEP_ORDER(r.l[(i + j) % LIMBS])
        }
    }
    return r;
}

PRODUCT raw mul_plain(const fe *a, const fe *b) { return mul_columns(a, b, PLAIN); }
PRODUCT raw mul_biased(const fe *a, const fe *b) { return mul_columns(a, b, BIASED); }
PRODUCT raw square_plain(const fe *a) { return square_columns(a, PLAIN); }
PRODUCT raw square_biased(const fe *a) { return square_columns(a, BIASED); }
PRODUCT fe mul(const fe *a, const fe *b) { return carry(mul_columns(a, b, PLAIN)); }
PRODUCT fe square(const fe *a) { return carry(square_columns(a, PLAIN)); }
FM_INLINE raw mul_raw(const fe *a, const fe *b, const int biased) { return biased ? mul_biased(a, b) : mul_plain(a, b); }
FM_INLINE raw square_raw(const fe *a, const int biased) { return biased ? square_biased(a) : square_plain(a); }

/* Canonical limbs, each below its width and their value below p. */
FM_INLINE fe freeze(fe x) {
    vec q = SHR(ADD(x.l[0], SET1(19)), 26);
    UNROLL for (int i = 1; i < LIMBS; i++) q = SHR(ADD(x.l[i], q), i & 1 ? 25 : 26);
    x.l[0] = ADD(x.l[0], MUL32(q, SET1(19))); /* q is 1 where x is not below p, which it is below twice */
    CARRY_EVEN(x, 0)
    CARRY_ODD(x, 1)
    CARRY_EVEN(x, 2)
    CARRY_ODD(x, 3)
    CARRY_EVEN(x, 4)
    CARRY_ODD(x, 5)
    CARRY_EVEN(x, 6)
    CARRY_ODD(x, 7)
    CARRY_EVEN(x, 8)
    x.l[9] = AND(x.l[9], SET1(LOW_25));
    return x;
}

/* An element from its 32 bytes as four little-endian words; the highest bit is dropped (RFC 9496, section 4.3.4). */
FM_INLINE fe unpack(const vec w[4]) {
    const vec low26 = SET1(LOW_26), low25 = SET1(LOW_25);
    fe r;
    r.l[0] = AND(w[0], low26);
    r.l[1] = AND(SHR(w[0], 26), low25);
    r.l[2] = AND(OR(SHR(w[0], 51), SHL(w[1], 13)), low26);
    r.l[3] = AND(SHR(w[1], 13), low25);
    r.l[4] = SHR(w[1], 38);
    r.l[5] = AND(w[2], low25);
    r.l[6] = AND(SHR(w[2], 25), low26);
    r.l[7] = AND(OR(SHR(w[2], 51), SHL(w[3], 13)), low25);
    r.l[8] = AND(SHR(w[3], 12), low26);
    r.l[9] = AND(SHR(w[3], 38), low25);
    return r;
}

/* The words of a frozen element. */
FM_INLINE void pack(vec w[4], fe x) {
    w[0] = OR(OR(x.l[0], SHL(x.l[1], 26)), SHL(x.l[2], 51));
    w[1] = OR(OR(SHR(x.l[2], 13), SHL(x.l[3], 13)), SHL(x.l[4], 38));
    w[2] = OR(OR(x.l[5], SHL(x.l[6], 25)), SHL(x.l[7], 51));
    w[3] = OR(OR(SHR(x.l[7], 13), SHL(x.l[8], 12)), SHL(x.l[9], 38));
}

FM_INLINE vec any_bit(fe x) {
    vec any = x.l[0];
    UNROLL for (int i = 1; i < LIMBS; i++) any = OR(any, x.l[i]);
    return any;
}

#endif
