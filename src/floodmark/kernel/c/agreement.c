/* What two tables say of the rows that they share: 16-bit values compared, and counted by value.
 *
 * A row is a pair of positions, as fm_common gives them. No branch depends on a value: whether people have one is as
 * random as their digests. */
#include "kernel.h"

/* Over `count` pairs, of one column of two tables of 16-bit values, 0 where absent: tally[0] with a value in both,
 * tally[1] of these equal, tally[2] in a alone, tally[3] in b alone. Values of rows with both are counted in the two
 * histograms, whose first places hold nothing of meaning afterwards. Returns how many pairs were counted: fewer than
 * `count` when a position lies outside its table. */
size_t fm_agreement(const uint16_t *a, size_t a_rows, const uint16_t *b, size_t b_rows, size_t columns, size_t column,
                    const int64_t *in_a, const int64_t *in_b, size_t count, int64_t *tally, uint32_t *histogram_a,
                    uint32_t *histogram_b) {
    int64_t both = 0, equal = 0, only_a = 0, only_b = 0;
    size_t k = 0;
    for (; k < count; k++) {
        if ((uint64_t)in_a[k] >= a_rows || (uint64_t)in_b[k] >= b_rows)
            break;
        uint32_t x = a[(size_t)in_a[k] * columns + column], y = b[(size_t)in_b[k] * columns + column];
        uint32_t has_x = x != 0, has_y = y != 0, has = has_x & has_y, mask = 0u - has;
        both += has;
        equal += has & (x == y);
        only_a += has_x & ~has_y;
        only_b += has_y & ~has_x;
        histogram_a[x & mask]++;
        histogram_b[y & mask]++;
    }
    tally[0] += both, tally[1] += equal, tally[2] += only_a, tally[3] += only_b;
    return k;
}

/* Count pairs of small numbers: table[x * b_numbers + y] for x of a and y of b, each 16 or 32 bits wide. Stops at a
 * position outside its array or a number that has no place in the table; how many pairs were counted. */
#define JOINT(name, a_type, b_type)                                                                                  \
    static size_t name(const a_type *a, size_t a_rows, const b_type *b, size_t b_rows, const int64_t *in_a,           \
                       const int64_t *in_b, size_t count, size_t a_numbers, size_t b_numbers, int64_t *table) {       \
        size_t k = 0;                                                                                                \
        for (; k < count; k++) {                                                                                     \
            if ((uint64_t)in_a[k] >= a_rows || (uint64_t)in_b[k] >= b_rows)                                           \
                break;                                                                                               \
            size_t x = a[in_a[k]], y = b[in_b[k]];                                                                   \
            if (x >= a_numbers || y >= b_numbers)                                                                    \
                break;                                                                                               \
            table[x * b_numbers + y]++;                                                                              \
        }                                                                                                            \
        return k;                                                                                                    \
    }
JOINT(joint_16_16, uint16_t, uint16_t)
JOINT(joint_16_32, uint16_t, uint32_t)
JOINT(joint_32_16, uint32_t, uint16_t)
JOINT(joint_32_32, uint32_t, uint32_t)
#undef JOINT

size_t fm_joint(const void *a, size_t a_rows, size_t a_width, const void *b, size_t b_rows, size_t b_width,
                const int64_t *in_a, const int64_t *in_b, size_t count, size_t a_numbers, size_t b_numbers,
                int64_t *table) {
    if (a_width == 2 && b_width == 2)
        return joint_16_16(a, a_rows, b, b_rows, in_a, in_b, count, a_numbers, b_numbers, table);
    if (a_width == 2 && b_width == 4)
        return joint_16_32(a, a_rows, b, b_rows, in_a, in_b, count, a_numbers, b_numbers, table);
    if (a_width == 4 && b_width == 2)
        return joint_32_16(a, a_rows, b, b_rows, in_a, in_b, count, a_numbers, b_numbers, table);
    return joint_32_32(a, a_rows, b, b_rows, in_a, in_b, count, a_numbers, b_numbers, table);
}
