/* Looking identifiers up in the rows of sealed leaks.
 *
 * A bucket is m rows of 8 or 10 bytes in ascending order: a tag of 6 bytes and a cell. Tags are uniform, and so is the
 * filler: tag * m / 2^48 is the place of a tag to within sqrt(m) rows, and a second guess, from what lies there, to
 * within a few. Memory is slower than all of that, so a look-up is three steps, so far apart that what one asked memory
 * for has come when the next needs it. Rows that are not uniform, or not in order, cost a binary search and no more. */
#include "byte_order.h"

#define TAG_BITS 48
#define AHEAD 16 /* look-ups between two steps of one */
#define AROUND 8 /* rows about a guess to compare at once */
#define NEAR 16  /* rows to walk before halving */
#define ALIKE 8  /* rows of one tag to look at one by one */

typedef struct {
    const uint8_t *rows;
    size_t m, width;
} bucket;

FM_INLINE uint64_t head_of(bucket b, size_t row) { return get_big_endian_64(b.rows + row * b.width); }

FM_INLINE uint64_t tag_of(bucket b, size_t row) { return head_of(b, row) >> (64 - TAG_BITS); }

FM_INLINE uint64_t cell_of(bucket b, size_t row) {
    return b.width == 8 ? head_of(b, row) & 0xffff : get_big_endian(b.rows + row * b.width + TAG_BITS / 8);
}

/* Whether a row is less than one of this tag and cell. */
FM_INLINE int less(bucket b, size_t row, uint64_t tag, uint64_t cell) {
    uint64_t here = tag_of(b, row);
    return here < tag || (here == tag && cell_of(b, row) < cell);
}

/* The first row in [low, high) that is not less than this tag and cell; high when there is none. */
FM_INLINE size_t halve(bucket b, size_t low, size_t high, uint64_t tag, uint64_t cell) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (less(b, middle, tag, cell))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first row that is not of a lesser tag, from one that is near it. */
FM_INLINE size_t walk(bucket b, size_t at, uint64_t tag) {
    if (tag_of(b, at) < tag) {
        size_t end = b.m - at > NEAR ? at + NEAR : b.m;
        while (++at < end)
            if (tag_of(b, at) >= tag)
                return at;
        return halve(b, at, b.m, tag, 0);
    }
    size_t end = at > NEAR ? at - NEAR : 0;
    for (; at > end; at--)
        if (tag_of(b, at - 1) < tag)
            return at;
    return halve(b, 0, at, tag, 0);
}

/* Where the rows about a guess begin. */
FM_INLINE size_t about(bucket b, size_t guess) {
    size_t low = guess > AROUND / 2 ? guess - AROUND / 2 : 0;
    return low + AROUND <= b.m ? low : b.m > AROUND ? b.m - AROUND : 0;
}

/* The first row that is not of a lesser tag. Most often it is one of those from `low`, and to count those that are less
 * takes no branch, of which half would be guessed wrong. */
FM_INLINE size_t settle(bucket b, size_t low, uint64_t tag) {
    if (b.m < AROUND)
        return walk(b, low, tag);
    size_t lesser = 0;
    for (size_t row = low; row < low + AROUND; row++)
        lesser += tag_of(b, row) < tag;
    if (lesser && lesser < AROUND)
        return low + lesser;
    return walk(b, lesser ? low + AROUND - 1 : low, tag);
}

/* Of rows from `at` that may all have this tag, the first hit. Numbers below `field_sets` are, for each of its bits that
 * is set, a range of 1 << bit of them, which XOR with a pad leaves together: so each is a range of cells. */
static int64_t among_many(bucket b, size_t at, uint64_t tag, uint64_t pad, uint64_t field_sets) {
    size_t first = b.m;
    for (unsigned bit = 0; bit <= 32; bit++) {
        if (!(field_sets >> bit & 1))
            continue;
        uint64_t number = field_sets >> (bit + 1) << (bit + 1);
        uint64_t least = (pad ^ number) >> bit << bit;
        size_t place = halve(b, at, first, tag, least);
        if (place < first && tag_of(b, place) == tag && cell_of(b, place) - least < (uint64_t)1 << bit)
            first = place;
    }
    return first < b.m ? (int64_t)(cell_of(b, first) ^ pad) : -1;
}

FM_INLINE int64_t hit_from(bucket b, size_t at, uint64_t tag, uint64_t pad, uint64_t field_sets) {
    size_t end = b.m - at > ALIKE ? at + ALIKE : b.m;
    for (; at < end; at++) {
        if (tag_of(b, at) != tag)
            return -1;
        uint64_t number = cell_of(b, at) ^ pad;
        if (number < field_sets)
            return (int64_t)number;
    }
    return at < b.m && tag_of(b, at) == tag ? among_many(b, at, tag, pad, field_sets) : -1;
}

/* tag * m / 2^48, less than m */
FM_INLINE size_t share_of(uint64_t tag, size_t m) {
    size_t at = (size_t)(((unsigned __int128)tag * m) >> TAG_BITS);
    return at < m ? at : m - 1;
}

/* A better guess, from the tag at a guess. */
FM_INLINE size_t closer(bucket b, size_t guess, uint64_t tag) {
    uint64_t here = tag_of(b, guess);
    if (here < tag) {
        size_t on = share_of(tag - here, b.m);
        return on < b.m - guess ? guess + on : b.m - 1;
    }
    size_t back = share_of(here - tag, b.m);
    return back < guess ? guess - back : 0;
}

FM_INLINE void look_up(const uint8_t *rows, size_t m, size_t width, const uint16_t *buckets, const uint64_t *tags,
                       const uint32_t *pads, size_t count, uint64_t field_sets, int64_t *out) {
    size_t guesses[2 * AHEAD];
    for (size_t i = 0; i < count + 2 * AHEAD; i++) {
        if (i >= 2 * AHEAD) {
            size_t now = i - 2 * AHEAD;
            bucket b = {rows + buckets[now] * m * width, m, width};
            size_t at = settle(b, guesses[now % (2 * AHEAD)], tags[now]);
            out[now] = hit_from(b, at, tags[now], pads[now], field_sets);
        }
        if (i >= AHEAD && i - AHEAD < count) {
            size_t now = i - AHEAD, *guess = guesses + now % (2 * AHEAD);
            bucket b = {rows + buckets[now] * m * width, m, width};
            *guess = about(b, closer(b, *guess, tags[now]));
            __builtin_prefetch(b.rows + *guess * width);
            __builtin_prefetch(b.rows + (*guess + AROUND - 1) * width);
        }
        if (i < count) {
            size_t guess = guesses[i % (2 * AHEAD)] = share_of(tags[i], m);
            __builtin_prefetch(rows + (buckets[i] * m + guess) * width);
        }
    }
}

void fm_sealed_look_up(const uint8_t *rows, size_t m, size_t width, const uint16_t *buckets, const uint64_t *tags,
                       const uint32_t *pads, size_t count, uint64_t field_sets, int64_t *out) {
    if (width == 8)
        look_up(rows, m, 8, buckets, tags, pads, count, field_sets, out);
    else
        look_up(rows, m, 10, buckets, tags, pads, count, field_sets, out);
}

FM_INLINE int64_t first_descending(const uint8_t *rows, size_t width, size_t count, size_t m, size_t left) {
    bucket all = {rows, count, width};
    for (size_t row = 1; row < count; row++) {
        if (--left == 0)
            left = m;
        else if (less(all, row, tag_of(all, row - 1), cell_of(all, row - 1)))
            return (int64_t)row;
    }
    return -1;
}

int64_t fm_sealed_first_descending(const uint8_t *rows, size_t width, size_t count, size_t m, size_t before) {
    size_t left = m - before % m; /* rows of the bucket, from the first of these */
    if (width == 8)
        return first_descending(rows, 8, count, m, left);
    return first_descending(rows, 10, count, m, left);
}
