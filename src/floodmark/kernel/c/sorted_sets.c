/* What two ascending arrays of distinct values share.
 *
 * Where one is far larger, the values of the other are looked up in it by galloping; else both are walked, eight values
 * of each at a time with AVX-512, four with AVX2, one without. A walk takes no branch that depends on the values: digests
 * are random, so half of such branches would be guessed wrong. */
#include "kernel.h"

#if FM_X86
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,popcnt")))
#define AVX512 __attribute__((target("avx512f,popcnt")))
#endif

#define GALLOP_FROM 128 /* times larger; measured below that, walking is as fast */

/* How far a walk has come, and where its pairs go; `in_a` is NULL where they are only counted. */
typedef struct {
    const uint64_t *a, *b;
    size_t a_size, b_size;
    size_t i, j;
    int64_t *in_a, *in_b;
    size_t found, room;
} walk;

FM_INLINE void walk_by_one(walk *w, int keep) {
    size_t i = w->i, j = w->j, found = w->found;
    while (i < w->a_size && j < w->b_size && found < w->room) {
        uint64_t x = w->a[i], y = w->b[j];
        if (keep) {
            w->in_a[found] = (int64_t)i;
            w->in_b[found] = (int64_t)j;
        }
        found += x == y;
        i += x <= y;
        j += y <= x;
    }
    w->i = i, w->j = j, w->found = found;
}

#if FM_X86
/* Positions of the bits set in a mask of four, in order. */
static const _Alignas(32) int64_t bits_set[16][4] = {
    {0, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {2, 0, 0, 0}, {0, 2, 0, 0}, {1, 2, 0, 0}, {0, 1, 2, 0},
    {3, 0, 0, 0}, {0, 3, 0, 0}, {1, 3, 0, 0}, {0, 1, 3, 0}, {2, 3, 0, 0}, {0, 2, 3, 0}, {1, 2, 3, 0}, {0, 1, 2, 3}};

AVX2 FM_INLINE unsigned equal(__m256i x, __m256i y) {
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(x, y)));
}

AVX2 FM_INLINE void put(int64_t *to, size_t from, unsigned mask) {
    __m256i places = _mm256_load_si256((const __m256i *)bits_set[mask]);
    _mm256_storeu_si256((__m256i *)to, _mm256_add_epi64(_mm256_set1_epi64x((int64_t)from), places));
}

/* Four values of each array meet in all sixteen ways; then those four that end lower are left behind. */
AVX2 FM_INLINE void walk_by_four(walk *w, int keep) {
    size_t i = w->i, j = w->j, found = w->found;
    while (i + 4 <= w->a_size && j + 4 <= w->b_size && found + 4 <= w->room) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(w->a + i));
        __m256i y = _mm256_loadu_si256((const __m256i *)(w->b + j));
        unsigned zero = equal(x, y), one = equal(x, _mm256_permute4x64_epi64(y, 0x39));
        unsigned two = equal(x, _mm256_permute4x64_epi64(y, 0x4e));
        unsigned three = equal(x, _mm256_permute4x64_epi64(y, 0x93));
        unsigned of_a = zero | one | two | three;
        if (keep) { /* x[k] met y[(k + turn) % 4] */
            unsigned of_b = zero | one << 1 | two << 2 | three << 3;
            put(w->in_a + found, i, of_a);
            put(w->in_b + found, j, (of_b | of_b >> 4) & 15);
        }
        found += (unsigned)_mm_popcnt_u32(of_a);
        uint64_t a_last = w->a[i + 3], b_last = w->b[j + 3];
        i += 4 * (size_t)(a_last <= b_last);
        j += 4 * (size_t)(b_last <= a_last);
    }
    w->i = i, w->j = j, w->found = found;
}

AVX2 static void keep_by_four(walk *w) { walk_by_four(w, 1); }
AVX2 static void count_by_four(walk *w) { walk_by_four(w, 0); }

/* Which lanes of x hold a value that any lane of y holds: those that differ from y in each of its eight turns. */
AVX512 FM_INLINE __mmask8 meets(__m512i x, __m512i y) {
    __mmask8 none = _mm512_cmpneq_epi64_mask(x, y), none_too = 0xff;
#define TURN(mask, by) mask = _mm512_mask_cmpneq_epi64_mask(mask, x, _mm512_alignr_epi64(y, y, by))
    TURN(none, 1);
    TURN(none_too, 2);
    TURN(none, 3);
    TURN(none_too, 4);
    TURN(none, 5);
    TURN(none_too, 6);
    TURN(none, 7);
#undef TURN
    return (__mmask8) ~(none & none_too);
}

/* As by four; the positions come from both sides, since turning masks of eight costs more than meeting again. */
AVX512 FM_INLINE void walk_by_eight(walk *w, int keep) {
    const __m512i lanes = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    size_t i = w->i, j = w->j, found = w->found;
    while (i + 8 <= w->a_size && j + 8 <= w->b_size && found + 8 <= w->room) {
        __m512i x = _mm512_loadu_si512(w->a + i), y = _mm512_loadu_si512(w->b + j);
        uint64_t a_last = w->a[i + 7], b_last = w->b[j + 7];
        __mmask8 of_a = meets(x, y);
        if (keep) {
            __m512i in_a = _mm512_add_epi64(lanes, _mm512_set1_epi64((int64_t)i));
            __m512i in_b = _mm512_add_epi64(lanes, _mm512_set1_epi64((int64_t)j));
            _mm512_storeu_si512(w->in_a + found, _mm512_maskz_compress_epi64(of_a, in_a));
            _mm512_storeu_si512(w->in_b + found, _mm512_maskz_compress_epi64(meets(y, x), in_b));
        }
        found += (unsigned)_mm_popcnt_u32(of_a);
        i += 8 * (size_t)(a_last <= b_last);
        j += 8 * (size_t)(b_last <= a_last);
    }
    w->i = i, w->j = j, w->found = found;
}

AVX512 static void keep_by_eight(walk *w) { walk_by_eight(w, 1); }
AVX512 static void count_by_eight(walk *w) { walk_by_eight(w, 0); }
#endif

/* First place from `low` on whose value is not below x: steps that double, then a search between the last two. */
FM_INLINE size_t gallop(const uint64_t *values, size_t size, size_t low, uint64_t x) {
    size_t step = 1;
    while (step < size - low && values[low + step - 1] < x) {
        low += step;
        step *= 2;
    }
    size_t left = step < size - low ? step : size - low;
    while (left > 0) {
        size_t half = left / 2;
        int below = values[low + half] < x;
        low = below ? low + half + 1 : low;
        left = below ? left - half - 1 : half;
    }
    return low;
}

/* `few` are looked up in `many`; the places and the positions are those of the walk, whichever is which. */
FM_INLINE void look_up(const uint64_t *few, size_t few_size, size_t *few_at, int64_t *in_few, const uint64_t *many,
                       size_t many_size, size_t *many_at, int64_t *in_many, size_t *found, size_t room) {
    while (*few_at < few_size && *many_at < many_size && *found < room) {
        size_t place = gallop(many, many_size, *many_at, few[*few_at]);
        int same = place < many_size && many[place] == few[*few_at];
        if (in_few && same) {
            in_few[*found] = (int64_t)*few_at;
            in_many[*found] = (int64_t)place;
        }
        *found += (size_t)same;
        *few_at += 1;
        *many_at = place + (size_t)same;
    }
}

#if FM_X86
/* The next pair may be a million values away, so the last places are not worth a slower walk. */
FM_INLINE int as_good_as_full(const walk *w) { return w->found > 0 && w->room - w->found < 8; }
#endif

static void go(walk *w, unsigned features) {
    size_t a_left = w->a_size - w->i, b_left = w->b_size - w->j;
    if (a_left / GALLOP_FROM > b_left)
        look_up(w->b, w->b_size, &w->j, w->in_b, w->a, w->a_size, &w->i, w->in_a, &w->found, w->room);
    else if (b_left / GALLOP_FROM > a_left)
        look_up(w->a, w->a_size, &w->i, w->in_a, w->b, w->b_size, &w->j, w->in_b, &w->found, w->room);
    else {
#if FM_X86 /* each stops where it would read or write too much, and the next goes on from there */
        if (features & FM_AVX512)
            w->in_a ? keep_by_eight(w) : count_by_eight(w);
        if (as_good_as_full(w))
            return;
        if (features & FM_AVX2)
            w->in_a ? keep_by_four(w) : count_by_four(w);
        if (as_good_as_full(w))
            return;
#endif
        (void)features;
        w->in_a ? walk_by_one(w, 1) : walk_by_one(w, 0);
    }
}

/* Fill in_a and in_b with at most `room` pairs from the positions at[0] and at[1] on, which move forward; how many.
 * It is over when one of them has reached its array's end. */
size_t fm_common(const uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size, size_t *at, int64_t *in_a,
                 int64_t *in_b, size_t room, unsigned features) {
    walk w = {a, b, a_size, b_size, at[0], at[1], in_a, in_b, 0, room};
    go(&w, features);
    at[0] = w.i, at[1] = w.j;
    return w.found;
}

size_t fm_count_common(const uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size, unsigned features) {
    walk w = {a, b, a_size, b_size, 0, 0, NULL, NULL, 0, SIZE_MAX - 8};
    go(&w, features);
    return w.found;
}

#define STRETCH 1024

int64_t fm_first_not_ascending(const uint64_t *values, size_t size) {
    for (size_t start = 1; start < size; start += STRETCH) {
        size_t end = size - start < STRETCH ? size : start + STRETCH;
        int wrong = 0;
        for (size_t i = start; i < end; i++)
            wrong |= values[i] <= values[i - 1];
        if (wrong)
            for (size_t i = start; i < end; i++)
                if (values[i] <= values[i - 1])
                    return (int64_t)i;
    }
    return -1;
}
