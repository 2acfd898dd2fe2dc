/* Numbers in the byte order that formats give them. */
#ifndef FLOODMARK_BYTE_ORDER_H
#define FLOODMARK_BYTE_ORDER_H

#include "kernel.h"

#include <string.h>

/* A word between a processor's order and another, in one instruction: of single bytes, GCC makes single moves. */
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

FM_INLINE uint64_t get_big_endian_64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return BIG_ENDIAN_64(word);
}

FM_INLINE void put_big_endian(uint32_t word, uint8_t *bytes) {
    word = BIG_ENDIAN_32(word);
    memcpy(bytes, &word, sizeof word);
}

#endif
