/* Whole numbers as sums of products of unknowns, so that what the field's code computes can be compared with what it
 * should compute, as polynomials.
 *
 * An unknown is part of an input, or the whole part of some sum divided by a power of two. Nothing is rounded and
 * nothing is reduced: each form is exactly the number that the lane holds. */
#ifndef BOUNDS_FORM_H
#define BOUNDS_FORM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __int128 whole;
typedef unsigned __int128 natural;

typedef struct {
    int a, b; /* unknowns, a <= b; number 0 stands for 1 */
    whole times;
} term;

typedef struct {
    int count;
    term terms[]; /* in ascending order of (a, b), none of them 0 times */
} form;

#define MOST_UNKNOWNS 4096
#define NAME 32 /* bytes of an unknown's name */

/* Each lies in [0, most]. Where `of` is given it is that form's whole part after division by 2^shift. */
static struct {
    char name[NAME];
    natural most;
    const form *of;
    unsigned shift;
} unknowns[MOST_UNKNOWNS] = {{"1", 1, NULL, 0}};
static int unknowns_count = 1;

__attribute__((noreturn)) static void refuse(const char *what, const char *file, int line) {
    printf("%s, line %d: %s\n", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line, what);
    exit(1);
}
#define CHECK(holds, what)                                                                                             \
    {                                                                                                                  \
        if (!(holds))                                                                                                  \
            refuse(what, __FILE__, __LINE__);                                                                          \
    }

static form *form_of(int room) {
    form *f = malloc(sizeof *f + sizeof(term) * (size_t)room);
    CHECK(f, "no memory")
    f->count = 0;
    return f;
}

static const form *form_of_number(whole number) {
    form *f = form_of(1);
    if (number)
        f->terms[f->count++] = (term){0, 0, number};
    return f;
}

static const form *form_of_unknown(const char *name, natural most) {
    CHECK(unknowns_count < MOST_UNKNOWNS, "more unknowns than there is room for")
    form *f = form_of(1);
    f->terms[f->count++] = (term){0, unknowns_count, 1};
    snprintf(unknowns[unknowns_count].name, sizeof unknowns[0].name, "%s", name);
    unknowns[unknowns_count++].most = most;
    return f;
}

static whole product_of(whole a, whole b) {
    whole found;
    CHECK(!__builtin_mul_overflow(a, b, &found), "a coefficient has more than 127 bits")
    return found;
}

static whole sum_of(whole a, whole b) {
    whole found;
    CHECK(!__builtin_add_overflow(a, b, &found), "a coefficient has more than 127 bits")
    return found;
}

static int order(const term *s, const term *t) { return s->a != t->a ? s->a - t->a : s->b - t->b; }

/* f + times * g */
static const form *form_sum(const form *f, const form *g, whole times) {
    form *sum = form_of(f->count + g->count);
    for (int i = 0, j = 0; i < f->count || j < g->count;) {
        const int way = i == f->count ? 1 : j == g->count ? -1 : order(&f->terms[i], &g->terms[j]);
        term t = way <= 0 ? f->terms[i] : g->terms[j];
        t.times = sum_of(way <= 0 ? t.times : 0, way >= 0 ? product_of(g->terms[j].times, times) : 0);
        i += way <= 0;
        j += way >= 0;
        if (t.times)
            sum->terms[sum->count++] = t;
    }
    return sum;
}

static const form *form_product(const form *f, const form *g) {
    const form *sum = form_of_number(0);
    for (int i = 0; i < f->count; i++)
        for (int j = 0; j < g->count; j++) {
            const term s = f->terms[i], t = g->terms[j];
            const bool number = !s.b || !t.b;
            CHECK(number || (!s.a && !t.a), "a product of three unknowns")
            const int a = number ? s.a + t.a : s.b, b = number ? s.b + t.b : t.b;
            form *one = form_of(1);
            one->terms[one->count++] = (term){a < b ? a : b, a < b ? b : a, product_of(s.times, t.times)};
            sum = form_sum(sum, one, 1);
        }
    return sum;
}

static bool same_form(const form *f, const form *g) {
    if (f->count != g->count)
        return false;
    for (int i = 0; i < f->count; i++)
        if (order(&f->terms[i], &g->terms[i]) || f->terms[i].times != g->terms[i].times)
            return false;
    return true;
}

/* Whether the sum of the terms that 2^shift does not divide is surely in [0, 2^shift): the division is then exact. */
static bool rest_is_below(const form *f, unsigned shift) {
    natural most = 0;
    for (int i = 0; i < f->count; i++) {
        const term t = f->terms[i];
        natural product = unknowns[t.a].most;
        if (t.times % ((whole)1 << shift) == 0)
            continue;
        if (t.times < 0 || __builtin_mul_overflow(product, unknowns[t.b].most, &product) ||
            __builtin_mul_overflow(product, (natural)t.times, &product) || __builtin_add_overflow(most, product, &most))
            return false;
    }
    return most < (natural)1 << shift;
}

/* The whole part of f / 2^shift, where f is known to lie in [0, most]. The same question has the same answer. */
static const form *form_shifted(const form *f, unsigned shift, natural most) {
    if (rest_is_below(f, shift)) {
        form *quotient = form_of(f->count);
        for (int i = 0; i < f->count; i++) {
            term t = f->terms[i];
            if (t.times % ((whole)1 << shift) == 0) {
                t.times /= (whole)1 << shift;
                quotient->terms[quotient->count++] = t;
            }
        }
        return quotient;
    }
    int i = 1;
    while (i < unknowns_count && !(unknowns[i].of && unknowns[i].shift == shift && same_form(unknowns[i].of, f)))
        i++;
    if (i == unknowns_count) {
        char name[NAME];
        snprintf(name, sizeof name, "q%d", i);
        form_of_unknown(name, most >> shift);
        unknowns[i].of = f;
        unknowns[i].shift = shift;
    }
    form *quotient = form_of(1);
    quotient->terms[quotient->count++] = (term){0, i, 1};
    return quotient;
}

/* "2*x0*y1 - 5", each number in full. */
static void print_form(const form *f) {
    for (int i = 0; i < f->count; i++) {
        const term t = f->terms[i];
        const natural size = t.times < 0 ? -(natural)t.times : (natural)t.times;
        printf(" %c0x%llx%016llx*%s*%s", t.times < 0 ? '-' : '+', (unsigned long long)(size >> 64),
               (unsigned long long)size, unknowns[t.a].name, unknowns[t.b].name);
    }
}

#endif
