/* The key, as the digits that points are multiplied by. No branch and no address depends on it. */
#ifndef FLOODMARK_OPRF_SCALAR_H
#define FLOODMARK_OPRF_SCALAR_H

#include "curve.h"

#define DIGITS 64

/* Signed digits of 4 bits, the lowest first, each from -8 to 7 (Bernstein, Duif, Lange, Schwabe and Yang, "High-speed
 * high-security signatures", 2012, section 4). What has digits here is below the group's order, and so below 2^253: its
 * highest digit is at most 2, and never negative. */
typedef struct {
    int8_t of[DIGITS];
} digits;

/* k / 2 modulo the group's order, for k below it: the order, an odd number, is added where k is odd, and the sum, which
 * is even and below 2^254, halved. What is multiplied by it is doubled when it is encoded, which makes encoding cheap
 * (encode.h). */
static void halve_scalar(uint64_t half[4], const uint8_t k[32]) {
    uint64_t w[4];
    unsigned __int128 sum = 0;
    for (int i = 0; i < 4; i++) {
        w[i] = 0;
        for (int byte = 7; byte >= 0; byte--)
            w[i] = w[i] << 8 | k[8 * i + byte];
    }
    const uint64_t odd = 0 - (w[0] & 1);
    for (int i = 0; i < 4; i++) {
        sum += (unsigned __int128)w[i] + (ORDER[i] & odd);
        w[i] = (uint64_t)sum;
        sum >>= 64;
    }
    for (int i = 0; i < 4; i++)
        half[i] = w[i] >> 1 | (i < 3 ? w[i + 1] << 63 : 0);
}

/* A digit above 7 becomes 16 less, and the next is one more. */
static void digits_of(digits *d, const uint64_t scalar[4]) {
    int carried = 0;
    for (int i = 0; i < DIGITS; i++) {
        int x = (int)(scalar[i / 16] >> (4 * (i % 16)) & 15) + carried;
        carried = (x + 8) >> 4;
        if (i < DIGITS - 1)
            x -= carried << 4;
        d->of[i] = (int8_t)x;
    }
}

#endif
