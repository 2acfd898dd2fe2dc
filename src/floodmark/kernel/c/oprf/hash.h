/* The hashes of RFC 9497 around the group: expand_message_xmd (RFC 9380, section 5.3.1) before, Finalize after. */
#ifndef FLOODMARK_OPRF_HASH_H
#define FLOODMARK_OPRF_HASH_H

#include "sha512.h"

#define AROUND_INPUT 256 /* bytes that a message has beside the input, padding and all */

/* A group of inputs, one a lane. */
typedef struct {
    const uint8_t *bytes[LANES];
    size_t size[LANES];
} inputs;

/* DST_prime, and the state after the block of zeros that every message begins with. */
typedef struct {
    uint8_t tag[FM_OPRF_MOST_TAG + 1];
    size_t tag_size;
    vec after_zeros[8];
} expander;

static void open_expander(expander *x, const uint8_t *tag, size_t size) {
    vec zeros[16];
    memcpy(x->tag, tag, size);
    x->tag[size] = (uint8_t)size;
    x->tag_size = size + 1;
    sha512_begin(x->after_zeros);
    for (int i = 0; i < 16; i++)
        zeros[i] = ZERO();
    sha512_block(x->after_zeros, zeros, EVERY_LANE);
}

/* 64 uniform bytes of each input, as eight little-endian words. `messages` has room for the longest, once a lane. */
static void expand(vec uniform[8], const expander *x, const inputs *in, uint8_t *messages, size_t stride) {
    vec state[8], w[16];
    size_t blocks[LANES];
    for (int j = 0; j < LANES; j++) {
        uint8_t *message = messages + (size_t)j * stride, *p = message + in->size[j];
        memcpy(message, in->bytes[j], in->size[j]);
        p[0] = 0;
        p[1] = 64; /* bytes wanted, two bytes; then a zero */
        p[2] = 0;
        memcpy(p + 3, x->tag, x->tag_size);
        blocks[j] = sha512_pad(message, in->size[j] + 3 + x->tag_size, SHA512_BLOCK);
    }
    memcpy(state, x->after_zeros, sizeof state);
    sha512_messages(state, messages, stride, blocks); /* b_0 */
    uint8_t rest[64] = {1};                           /* b_1 = H(b_0 || 1 || DST_prime): one block, the first half b_0 */
    memcpy(rest + 1, x->tag, x->tag_size);
    rest[1 + x->tag_size] = 0x80;
    const size_t bits = 8 * (64 + 1 + x->tag_size);
    rest[62] = (uint8_t)(bits >> 8);
    rest[63] = (uint8_t)bits;
    for (int i = 0; i < 8; i++) {
        uint64_t word;
        memcpy(&word, rest + 8 * i, 8);
        w[i] = state[i];
        w[8 + i] = SET1(__builtin_bswap64(word));
    }
    sha512_begin(uniform);
    sha512_block(uniform, w, EVERY_LANE);
    for (int i = 0; i < 8; i++)
        uniform[i] = byte_swap(uniform[i]);
}

/* SHA-512(size(x) || x || 32 || element || "Finalize"), 64 bytes for each lane. */
static void finalize(uint8_t out[LANES][64], const inputs *in, const vec element[4], uint8_t *messages, size_t stride) {
    uint64_t words[4][LANES];
    size_t blocks[LANES];
    vec state[8];
    for (int i = 0; i < 4; i++)
        store(words[i], element[i]);
    for (int j = 0; j < LANES; j++) {
        uint8_t *message = messages + (size_t)j * stride, *p = message;
        p[0] = (uint8_t)(in->size[j] >> 8);
        p[1] = (uint8_t)in->size[j];
        memcpy(p + 2, in->bytes[j], in->size[j]);
        p += 2 + in->size[j];
        p[0] = 0;
        p[1] = 32;
        for (int i = 0; i < 4; i++)
            memcpy(p + 2 + 8 * i, &words[i][j], 8);
        memcpy(p + 34, "Finalize", 8);
        blocks[j] = sha512_pad(message, in->size[j] + 44, 0);
    }
    sha512_begin(state);
    sha512_messages(state, messages, stride, blocks);
    UNROLL for (int i = 0; i < 8; i++) state[i] = byte_swap(state[i]);
    store_digests(out, state);
}

#endif
