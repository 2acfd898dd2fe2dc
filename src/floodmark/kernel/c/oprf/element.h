/* What both fields do in the same way; `field52.h` or `field26.h` is included before. Powers are those of the curve25519
 * papers' addition chain: 254 squarings and 11 multiplications. */
#ifndef FLOODMARK_OPRF_ELEMENT_H
#define FLOODMARK_OPRF_ELEMENT_H

/* The same element in every lane, from four little-endian words. */
FM_INLINE fe constant(const uint64_t words[4]) {
    vec w[4];
    UNROLL for (int i = 0; i < 4; i++) w[i] = SET1(words[i]);
    return unpack(w);
}

FM_INLINE fe small(uint64_t number) {
    const uint64_t words[4] = {number, 0, 0, 0};
    return constant(words);
}

FM_INLINE fe negate(fe a) { return carry(sub(bias(), as_raw(a))); } /* 2^56.2, 2^59 */

/* "Negative" is an odd canonical value (RFC 9496, section 4.1). */
FM_INLINE mask is_negative(fe x) { return LOWEST_BIT(freeze(x).l[0]); }
FM_INLINE mask is_zero(fe x) { return IS_ZERO(any_bit(freeze(x))); }

/* Even, but not 0; one of x and -x is that, and the other negative, unless both are 0. */
FM_INLINE mask is_positive(fe x) {
    const fe value = freeze(x);
    return (mask)~LOWEST_BIT(value.l[0]) & (mask)~IS_ZERO(any_bit(value));
}

/* The lanes where two raws, the first biased and the second not, are of different elements. */
FM_INLINE mask differ(raw biased, raw other) { return (mask)~is_zero(carry(sub(biased, other))); } /* 2^56.8, 2^60 */

FM_INLINE fe negate_where(mask m, fe x) { return blend(m, x, negate(x)); }

static __attribute__((noinline)) void mul_each(fe *o, const fe *a, const fe *b, int count) {
    for (int i = 0; i < count; i++)
        o[i] = mul(&a[i], &b[i]);
}

/* a^(2^n) of one element, and of MAPS of them side by side, so that one waits while others are worked on. */
#ifndef MAPS /* a vector header may know better */
#define MAPS 4
#endif
#define EACH_MAP UNROLL for (int i = 0; i < MAPS; i++)

static __attribute__((noinline)) void square_times(fe *o, const fe *a, int n) {
    fe x = *a, y; /* by turns: a result that may lie on its own argument would be copied */
    for (; n > 1; n -= 2) {
        y = square(&x);
        x = square(&y);
    }
    *o = n ? square(&x) : x;
}

static __attribute__((noinline)) void square_times_maps(fe *o, const fe *a, int n) {
    fe x[MAPS], y[MAPS];
    EACH_MAP x[i] = a[i];
    for (; n > 1; n -= 2) {
        EACH_MAP y[i] = square(&x[i]);
        EACH_MAP x[i] = square(&y[i]);
    }
    EACH_MAP o[i] = n ? square(&x[i]) : x[i];
}

/* What both powers begin with: t = x^(2^250 - 1), z11 = x^11. */
#define POWER_CHAIN(SQUARE, N)                                                                                         \
    fe z2[N], z9[N], z11[N], t5[N], t10[N], t20[N], t50[N], t100[N], t[N];                                             \
    SQUARE(z2, x, 1);                                                                                                  \
    SQUARE(t, z2, 2);                                                                                                  \
    mul_each(z9, t, x, N);                                                                                             \
    mul_each(z11, z9, z2, N);                                                                                          \
    SQUARE(t, z11, 1);                                                                                                 \
    mul_each(t5, t, z9, N);                                                                                            \
    SQUARE(t, t5, 5);                                                                                                  \
    mul_each(t10, t, t5, N);                                                                                           \
    SQUARE(t, t10, 10);                                                                                                \
    mul_each(t20, t, t10, N);                                                                                          \
    SQUARE(t, t20, 20);                                                                                                \
    mul_each(t, t, t20, N);                                                                                            \
    SQUARE(t, t, 10);                                                                                                  \
    mul_each(t50, t, t10, N);                                                                                          \
    SQUARE(t, t50, 50);                                                                                                \
    mul_each(t100, t, t50, N);                                                                                         \
    SQUARE(t, t100, 100);                                                                                              \
    mul_each(t, t, t100, N);                                                                                           \
    SQUARE(t, t, 50);                                                                                                  \
    mul_each(t, t, t50, N);

/* x^((p - 5) / 8) = x^(2^252 - 3), of MAPS elements. */
static __attribute__((noinline)) void power_22523(fe *o, const fe *x) {
    POWER_CHAIN(square_times_maps, MAPS)
    square_times_maps(t, t, 2);
    mul_each(o, t, x, MAPS);
}

/* x^(p - 2) = x^(2^255 - 21): 1 / x, and 0 for 0. */
static __attribute__((noinline)) void invert(fe *o, const fe *x) {
    POWER_CHAIN(square_times, 1)
    square_times(t, t, 5);
    mul_each(o, t, z11, 1);
}

#endif
