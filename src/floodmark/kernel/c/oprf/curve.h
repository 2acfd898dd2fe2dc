/* Constants of the group (RFC 9496, section 4.1), with a = -1, as four little-endian words. A test computes each again. */
#ifndef FLOODMARK_OPRF_CURVE_H
#define FLOODMARK_OPRF_CURVE_H

/* d */
static const uint64_t CURVE_D[4] = {0x75eb4dca135978a3ULL, 0x00700a4d4141d8abULL,
    0x8cc740797779e898ULL, 0x52036cee2b6ffe73ULL};
/* 2 d */
static const uint64_t CURVE_2D[4] = {0xebd69b9426b2f159ULL, 0x00e0149a8283b156ULL,
    0x198e80f2eef3d130ULL, 0x2406d9dc56dffce7ULL};
/* sqrt(-1) */
static const uint64_t SQRT_MINUS_1[4] = {0xc4ee1b274a0ea0b0ULL, 0x2f431806ad2fe478ULL,
    0x2b4d00993dfbd7a7ULL, 0x2b8324804fc1df0bULL};
/* 1 - d^2 */
static const uint64_t ONE_MINUS_D_SQUARED[4] = {0xe27c09c1945fc176ULL, 0x2c81a138cd5e350fULL,
    0x9994abddbe70dfe4ULL, 0x029072a8b2b3e0d7ULL};
/* (d - 1)^2 */
static const uint64_t D_MINUS_ONE_SQUARED[4] = {0x31ad5aaa44ed4d20ULL, 0xd29e4a2cb01e1999ULL,
    0x4cdcd32f529b4eebULL, 0x5968b37af66c2241ULL};
/* sqrt(a d - 1), the odd root */
static const uint64_t SQRT_AD_MINUS_ONE[4] = {0x7e97f6a0497b2e1bULL, 0xaf9d8e0c1b7854bdULL,
    0x0f3cfcc931f5d1fdULL, 0x376931bf2b8348acULL};
/* 1 / sqrt(a - d) */
static const uint64_t INVERSE_SQRT_A_MINUS_D[4] = {0x99c8fdaa805d40eaULL, 0x9d2f16175a4172beULL,
    0x16c27b91fe01d840ULL, 0x786c8905cfaffca2ULL};

/* The group's order, 2^252 + 27742317777372353535851937790883648493 */
static const uint64_t ORDER[4] = {0x5812631a5cf5d3edULL, 0x14def9dea2f79cd6ULL, 0, 0x1000000000000000ULL};

#endif
