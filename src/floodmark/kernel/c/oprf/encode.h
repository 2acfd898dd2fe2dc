/* The encodings of doubles of points (RFC 9496, section 4.3.2), with one inversion for many.
 *
 * With e = -2XY, f = X^2 - Y^2, g = X^2 + Y^2 and h = 2Z^2 + f, which are double_point's E, G, H and F, the double is
 * X = eh, Y = gf, Z = fh, T = eg. The curve's equation gives Z^2 - Y^2 = (a - d) e^2 f^2, so that the RFC's inverse square
 * root has the closed form 1 / (sqrt(a - d) e f efgh), and what is left to invert is efgh: for all groups at once, lane by
 * lane, by Montgomery's trick ("Speeding the Pollard and elliptic curve methods of factorization", 1987, section
 * 10.3.1). As in Hamburg's "Decaf" (2015), and in curve25519-dalek's double_and_compress_batch.
 *
 *   rotate where T/Z = eg/(fh) is negative
 *   if not:  s = |(h -+ g) / (sqrt(a - d) e)|   '+' where X/Z = e/f   is negative
 *   if so:   s = |(f -+ i e) / g|               '+' where     i g/h   is negative
 *
 * Each encoding checks itself, from e, f, g and h on, as a decoder would (section 4.3.1), by products of others than those
 * that led to it. A decoder finds y = (1 - s^2) / (1 + s^2) and an x that is not negative, and refuses them unless x y is
 * not negative either. With t = T/Z, x = e/f or i g/h, a = h or f and b = -+g or -+ie as above, y is -b/a, so that
 *
 *   s^2 (a - b) = a + b, of s as it is written, and even
 *   x f = e, or x h = i g where rotated
 *   |t| a + |x| b = 0, with |t| and |x| not negative
 *
 * efgh is 0 exactly for the points whose eightfold is neutral. Their doubles' encoding is 0; since one zero would spoil
 * its lane, 1 is inverted in its place. */
#ifndef FLOODMARK_OPRF_ENCODE_H
#define FLOODMARK_OPRF_ENCODE_H

#include "point.h"

typedef struct {
    fe e, f, g, h, eg, fh, efgh, before;
    mask zero;
} encoding;

/* words[k] becomes the four little-endian words of the encoding of 2 p[k], for `count` points; `work` has as many, and
 * keeps e, f, g and h of each. The lanes in which a check failed. */
static mask encode_doubles(vec (*words)[4], const projective *p, int count, encoding *work) {
    fe product = small(1), inverse;
    mask failed = NO_LANE;
    const fe one = small(1), i1 = constant(SQRT_MINUS_1), root = constant(INVERSE_SQRT_A_MINUS_D);
    for (int k = 0; k < count; k++) {
        encoding *s = &work[k];
        completed q;
        double_point(&q, &p[k]);
        s->e = q.E;
        s->f = q.G;
        s->g = q.H;
        s->h = q.F;
        s->eg = mul(&s->e, &s->g);
        s->fh = mul(&s->f, &s->h);
        fe efgh = mul(&s->eg, &s->fh);
        s->zero = is_zero(efgh);
        s->efgh = blend(s->zero, efgh, one);
        s->before = product;
        product = mul(&product, &s->efgh);
    }
    invert(&inverse, &product);
    for (int k = count - 1; k >= 0; k--) {
        encoding *s = &work[k];
        fe own = mul(&inverse, &s->before);
        inverse = mul(&inverse, &s->efgh);
        fe over_fh = mul(&s->eg, &own), over_eg = mul(&s->fh, &own);
        fe t = mul(&s->eg, &over_fh);
        const mask rotate = is_negative(t);
        fe ie = mul(&i1, &s->e), ig = mul(&i1, &s->g), rg = mul(&root, &s->g);
        fe x1 = blend(rotate, s->e, ig), x2 = blend(rotate, s->h, s->f);
        fe x = mul(&x1, &x2);
        x = mul(&x, &over_fh);
        const mask plus = is_negative(x);
        const fe a = blend(rotate, s->h, s->f), b = negate_where((mask)~plus, blend(rotate, s->g, ie));
        const fe a_plus_b = carry(add(as_raw(a), as_raw(b))); /* 2^53, 2^27.1 */
        fe over = blend(rotate, rg, s->e);
        over = mul(&over, &over_eg);
        fe r = mul(&a_plus_b, &over);
        r = freeze(negate_where(is_negative(r), r));
        r = blend(s->zero, r, small(0));
        pack(words[k], r);
        const fe f_or_h = blend(rotate, s->f, s->h), written = unpack(words[k]), s2 = square(&written);
        const fe a_minus_b = carry(sub(add(bias(), as_raw(a)), as_raw(b))); /* 2^56.3, 2^59 */
        mask wrong = differ(mul_raw(&s2, &a_minus_b, BIASED), as_raw(a_plus_b)) | LOWEST_BIT(words[k][0]);
        wrong |= differ(mul_raw(&x, &f_or_h, BIASED), as_raw(x1));
        t = negate_where(rotate, t);
        x = negate_where(plus, x);
        wrong |= (mask)~is_zero(carry(add(mul_raw(&t, &a, PLAIN), mul_raw(&x, &b, PLAIN)))); /* 2^56.3, 2^60 */
        wrong |= is_positive(negate(t)) | is_positive(negate(x));
        failed |= wrong & (mask)~s->zero;
    }
    return failed;
}

#endif
