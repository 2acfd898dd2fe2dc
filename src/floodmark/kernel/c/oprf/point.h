/* Points of the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2, one a lane, in the forms that each formula needs.
 *
 * Addition and doubling are those of Hisil, Wong, Carter and Dawson, "Twisted Edwards Curves Revisited" (2008), sections
 * 3.1 and 3.3, for a = -1; complete, so no case is special.
 *
 * Beside each carry, here and in what uses points, stands what every limb of its sum is below, in field52.h and in
 * field26.h, as tools/prove_bounds.py finds it. */
#ifndef FLOODMARK_OPRF_POINT_H
#define FLOODMARK_OPRF_POINT_H

#include "curve.h"
#include "element.h"

typedef struct {
    fe E, F, G, H;
} completed; /* X = EF, Y = GH, Z = FG, T = EH */
typedef struct {
    fe X, Y, Z, X_plus_Y;
} projective; /* ready to double */
typedef struct {
    fe Y_minus_X, Y_plus_X, Z, T;
} extended; /* ready to add to */
typedef struct {
    fe Y_minus_X, Y_plus_X, Z2, T2d;
} addend; /* Z2 = 2Z, T2d = 2dT */

/* E = X^2 + Y^2 - (X + Y)^2, G = X^2 - Y^2, F = 2Z^2 + G, H = X^2 + Y^2: all four negated against the paper, so that one
 * bias serves them; X, Y, Z and T are products of two and change nothing. A square more and a product less than with 2XY,
 * and X + Y is carried where X and Y are made. */
FM_INLINE void double_point(completed *o, const projective *p) {
    raw A = square_raw(&p->X, BIASED), B = square_raw(&p->Y, PLAIN), C = square_raw(&p->Z, PLAIN);
    raw S = square_raw(&p->X_plus_Y, PLAIN);
    raw G = sub(A, B), H = add(A, B);
    o->E = carry(sub(H, S));         /* 2^57.1, 2^60.6 */
    o->H = carry(H);                 /* 2^57.1, 2^60.6 */
    o->F = carry(add(add(C, C), G)); /* 2^57.4, 2^61 */
    o->G = carry(G);                 /* 2^56.8, 2^60 */
}

/* p + c, or p - c in the lanes of the mask, where the caller has swapped c's Y_minus_X and Y_plus_X. */
FM_INLINE void add_points(completed *o, const extended *p, const addend *c, mask minus) {
    raw A = mul_raw(&p->Y_minus_X, &c->Y_minus_X, PLAIN), B = mul_raw(&p->Y_plus_X, &c->Y_plus_X, BIASED);
    o->E = carry(sub(B, A)); /* 2^56.8, 2^60 */
    o->H = carry(add(B, A)); /* 2^57.2, 2^60.6 */
    raw C = mul_raw(&p->T, &c->T2d, PLAIN), D = mul_raw(&p->Z, &c->Z2, BIASED);
    raw F = sub(D, C), G = add(D, C);
    o->F = carry(blend_raw(minus, F, G)); /* 2^57.2, 2^60.6 */
    o->G = carry(blend_raw(minus, G, F)); /* 2^57.2, 2^60.6 */
}

FM_INLINE void to_projective(projective *o, const completed *q) {
    raw X = mul_raw(&q->E, &q->F, PLAIN), Y = mul_raw(&q->G, &q->H, PLAIN);
    o->X = carry(X);                /* 2^55.3, 2^59 */
    o->Y = carry(Y);                /* 2^55.3, 2^59 */
    o->X_plus_Y = carry(add(X, Y)); /* 2^56.3, 2^60 */
    o->Z = mul(&q->F, &q->G);
}

FM_INLINE void to_extended(extended *o, const completed *q) {
    raw X = mul_raw(&q->E, &q->F, PLAIN), Y = mul_raw(&q->G, &q->H, BIASED);
    o->Y_minus_X = carry(sub(Y, X)); /* 2^56.8, 2^60 */
    o->Y_plus_X = carry(add(Y, X));  /* 2^57.2, 2^60.6 */
    o->Z = mul(&q->F, &q->G);
    o->T = mul(&q->E, &q->H);
}

/* Lanes that are off the curve: -X^2 + Y^2 = Z^2 + d T^2 is G^2 (H^2 - F^2) = E^2 (F^2 + d H^2) in this form. */
FM_INLINE mask off_curve(const completed *p) {
    const fe d = constant(CURVE_D), e2 = square(&p->E), g2 = square(&p->G);
    const raw F2 = square_raw(&p->F, PLAIN), H2 = square_raw(&p->H, BIASED);
    const fe h2 = carry(H2);                                  /* 2^56.8, 2^60 */
    const fe left = carry(sub(H2, F2));                       /* 2^56.8, 2^60 */
    const fe right = carry(add(F2, mul_raw(&h2, &d, PLAIN))); /* 2^56.1, 2^59.7 */
    return differ(mul_raw(&g2, &left, BIASED), mul_raw(&e2, &right, PLAIN));
}

/* One point in all three forms, to build a table with. */
static __attribute__((noinline)) void to_all(projective *p, extended *e, addend *c, const completed *q) {
    raw X = mul_raw(&q->E, &q->F, PLAIN), Y = mul_raw(&q->G, &q->H, BIASED), Z = mul_raw(&q->F, &q->G, PLAIN);
    const fe d2 = constant(CURVE_2D);
    p->X = carry(X);                                /* 2^55.3, 2^59 */
    p->Y = carry(Y);                                /* 2^56.8, 2^60 */
    p->Z = e->Z = carry(Z);                         /* 2^55.3, 2^59 */
    e->Y_minus_X = c->Y_minus_X = carry(sub(Y, X)); /* 2^56.8, 2^60 */
    e->Y_plus_X = c->Y_plus_X = carry(add(Y, X));   /* 2^57.2, 2^60.6 */
    p->X_plus_Y = e->Y_plus_X;
    e->T = mul(&q->E, &q->H);
    c->Z2 = carry(add(Z, Z)); /* 2^56.3, 2^60 */
    c->T2d = mul(&e->T, &d2);
}

#endif
