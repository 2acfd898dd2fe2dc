/* SHA-256's compression function (FIPS 180-4, section 6.2.2) over several messages at once. */
#ifndef FLOODMARK_SHA256_H
#define FLOODMARK_SHA256_H

#include "byte_order.h"

#define SHA256_BLOCK 64

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
