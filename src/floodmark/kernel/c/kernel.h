/* What the kernel offers to Python (kernel/library.py declares the same to ctypes) and what its files share.
 *
 * C11 with attributes and vectors of GCC and Clang, without the Python API: called through ctypes, so the interpreter's
 * lock is free meanwhile. All functions are pure, keep no state between calls and may run on several threads at once;
 * but `fm_take` changes the tables that it is given, one call at a time. */
#ifndef FLOODMARK_KERNEL_H
#define FLOODMARK_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define FM_ABI 5 /* raised with every change of a function below; library.py loads no other */

#ifndef __GNUC__
#error "Attributes and vectors are those of GCC and Clang"
#endif

#define FM_API __attribute__((visibility("default")))
#define FM_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define FM_X86 1
#else
#define FM_X86 0
#endif

/* Instruction sets, chosen at run time. Each function takes those that it may use. */
#define FM_SHA 1u
#define FM_AVX2 2u
#define FM_AVX512 4u
#define FM_IFMA 8u /* AVX-512 F, VL, BW, DQ and IFMA, and the path that needs them was built */

FM_API int fm_abi(void);
FM_API const char *fm_source(void);
FM_API unsigned fm_features(void);

/* One string of an Arrow string view array (format "vu"). Up to 12 bytes lie in the view itself. */
typedef struct {
    uint32_t length;
    union {
        uint8_t inside[12];
        struct {
            uint32_t start; /* first four bytes again */
            uint32_t buffer;
            uint32_t offset;
        } outside;
    } where;
} fm_view;

#define FM_MOST_KEY 64    /* bytes of an HMAC key that is used as it is (RFC 2104) */
#define FM_MOST_PREFIX 32 /* with 20 digits still one block of SHA-256 */

FM_API void fm_hmac_numbers(const uint8_t *key, size_t key_size, const uint8_t *prefix, size_t prefix_size,
                            const uint64_t *numbers, size_t count, uint64_t *out, unsigned features);
FM_API void fm_hmac_views(const uint8_t *key, size_t key_size, const uint8_t *prefix, size_t prefix_size,
                          const fm_view *views, const uint8_t *const *buffers, size_t count, uint64_t *out,
                          unsigned features);

FM_API size_t fm_common(const uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size, size_t *at,
                        int64_t *in_a, int64_t *in_b, size_t room, unsigned features);
FM_API size_t fm_count_common(const uint64_t *a, size_t a_size, const uint64_t *b, size_t b_size, unsigned features);
FM_API void fm_patterns(const uint64_t *const *arrays, const size_t *sizes, size_t arrays_count, int64_t *counts,
                        unsigned features);
FM_API int64_t fm_first_not_ascending(const uint64_t *values, size_t size);

FM_API size_t fm_agreement(const uint16_t *a, size_t a_rows, const uint16_t *b, size_t b_rows, size_t columns,
                           size_t column, const int64_t *in_a, const int64_t *in_b, size_t count, int64_t *tally,
                           uint32_t *histogram_a, uint32_t *histogram_b);
FM_API size_t fm_joint(const void *a, size_t a_rows, size_t a_width, const void *b, size_t b_rows, size_t b_width,
                       const int64_t *in_a, const int64_t *in_b, size_t count, size_t a_numbers, size_t b_numbers,
                       int64_t *table);

/* `rows` are buckets of m rows, each of `width` (8 or 10) bytes. */
FM_API void fm_sealed_look_up(const uint8_t *rows, size_t m, size_t width, const uint16_t *buckets,
                              const uint64_t *tags, const uint32_t *pads, size_t count, uint64_t field_sets,
                              int64_t *out);
FM_API int64_t fm_sealed_first_descending(const uint8_t *rows, size_t width, size_t count, size_t m, size_t before);

/* Leaky buckets (bucket_tables.py). All masks are of powers of two. */
#define FM_MOST_RULES 16

enum { /* what `counts` counts */
    FM_ASKED,
    FM_GRANTED_NEW,
    FM_REFUSED,
    FM_BUCKETS,
    FM_FORGOTTEN_EMPTY,
    FM_FOLDED,
    FM_REMEMBERED,
    FM_FORGOTTEN,
    FM_LATEST,
};

typedef struct {
    uint64_t *counts;
    uint64_t *keys;    /* of buckets, 8 in a group; 0 for none */
    int64_t *empty_at; /* when each has leaked empty, nanoseconds */
    int64_t *floors;   /* rule by rule, two rows of times */
    uint64_t *known;   /* 8 in a group: 56 bits of a hash and 8 of its age; 0 for none */
    uint64_t bucket_mask, floor_mask, known_mask, age_shift;
} fm_buckets;

typedef struct {
    int64_t cost, capacity; /* nanoseconds in which one comes back, and all */
    uint64_t salt, number;
} fm_rule;

typedef struct {
    int64_t now;
    uint64_t rules, values_count;
    const uint64_t *values;
    uint8_t *refused; /* for each value, 1 or 0 */
    uint64_t actors[FM_MOST_RULES];
    uint64_t refused_count, new_count, full; /* `full` has a bit for each rule that refused */
    int64_t wait;                            /* nanoseconds until the first refused has room */
    int64_t ahead[FM_MOST_RULES];            /* nanoseconds until each is empty */
} fm_request;

FM_API void fm_take(fm_buckets *tables, const fm_rule *rules, fm_request *request);

/* Outputs of the OPRF of RFC 9497 (ristretto255-SHA512) for many inputs under one key (oprf.c). */
enum { /* what `ticks` counts */
    FM_OPRF_HASH,
    FM_OPRF_MAP,
    FM_OPRF_MULTIPLY,
    FM_OPRF_ENCODE,
    FM_OPRF_FINALIZE,
    FM_OPRF_PLACE,
    FM_OPRF_CHECK,
    FM_OPRF_STAGES,
};

enum { /* what came of it */
    FM_OPRF_DONE,
    FM_OPRF_NO_PATH,   /* for this processor, or none was built */
    FM_OPRF_BAD_KEY,   /* 0, or not below the group's order */
    FM_OPRF_NO_MEMORY, /* for what is worked on */
    FM_OPRF_NEUTRAL,   /* input `failed` hashes to the neutral element */
    FM_OPRF_FAULT,     /* a result failed the kernel's own checks: the processor, or the kernel, is wrong */
};

#define FM_OPRF_MOST_TAG 45 /* bytes, with which the last message of expand_message_xmd is one block still */

typedef struct {
    const uint8_t *key; /* 32 bytes */
    const uint8_t *tag; /* domain separation of HashToGroup */
    size_t tag_size;
    const fm_view *views; /* inputs of up to 65,535 bytes */
    const uint8_t *const *buffers;
    const uint8_t *uniform; /* 64 bytes each, in place of inputs; for `elements` alone */
    size_t count;
    const uint8_t *seal_id; /* 16 bytes; NULL for no places */
    size_t cell_bytes;      /* 2 or 4 */
    const uint8_t *weights; /* 1 to 16, one for each group of lanes; NULL for no sums */
    uint8_t *outputs;       /* 64 bytes each, or NULL */
    uint8_t *elements;      /* evaluated elements, 32 bytes each, or NULL */
    uint16_t *buckets;
    uint64_t *tags;
    uint32_t *pads;
    uint8_t *asked, *answered; /* a sum for each lane: 32 bytes each */
    uint64_t ticks[FM_OPRF_STAGES];
    size_t failed;
} fm_oprf;

FM_API size_t fm_oprf_lanes(unsigned features); /* 0 where there is no path */
FM_API int fm_oprf_evaluate(fm_oprf *batch, unsigned features);
FM_API void fm_oprf_places(const uint8_t *outputs, size_t count, const uint8_t *seal_id, size_t cell_bytes,
                           uint16_t *buckets, uint64_t *tags, uint32_t *pads, unsigned features);

#endif
