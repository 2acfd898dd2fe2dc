/* From uniform bytes to an element of the group: the map of RFC 9496, section 4.3.4 (Elligator 2), MAPS at a time.
 *
 * The two halves of 64 bytes are mapped each, and their images added. The map gives X = w0 w3, Y = w2 w1, Z = w1 w3 and
 * T = w0 w2, which is `completed` with E = w0, F = w3, G = w1 and H = w2.
 *
 * Each map checks itself. Whatever goes wrong between r and the sum of both images leaves the curve, but for two things:
 * another r than i t^2 gives another point, so r is computed once more as (i t) t; and a sign chosen wrongly gives the
 * negative of a point, so the sign of what was chosen is looked at again, of |s| by its negative. */
#ifndef FLOODMARK_OPRF_MAP_H
#define FLOODMARK_OPRF_MAP_H

#include "point.h"

/* The lanes in which a check failed. */
static __attribute__((noinline)) mask map_to_points(completed *out, const fe *t) {
    fe r[MAPS], u[MAPS], w[MAPS], w3[MAPS], x[MAPS], power[MAPS], a[MAPS], c[MAPS], s[MAPS], st[MAPS], iu[MAPS];
    raw check[MAPS], rr[MAPS];
    mask square_root[MAPS], flip_i[MAPS], flip[MAPS], failed = NO_LANE;
    const fe i1 = constant(SQRT_MINUS_1), d = constant(CURVE_D), c1 = constant(ONE_MINUS_D_SQUARED),
             c2 = constant(D_MINUS_ONE_SQUARED), c3 = constant(SQRT_AD_MINUS_ONE);
    const raw one = as_raw(small(1));
    EACH_MAP a[i] = square(&t[i]);
    EACH_MAP {
        rr[i] = mul_raw(&i1, &a[i], PLAIN);
        r[i] = carry(rr[i]);           /* 2^55, 2^57.6 */
        a[i] = carry(add(rr[i], one)); /* 2^55, 2^57.6 */
    }
    EACH_MAP u[i] = mul(&a[i], &c1); /* (r + 1)(1 - d^2) */
    EACH_MAP {
        a[i] = carry(sub(sub(bias(), mul_raw(&r[i], &d, PLAIN)), one)); /* 2^56.2, 2^59 */
        c[i] = carry(add(rr[i], as_raw(d)));                            /* 2^55, 2^57.6 */
    }
    EACH_MAP w[i] = mul(&a[i], &c[i]); /* v of the RFC: (-1 - r d)(r + d) */
    /* SQRT_RATIO_M1(u, v), section 4.2 */
    EACH_MAP a[i] = square(&w[i]);
    EACH_MAP w3[i] = mul(&a[i], &w[i]);
    EACH_MAP a[i] = square(&w3[i]);
    EACH_MAP a[i] = mul(&a[i], &w[i]);
    EACH_MAP x[i] = mul(&u[i], &a[i]); /* u v^7 */
    power_22523(power, x);
    EACH_MAP a[i] = mul(&u[i], &w3[i]);
    EACH_MAP s[i] = mul(&a[i], &power[i]);
    EACH_MAP a[i] = square(&s[i]);
    EACH_MAP check[i] = mul_raw(&w[i], &a[i], BIASED);
    EACH_MAP iu[i] = mul(&u[i], &i1);
    EACH_MAP square_root[i] = is_zero(carry(sub(check[i], as_raw(u[i])))); /* v s^2 = u; 2^56.8, 2^60 */
    EACH_MAP flip[i] = is_zero(carry(add(check[i], as_raw(u[i]))));        /* = -u; 2^56.8, 2^60 */
    EACH_MAP flip_i[i] = is_zero(carry(add(check[i], as_raw(iu[i]))));     /* = -i u; 2^56.8, 2^60 */
    EACH_MAP square_root[i] |= flip[i];
    EACH_MAP a[i] = mul(&s[i], &i1);
    EACH_MAP s[i] = blend(flip[i] | flip_i[i], s[i], a[i]);
    EACH_MAP s[i] = negate_where(is_negative(s[i]), s[i]); /* |s| */
    EACH_MAP failed |= is_positive(negate(s[i]));
    /* The rest of MAP */
    EACH_MAP st[i] = mul(&s[i], &t[i]);
    EACH_MAP st[i] = negate_where((mask)~is_negative(st[i]), st[i]); /* -|s t| */
    EACH_MAP failed |= is_positive(st[i]);
    EACH_MAP s[i] = blend(square_root[i], st[i], s[i]);
    EACH_MAP c[i] = blend(square_root[i], r[i], negate(small(1)));
    EACH_MAP a[i] = carry(add(as_raw(r[i]), sub(bias(), one))); /* 2^56.3, 2^59 */
    EACH_MAP a[i] = mul(&c[i], &a[i]);
    EACH_MAP a[i] = carry(sub(mul_raw(&a[i], &c2, BIASED), as_raw(w[i]))); /* N; 2^56.6, 2^59.8 */
    EACH_MAP out[i].G = mul(&a[i], &c3);                                   /* w1 = N sqrt(a d - 1) */
    EACH_MAP {
        raw m = mul_raw(&s[i], &w[i], PLAIN);
        out[i].E = carry(add(m, m)); /* w0 = 2 s v; 2^56.3, 2^60 */
    }
    EACH_MAP {
        raw s2 = square_raw(&s[i], PLAIN);
        out[i].H = carry(sub(add(bias(), one), s2)); /* w2 = 1 - s^2; 2^56.2, 2^59 */
        out[i].F = carry(add(s2, one));              /* w3 = 1 + s^2; 2^55.2, 2^59 */
    }
    EACH_MAP a[i] = mul(&i1, &t[i]);
    EACH_MAP failed |= differ(mul_raw(&a[i], &t[i], BIASED), as_raw(r[i]));
    return failed;
}

/* The elements of MAPS / 2 groups of LANES inputs, of the eight words of uniform bytes that each has; the lanes in which
 * a check failed. */
static mask elements_of(completed *out, vec (*uniform)[8]) {
    fe t[MAPS];
    completed e[MAPS];
    for (int g = 0; g < MAPS / 2; g++) {
        t[2 * g] = unpack(uniform[g]);
        t[2 * g + 1] = unpack(uniform[g] + 4);
    }
    mask failed = map_to_points(e, t);
    for (int g = 0; g < MAPS / 2; g++) {
        extended first, unused;
        addend second;
        projective not_needed;
        to_extended(&first, &e[2 * g]);
        to_all(&not_needed, &unused, &second, &e[2 * g + 1]);
        add_points(&out[g], &first, &second, NO_LANE);
        failed |= off_curve(&out[g]);
    }
    return failed;
}

#endif
