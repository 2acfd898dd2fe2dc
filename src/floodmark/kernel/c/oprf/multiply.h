/* One secret multiple of LANES points: windows of four bits, signed, each entry of the table read for every digit
 * (Bernstein, Duif, Lange, Schwabe and Yang, "High-speed high-security signatures", 2012, section 4, who do so for a fixed
 * point). 252 doublings and 63 additions, after 4 doublings and 3 additions for the table.
 *
 * The digits are the same for all lanes, but secret: an entry is chosen by masks, never by an address. */
#ifndef FLOODMARK_OPRF_MULTIPLY_H
#define FLOODMARK_OPRF_MULTIPLY_H

#include "point.h"
#include "scalar.h"

#define ENTRIES 8 /* 1 to 8 times the point; a digit of 0 chooses the neutral element */
#define WORDS_OF_ADDEND (4 * LIMBS)

/* The addend for one digit, from its size and its sign (-1 or 0): for a negative one the entry with its first two elements
 * exchanged, which add_points then subtracts where `minus` is set. */
FM_INLINE void choose(addend *o, const addend table[ENTRIES], int digit, mask *minus) {
    const int sign = digit >> 31, size = (digit ^ sign) - sign;
    const limb *from = (const limb *)table;
    limb *to = (limb *)o;
    const addend neutral = {small(1), small(1), small(2), small(0)};
    const limb *otherwise = (const limb *)&neutral;
    mask is[ENTRIES];
    UNROLL for (int j = 0; j < ENTRIES; j++) is[j] = MASK_OF(((unsigned)(size ^ (j + 1)) - 1) >> 31);
    const mask negative = MASK_OF((unsigned)sign >> 31);
    for (int i = 0; i < LIMBS; i++) {
        limb e[4];
        UNROLL for (int f = 0; f < 4; f++) {
            limb x = otherwise[f * LIMBS + i];
            UNROLL for (int j = 0; j < ENTRIES; j++)
                x = BLEND(is[j], x, from[j * WORDS_OF_ADDEND + f * LIMBS + i]);
            e[f] = x;
        }
        to[i] = BLEND(negative, e[0], e[1]);
        to[LIMBS + i] = BLEND(negative, e[1], e[0]);
        to[2 * LIMBS + i] = e[2];
        to[3 * LIMBS + i] = e[3];
    }
    *minus = negative;
}

/* The point of an addend, with all coordinates doubled. */
FM_INLINE void start(projective *o, const addend *c) {
    o->X = carry(add(as_raw(c->Y_plus_X), sub(bias(), as_raw(c->Y_minus_X)))); /* 2^56.3, 2^59 */
    o->Y = carry(add(as_raw(c->Y_plus_X), as_raw(c->Y_minus_X)));              /* 2^53, 2^27.1 */
    o->Z = c->Z2;
    o->X_plus_Y = carry(add(as_raw(c->Y_plus_X), as_raw(c->Y_plus_X))); /* 2^53, 2^27.1 */
}

/* The digits of `d` times the point, from the highest digit on: sum = 16 sum + digit. T, which doubling does not need, is
 * computed for the last of four doublings alone. */
static __attribute__((noinline)) void multiply(projective *out, const completed *in, const digits *d) {
    addend table[ENTRIES], chosen;
    projective multiples[ENTRIES], sum;
    extended to_add[ENTRIES], e;
    completed q = *in;
    mask minus = NO_LANE;
    for (int j = 0;;) { /* entry j is j + 1 times the point */
        to_all(&multiples[j], &to_add[j], &table[j], &q);
        if (++j == ENTRIES)
            break;
        if (j & 1)
            double_point(&q, &multiples[(j - 1) / 2]);
        else
            add_points(&q, &to_add[j - 1], &table[0], NO_LANE);
    }
    choose(&chosen, table, d->of[DIGITS - 1], &minus);
    start(&sum, &chosen);
    for (int i = DIGITS - 2; i >= 0; i--) {
        for (int k = 0; k < 3; k++) {
            double_point(&q, &sum);
            to_projective(&sum, &q);
        }
        double_point(&q, &sum);
        to_extended(&e, &q);
        choose(&chosen, table, d->of[i], &minus);
        add_points(&q, &e, &chosen, minus);
        to_projective(&sum, &q);
    }
    *out = sum;
}

#endif
