/* HMAC-SHA-256 (RFC 2104) of many short messages under one key.
 *
 * The state after the key's block is computed once for the inner and once for the outer hash, so a message of up to
 * 55 bytes costs two compressions. Messages go through in batches, whose blocks are compressed side by side.
 *
 * Nothing branches on or is indexed by the key. Of the messages, their length alone decides the path. */
#include "sha256.h"

#define BATCH 16
#define LENGTH_AT 56 /* where the last block holds the length in bits */

typedef struct {
    sha256_state inner, outer;
    sha256_compress *compress;
} keyed;

/* What a batch works on; secret, and wiped at the end. */
typedef struct {
    sha256_state states[BATCH];
    sha256_block blocks[BATCH];
} workspace;

typedef struct {
    const uint8_t *body;
    size_t size;   /* of the prefix and the body */
    size_t blocks; /* with padding */
} message;

/* A call through a volatile pointer is not optimised away. */
static void *(*const volatile wipe_with)(void *, int, size_t) = memset;
static void wipe(void *secret, size_t size) { wipe_with(secret, 0, size); }

/* Functions that have returned leave words of the key on the stack below their caller; so does this one, of zeros. */
__attribute__((noinline)) static void wipe_below(void) {
    uint8_t below[4096];
    wipe(below, sizeof below);
}

static void put_length(sha256_block *block, size_t message_size) {
    uint64_t bits = BIG_ENDIAN_64(((uint64_t)message_size + SHA256_BLOCK) * 8); /* the key's block comes first */
    memcpy(block->bytes + LENGTH_AT, &bits, sizeof bits);
}

static void key_state(keyed *key, const uint8_t *bytes, size_t size, uint8_t pad, sha256_state *state) {
    sha256_block block;
    for (size_t i = 0; i < SHA256_BLOCK; i++)
        block.bytes[i] = (uint8_t)((i < size ? bytes[i] : 0) ^ pad);
    memcpy(state->words, sha256_start, sizeof sha256_start);
    key->compress(state, &block, 1);
    wipe(&block, sizeof block);
}

static void open_key(keyed *key, const uint8_t *bytes, size_t size, unsigned features) {
    key->compress = sha256_compress_portable;
#if FM_X86
    if (features & FM_SHA)
        key->compress = sha256_compress_x86;
    else if (features & FM_AVX2)
        key->compress = sha256_compress_avx2;
#endif
    (void)features;
    key_state(key, bytes, size, 0x36, &key->inner);
    key_state(key, bytes, size, 0x5c, &key->outer);
}

/* The outer hash of the inner digests in work->states; their first 8 bytes as numbers. */
static void finish(const keyed *key, workspace *work, size_t count, uint64_t *out) {
    for (size_t i = 0; i < count; i++) {
        sha256_block *block = &work->blocks[i];
        for (int word = 0; word < 8; word++)
            put_big_endian(work->states[i].words[word], block->bytes + 4 * word);
        memset(block->bytes + 32, 0, SHA256_BLOCK - 32);
        block->bytes[32] = 0x80;
        put_length(block, 32);
        work->states[i] = key->outer;
    }
    key->compress(work->states, work->blocks, count);
    for (size_t i = 0; i < count; i++)
        out[i] = (uint64_t)work->states[i].words[0] << 32 | work->states[i].words[1];
}

/* Eight decimal digits of a number below 10**8, the first in the lowest byte: halves, quarters and eighths of a word are
 * divided at once. */
FM_INLINE uint64_t eight_digits(uint32_t number) {
    uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007f0000007f;
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = (twos * 103 >> 10) & 0x000f000f000f000f;
    return (tens | (twos - 10 * tens) << 8) | 0x3030303030303030;
}

FM_INLINE void put_low_first(uint64_t word, uint8_t *out) {
    word = LITTLE_ENDIAN_64(word);
    memcpy(out, &word, sizeof word);
}

static const uint64_t powers_of_ten[20] = {
    1ull, 10ull, 100ull, 1000ull, 10000ull, 100000ull, 1000000ull, 10000000ull, 100000000ull, 1000000000ull,
    10000000000ull, 100000000000ull, 1000000000000ull, 10000000000000ull, 100000000000000ull,
    1000000000000000ull, 10000000000000000ull, 100000000000000000ull, 1000000000000000000ull,
    10000000000000000000ull};

/* Digits of a number without leading zeros; how many. The 24 bytes of `out` are zeros before and, past them, after. */
FM_INLINE size_t decimal(uint64_t number, uint8_t *out) {
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
    unsigned most = bits * 1233 >> 12; /* of powers of ten that it can reach: 1233 / 4096 is about log10(2) */
    size_t size = most + ((number | 1) >= powers_of_ten[most]);
    uint64_t upper = number / 100000000, last = eight_digits((uint32_t)(number % 100000000));
    if (size <= 8) {
        put_low_first(last >> 8 * (8 - size), out);
    } else if (size <= 16) {
        uint64_t first = eight_digits((uint32_t)upper);
        unsigned away = 8 * (unsigned)(16 - size); /* below 64 */
        put_low_first(first >> away | last << 1 << (63 - away), out);
        put_low_first(last >> away, out + 8);
    } else {
        uint8_t digits[48] = {0};
        put_low_first(eight_digits((uint32_t)(upper / 100000000)), digits);
        put_low_first(eight_digits((uint32_t)(upper % 100000000)), digits + 8);
        put_low_first(last, digits + 16);
        memcpy(out, digits + 24 - size, 24);
    }
    return size;
}

void fm_hmac_numbers(const uint8_t *key_bytes, size_t key_size, const uint8_t *prefix, size_t prefix_size,
                     const uint64_t *numbers, size_t count, uint64_t *out, unsigned features) {
    keyed key;
    workspace work;
    sha256_block template = {{0}};
    open_key(&key, key_bytes, key_size, features);
    memcpy(template.bytes, prefix, prefix_size);
    for (size_t start = 0; start < count; start += BATCH) {
        size_t batch = count - start < BATCH ? count - start : BATCH;
        for (size_t i = 0; i < batch; i++) {
            sha256_block *block = &work.blocks[i];
            *block = template;
            size_t size = prefix_size + decimal(numbers[start + i], block->bytes + prefix_size);
            block->bytes[size] = 0x80;
            put_length(block, size);
            work.states[i] = key.inner;
        }
        key.compress(work.states, work.blocks, batch);
        finish(&key, &work, batch, out + start);
    }
    wipe(&key, sizeof key);
    wipe(&work, sizeof work);
    wipe_below();
}

/* A short copy without a call: two overlapping moves of a fixed size. */
FM_INLINE void copy_short(uint8_t *to, const uint8_t *from, size_t size) {
    if (size > 32) {
        memcpy(to, from, 32);
        memcpy(to + size - 32, from + size - 32, 32);
    } else if (size > 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else {
        for (size_t i = 0; i < size; i++)
            to[i] = from[i];
    }
}

/* What of a part that spans [start, start + size) of the message falls into the block at `from`. */
static void overlap(sha256_block *block, size_t from, const uint8_t *part, size_t start, size_t size) {
    size_t low = start > from ? start : from;
    size_t high = start + size < from + SHA256_BLOCK ? start + size : from + SHA256_BLOCK;
    if (low < high)
        copy_short(block->bytes + (low - from), part + (low - start), high - low);
}

/* Block `number` of the padded message. */
static void fill(sha256_block *block, const message *one, const uint8_t *prefix, size_t prefix_size, size_t number) {
    size_t from = number * SHA256_BLOCK;
    memset(block->bytes, 0, SHA256_BLOCK);
    overlap(block, from, prefix, 0, prefix_size);
    overlap(block, from, one->body, prefix_size, one->size - prefix_size);
    if (one->size >= from && one->size - from < SHA256_BLOCK)
        block->bytes[one->size - from] = 0x80;
    if (number + 1 == one->blocks)
        put_length(block, one->size);
}

/* The inner hash of a batch, block by block: messages that still have one move to the front and share a call. */
static void inner(const keyed *key, workspace *work, const message *messages, size_t batch, const uint8_t *prefix,
                  size_t prefix_size) {
    sha256_state active[BATCH];
    size_t which[BATCH], count = batch, most = 0;
    for (size_t i = 0; i < batch; i++) {
        fill(&work->blocks[i], &messages[i], prefix, prefix_size, 0);
        work->states[i] = key->inner;
        most = messages[i].blocks > most ? messages[i].blocks : most;
    }
    key->compress(work->states, work->blocks, count);
    for (size_t number = 1; number < most; number++) {
        count = 0;
        for (size_t i = 0; i < batch; i++) {
            if (messages[i].blocks <= number)
                continue;
            which[count] = i;
            active[count] = work->states[i];
            fill(&work->blocks[count++], &messages[i], prefix, prefix_size, number);
        }
        key->compress(active, work->blocks, count);
        for (size_t i = 0; i < count; i++)
            work->states[which[i]] = active[i];
    }
    if (most > 1)
        wipe(active, sizeof active);
}

void fm_hmac_views(const uint8_t *key_bytes, size_t key_size, const uint8_t *prefix, size_t prefix_size,
                   const fm_view *views, const uint8_t *const *buffers, size_t count, uint64_t *out,
                   unsigned features) {
    keyed key;
    workspace work;
    message messages[BATCH];
    open_key(&key, key_bytes, key_size, features);
    for (size_t start = 0; start < count; start += BATCH) {
        size_t batch = count - start < BATCH ? count - start : BATCH;
        for (size_t i = 0; i < batch; i++) {
            const fm_view *view = &views[start + i];
            size_t size = prefix_size + view->length;
            messages[i].body = view->length <= sizeof view->where.inside
                                   ? view->where.inside
                                   : buffers[view->where.outside.buffer] + view->where.outside.offset;
            messages[i].size = size;
            messages[i].blocks = (size + 8) / SHA256_BLOCK + 1;
        }
        inner(&key, &work, messages, batch, prefix, prefix_size);
        finish(&key, &work, batch, out + start);
    }
    wipe(&key, sizeof key);
    wipe(&work, sizeof work);
    wipe_below();
}
