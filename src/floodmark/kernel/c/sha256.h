/* SHA-256's compression function (FIPS 180-4, section 6.2.2) over several messages at once. */
#ifndef FLOODMARK_SHA256_H
#define FLOODMARK_SHA256_H

#include "kernel.h"

#include <string.h>

#define SHA256_BLOCK 64

/* A word between a processor's order and that of SHA-256, in one instruction: of single bytes, GCC makes single moves. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BIG_ENDIAN_32(word) __builtin_bswap32(word)
#define BIG_ENDIAN_64(word) __builtin_bswap64(word)
#define LITTLE_ENDIAN_64(word) (word)
#else
#define BIG_ENDIAN_32(word) (word)
#define BIG_ENDIAN_64(word) (word)
#define LITTLE_ENDIAN_64(word) __builtin_bswap64(word)
#endif

FM_INLINE uint32_t get_big_endian(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return BIG_ENDIAN_32(word);
}

FM_INLINE void put_big_endian(uint32_t word, uint8_t *bytes) {
    word = BIG_ENDIAN_32(word);
    memcpy(bytes, &word, sizeof word);
}

typedef struct {
    uint32_t words[8];
} sha256_state;

typedef struct {
    _Alignas(16) uint8_t bytes[SHA256_BLOCK];
} sha256_block;

extern const uint32_t sha256_start[8];
extern const uint32_t sha256_rounds[64];

/* states[i] takes blocks[i], for each i below count. */
typedef void sha256_compress(sha256_state *states, const sha256_block *blocks, size_t count);

sha256_compress sha256_compress_single;   /* one by one */
sha256_compress sha256_compress_portable; /* eight at a time */
#if FM_X86
sha256_compress sha256_compress_avx2;
sha256_compress sha256_compress_x86; /* needs the SHA extensions, SSSE3 and SSE4.1 */
#endif

#endif
