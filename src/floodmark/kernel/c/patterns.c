/* How many values lie in exactly which of up to twelve ascending arrays of distinct values. */
#include "kernel.h"

#include <string.h>

#define MOST 12

/* The arrays that are not used up, which bit each has in a pattern, and how far each has come. */
typedef struct {
    const uint64_t *values[MOST];
    size_t size[MOST], at[MOST];
    unsigned bit[MOST];
    int64_t *counts;
} merge;

/* One step takes the least value off every array that has it. `live` is a constant where this is inlined. While no
 * array has fewer values left than there are steps to go, none needs to be asked whether it is used up. */
FM_INLINE void steps(merge *m, size_t live, size_t count) {
    const uint64_t *at[MOST];
    for (size_t k = 0; k < live; k++)
        at[k] = m->values[k] + m->at[k];
    for (size_t step = 0; step < count; step++) {
        uint64_t least = *at[0];
        for (size_t k = 1; k < live; k++)
            least = *at[k] < least ? *at[k] : least;
        unsigned pattern = 0;
        for (size_t k = 0; k < live; k++) {
            size_t taken = *at[k] == least;
            pattern |= (0u - (unsigned)taken) & m->bit[k];
            at[k] += taken;
        }
        m->counts[pattern]++;
    }
    for (size_t k = 0; k < live; k++)
        m->at[k] = (size_t)(at[k] - m->values[k]);
}

static void take(merge *m, size_t live, size_t count) {
    switch (live) {
#define CASE(k) \
    case k: \
        steps(m, k, count); \
        break
        CASE(3);
        CASE(4);
        CASE(5);
        CASE(6);
        CASE(7);
        CASE(8);
        CASE(9);
        CASE(10);
        CASE(11);
        CASE(12);
#undef CASE
    }
}

/* Drop the arrays that are used up; how many are left. */
static size_t drop_empty(merge *m, size_t live) {
    size_t kept = 0;
    for (size_t k = 0; k < live; k++) {
        if (m->at[k] == m->size[k])
            continue;
        m->values[kept] = m->values[k], m->size[kept] = m->size[k];
        m->at[kept] = m->at[k], m->bit[kept] = m->bit[k];
        kept++;
    }
    return kept;
}

/* Of two arrays, what they share says all. */
static void last_two(merge *m, unsigned features) {
    const uint64_t *first = m->values[0] + m->at[0], *second = m->values[1] + m->at[1];
    size_t first_size = m->size[0] - m->at[0], second_size = m->size[1] - m->at[1];
    size_t shared = fm_count_common(first, first_size, second, second_size, features);
    m->counts[m->bit[0] | m->bit[1]] += (int64_t)shared;
    m->counts[m->bit[0]] += (int64_t)(first_size - shared);
    m->counts[m->bit[1]] += (int64_t)(second_size - shared);
}

void fm_patterns(const uint64_t *const *arrays, const size_t *sizes, size_t arrays_count, int64_t *counts,
                 unsigned features) {
    merge m;
    size_t live = arrays_count;
    m.counts = counts;
    memset(counts, 0, sizeof *counts << arrays_count);
    for (size_t k = 0; k < live; k++)
        m.values[k] = arrays[k], m.size[k] = sizes[k], m.at[k] = 0, m.bit[k] = 1u << k;
    live = drop_empty(&m, live);
    while (live > 2) {
        size_t least_left = SIZE_MAX;
        for (size_t k = 0; k < live; k++)
            least_left = m.size[k] - m.at[k] < least_left ? m.size[k] - m.at[k] : least_left;
        take(&m, live, least_left);
        live = drop_empty(&m, live);
    }
    if (live == 2)
        last_two(&m, features);
    else if (live == 1)
        counts[m.bit[0]] += (int64_t)(m.size[0] - m.at[0]);
}
