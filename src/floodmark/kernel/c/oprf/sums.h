/* Sums to check the multiplications of a batch by: asked = 2 sum w P and answered = 2 sum w Q, with P what inputs hash to,
 * Q the key times each, and w public weights, one for each group of LANES inputs. Whoever has the key sees whether
 * answered is the key times asked, one multiplication by other means for all of a lane's inputs.
 *
 * One wrong Q cannot hide, whatever its weight: weights are below the group's order, a prime, so the sum is off by a
 * multiple that is not neutral. Two or more that are wrong must cancel each other under weights drawn without regard to
 * them: one chance in 16 at most. Lanes are summed apart, so that two inputs exchanged between lanes show for certain.
 *
 * Points go to the bucket of their weight, one addition each; buckets are summed up from the heaviest, as in Bernstein,
 * Doumen, Lange and Oosterwijk, "Faster batch forgery identification" (2012), section 4. */
#ifndef FLOODMARK_OPRF_SUMS_H
#define FLOODMARK_OPRF_SUMS_H

#include "encode.h"

#define WEIGHTS 16

typedef struct {
    extended asked[WEIGHTS], answered[WEIGHTS];
} sums;

static void open_sums(sums *s) {
    const extended neutral = {small(1), small(1), small(1), small(0)};
    for (int i = 0; i < WEIGHTS; i++)
        s->asked[i] = s->answered[i] = neutral;
}

FM_INLINE void addend_of(addend *c, const extended *p) {
    const fe d2 = constant(CURVE_2D);
    c->Y_minus_X = p->Y_minus_X;
    c->Y_plus_X = p->Y_plus_X;
    c->Z2 = carry(add(as_raw(p->Z), as_raw(p->Z))); /* 2^53, 2^27.1 */
    c->T2d = mul(&p->T, &d2);
}

static __attribute__((noinline)) void add_to(extended *sum, const completed *p) {
    extended e;
    addend c;
    completed q;
    to_extended(&e, p);
    addend_of(&c, &e);
    add_points(&q, sum, &c, NO_LANE);
    to_extended(sum, &q);
}

/* One group; its doubles are as they were encoded. */
static void add_to_sums(sums *s, unsigned weight, const completed *p, const encoding *doubled) {
    const completed q = {doubled->e, doubled->h, doubled->f, doubled->g};
    const unsigned bucket = (weight - 1) % WEIGHTS;
    add_to(&s->asked[bucket], p);
    add_to(&s->answered[bucket], &q);
}

/* The sum of (i + 1) buckets[i]. */
static __attribute__((noinline)) void weighted_sum(projective *out, const extended buckets[WEIGHTS]) {
    extended above = buckets[WEIGHTS - 1], total = above;
    addend c;
    completed q;
    for (int i = WEIGHTS - 2; i >= 0; i--) {
        addend_of(&c, &buckets[i]);
        add_points(&q, &above, &c, NO_LANE);
        to_extended(&above, &q);
        addend_of(&c, &above);
        add_points(&q, &total, &c, NO_LANE);
        to_extended(&total, &q);
    }
    to_projective(out, &q);
}

/* Encodings of both, words[0] and words[1]; the lanes where encoding failed its own check. */
static mask close_sums(vec (*words)[4], const sums *s) {
    projective totals[2];
    encoding work[2];
    weighted_sum(&totals[0], s->asked);
    weighted_sum(&totals[1], s->answered);
    return encode_doubles(words, totals, 2, work);
}

#endif
