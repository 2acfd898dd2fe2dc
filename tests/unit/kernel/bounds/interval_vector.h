/* In place of vector512.h or vector256.h: a lane is every number that it can hold, from the least to the most, and
 * perhaps its form. What the templates ask of a processor is checked where they ask: no sum reaches 2^64, no difference
 * goes below zero. A mask is unknown, so that BLEND gives what either side gives. */
#ifndef FLOODMARK_OPRF_VECTOR_H
#define FLOODMARK_OPRF_VECTOR_H

#include "form.h"
#include "kernel.h"

#undef FM_INLINE
#define FM_INLINE static /* each function once, or compilation takes half a minute */

#define LANES 1

typedef struct {
    natural least, most;
    unsigned zeros;   /* so many low bits are surely 0 */
    const form *form; /* NULL where none is kept */
    bool carried;     /* part of an element; what is computed from it is not */
} vec;
typedef int mask; /* of which nothing is known */
#define NO_LANE 0

#define UNROLL
#define MOST_WORD ((natural)UINT64_MAX)

static bool forms_are_kept;

#define CHECK_LANE(holds, what)                                                                                        \
    {                                                                                                                  \
        if (!(holds))                                                                                                  \
            refuse(what, file, line);                                                                                  \
    }

static vec lane_of(uint64_t number) {
    const unsigned zeros = number ? (unsigned)__builtin_ctzll(number) : 64;
    return (vec){number, number, zeros, forms_are_kept ? form_of_number(number) : NULL};
}

static vec lane_up_to(natural most) { return (vec){0, most, 0, NULL}; }

static vec lane_sum(vec a, vec b, const char *file, int line) {
    CHECK_LANE(a.most + b.most <= MOST_WORD, "a sum may reach 2^64")
    return (vec){a.least + b.least, a.most + b.most, a.zeros < b.zeros ? a.zeros : b.zeros,
                 a.form && b.form ? form_sum(a.form, b.form, 1) : NULL};
}

static vec lane_difference(vec a, vec b, const char *file, int line) {
    CHECK_LANE(a.least >= b.most, "a difference may go below zero")
    return (vec){a.least - b.most, a.most - b.least, a.zeros < b.zeros ? a.zeros : b.zeros,
                 a.form && b.form ? form_sum(a.form, b.form, -1) : NULL};
}

/* Without its low bits. */
static vec lane_high(vec a, unsigned shift) {
    if (a.most >> shift == 0)
        return lane_of(0);
    return (vec){a.least >> shift, a.most >> shift, a.zeros > shift ? a.zeros - shift : 0,
                 a.form ? form_shifted(a.form, shift, a.most) : NULL};
}

/* Its low bits alone, of which nothing is known where what lies above them is not always the same. */
static vec lane_low(vec a, unsigned bits) {
    const natural all = ((natural)1 << bits) - 1;
    const bool same = a.least >> bits == a.most >> bits;
    if (a.most <= all)
        return a;
    return (vec){same ? a.least & all : 0, same ? a.most & all : all, a.zeros,
                 a.form ? form_sum(a.form, form_shifted(a.form, bits, a.most), -((whole)1 << bits)) : NULL};
}

static vec lane_shifted_up(vec a, unsigned shift) {
    const vec kept = lane_low(a, 64 - shift);
    return (vec){kept.least << shift, kept.most << shift, kept.zeros + shift,
                 kept.form ? form_sum(form_of_number(0), kept.form, (whole)1 << shift) : NULL};
}

static vec lane_masked(vec a, vec b, const char *file, int line) {
    CHECK_LANE(b.least == b.most && (b.least & (b.least + 1)) == 0, "only low bits can be masked here")
    unsigned bits = 0;
    while (b.least >> bits)
        bits++;
    return lane_low(a, bits);
}

/* A sum where no bit can be set in both. Elsewhere the form is lost. */
static vec lane_either(vec a, vec b) {
    const bool apart = (a.zeros < 64 && b.most >> a.zeros == 0) || (b.zeros < 64 && a.most >> b.zeros == 0);
    if (apart || a.most == 0 || b.most == 0)
        return lane_sum(a, b, __FILE__, __LINE__);
    natural most = 1;
    while (most - 1 < a.most || most - 1 < b.most)
        most *= 2;
    return lane_up_to(most - 1);
}

static vec lane_product(vec a, vec b) {
    return (vec){a.least * b.least, a.most * b.most, 0, a.form && b.form ? form_product(a.form, b.form) : NULL};
}

static vec lane_product_32(vec a, vec b, const char *file, int line) {
    CHECK_LANE(a.most >> 32 == 0 && b.most >> 32 == 0, "a factor may have more than 32 bits")
    return lane_product(a, b);
}

static vec lane_union(vec a, vec b) {
    return (vec){a.least < b.least ? a.least : b.least, a.most > b.most ? a.most : b.most,
                 a.zeros < b.zeros ? a.zeros : b.zeros, a.form && b.form && same_form(a.form, b.form) ? a.form : NULL,
                 a.carried && b.carried};
}

static mask unknown_mask(vec a) { return a.most == 0; }

#define SET1(x) lane_of(x)
#define ZERO() lane_of(0)
#define ADD(a, b) lane_sum(a, b, __FILE__, __LINE__)
#define SUB(a, b) lane_difference(a, b, __FILE__, __LINE__)
#define SHL(a, n) lane_shifted_up(a, n)
#define SHR(a, n) lane_high(a, n)
#define AND(a, b) lane_masked(a, b, __FILE__, __LINE__)
#define OR(a, b) lane_either(a, b)

/* The processor takes no more than 52 bits of a factor. Whether the others have gone elsewhere, forms say. */
#define ADD_LOW_52(acc, a, b) acc = ADD(acc, lane_low(lane_product(lane_low(a, 52), lane_low(b, 52)), 52))
#define ADD_HIGH_52(acc, a, b) acc = ADD(acc, lane_high(lane_product(lane_low(a, 52), lane_low(b, 52)), 52))

/* Only factors of 32 bits are multiplied like this here, though the processor would ignore the rest. */
#define MUL32(a, b) lane_product_32(a, b, __FILE__, __LINE__)

#define BLEND(m, a, b) ((void)(m), lane_union(a, b))
#define LOWEST_BIT(a) unknown_mask(a)
#define IS_ZERO(a) unknown_mask(a)
#define MASK_OF(condition) ((mask)(condition))

static vec load(const uint64_t *from) { return lane_of(*from); }
static void store(uint64_t *to, vec a) {
    CHECK(a.least == a.most, "a number is not known")
    *to = (uint64_t)a.least;
}

#endif
