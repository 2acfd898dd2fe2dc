/* SHA-512's compression function (FIPS 180-4, section 6.4.2), one message a lane. */
#ifndef FLOODMARK_OPRF_SHA512_H
#define FLOODMARK_OPRF_SHA512_H

#ifndef __CUDACC_RTC__ /* which knows memcpy and memset, but no headers */
#include <string.h>
#endif

/* Fractional parts of the cube roots of the first eighty primes, and of the square roots of the first eight. */
static const uint64_t sha512_rounds[80] = {
    0x428a2f98d728ae22ULL, 0x7137449123ef65cdULL, 0xb5c0fbcfec4d3b2fULL, 0xe9b5dba58189dbbcULL,
    0x3956c25bf348b538ULL, 0x59f111f1b605d019ULL, 0x923f82a4af194f9bULL, 0xab1c5ed5da6d8118ULL,
    0xd807aa98a3030242ULL, 0x12835b0145706fbeULL, 0x243185be4ee4b28cULL, 0x550c7dc3d5ffb4e2ULL,
    0x72be5d74f27b896fULL, 0x80deb1fe3b1696b1ULL, 0x9bdc06a725c71235ULL, 0xc19bf174cf692694ULL,
    0xe49b69c19ef14ad2ULL, 0xefbe4786384f25e3ULL, 0x0fc19dc68b8cd5b5ULL, 0x240ca1cc77ac9c65ULL,
    0x2de92c6f592b0275ULL, 0x4a7484aa6ea6e483ULL, 0x5cb0a9dcbd41fbd4ULL, 0x76f988da831153b5ULL,
    0x983e5152ee66dfabULL, 0xa831c66d2db43210ULL, 0xb00327c898fb213fULL, 0xbf597fc7beef0ee4ULL,
    0xc6e00bf33da88fc2ULL, 0xd5a79147930aa725ULL, 0x06ca6351e003826fULL, 0x142929670a0e6e70ULL,
    0x27b70a8546d22ffcULL, 0x2e1b21385c26c926ULL, 0x4d2c6dfc5ac42aedULL, 0x53380d139d95b3dfULL,
    0x650a73548baf63deULL, 0x766a0abb3c77b2a8ULL, 0x81c2c92e47edaee6ULL, 0x92722c851482353bULL,
    0xa2bfe8a14cf10364ULL, 0xa81a664bbc423001ULL, 0xc24b8b70d0f89791ULL, 0xc76c51a30654be30ULL,
    0xd192e819d6ef5218ULL, 0xd69906245565a910ULL, 0xf40e35855771202aULL, 0x106aa07032bbd1b8ULL,
    0x19a4c116b8d2d0c8ULL, 0x1e376c085141ab53ULL, 0x2748774cdf8eeb99ULL, 0x34b0bcb5e19b48a8ULL,
    0x391c0cb3c5c95a63ULL, 0x4ed8aa4ae3418acbULL, 0x5b9cca4f7763e373ULL, 0x682e6ff3d6b2b8a3ULL,
    0x748f82ee5defb2fcULL, 0x78a5636f43172f60ULL, 0x84c87814a1f0ab72ULL, 0x8cc702081a6439ecULL,
    0x90befffa23631e28ULL, 0xa4506cebde82bde9ULL, 0xbef9a3f7b2c67915ULL, 0xc67178f2e372532bULL,
    0xca273eceea26619cULL, 0xd186b8c721c0c207ULL, 0xeada7dd6cde0eb1eULL, 0xf57d4f7fee6ed178ULL,
    0x06f067aa72176fbaULL, 0x0a637dc5a2c898a6ULL, 0x113f9804bef90daeULL, 0x1b710b35131c471bULL,
    0x28db77f523047d84ULL, 0x32caab7b40c72493ULL, 0x3c9ebe0a15c9bebcULL, 0x431d67c49c100d4cULL,
    0x4cc5d4becb3e42b6ULL, 0x597f299cfc657e2aULL, 0x5fcb6fab3ad6faecULL, 0x6c44198c4a475817ULL,
};
static const uint64_t sha512_start[8] = {
    0x6a09e667f3bcc908ULL, 0xbb67ae8584caa73bULL, 0x3c6ef372fe94f82bULL, 0xa54ff53a5f1d36f1ULL,
    0x510e527fade682d1ULL, 0x9b05688c2b3e6c1fULL, 0x1f83d9abfb41bd6bULL, 0x5be0cd19137e2179ULL,
};

#define SHA512_BLOCK 128
#define SHA512_ROUND(a, b, c, d, e, f, g, h, i)                                                                        \
    {                                                                                                                  \
        vec t = ADD(ADD(h, ADD(w[i], SET1(k[i]))), ADD(XOR3(ROR(e, 14), ROR(e, 18), ROR(e, 41)), CHOOSE(e, f, g)));    \
        d = ADD(d, t);                                                                                                 \
        h = ADD(t, ADD(XOR3(ROR(a, 28), ROR(a, 34), ROR(a, 39)), MAJORITY(a, b, c)));                                  \
    }
#define SHA512_EIGHT(i)                                                                                                \
    SHA512_ROUND(a, b, c, d, e, f, g, h, i)                                                                            \
    SHA512_ROUND(h, a, b, c, d, e, f, g, i + 1)                                                                        \
    SHA512_ROUND(g, h, a, b, c, d, e, f, i + 2)                                                                        \
    SHA512_ROUND(f, g, h, a, b, c, d, e, i + 3)                                                                        \
    SHA512_ROUND(e, f, g, h, a, b, c, d, i + 4)                                                                        \
    SHA512_ROUND(d, e, f, g, h, a, b, c, i + 5)                                                                        \
    SHA512_ROUND(c, d, e, f, g, h, a, b, i + 6)                                                                        \
    SHA512_ROUND(b, c, d, e, f, g, h, a, i + 7)

/* One block a lane, as 16 message words, which are overwritten. Lanes outside the mask keep their state. */
static __attribute__((noinline)) void sha512_block(vec state[8], vec w[16], mask lanes) {
    vec a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    const uint64_t *k = sha512_rounds;
    HIDE_POINTER(k) /* GCC would make a move and a broadcast of every constant: a third slower */
    SHA512_EIGHT(0)
    SHA512_EIGHT(8)
    for (int round = 16; round < 80; round += 16) {
        k += 16;
        HIDE_POINTER(k)
        UNROLL for (int j = 0; j < 2; j++) {
            UNROLL for (int i = 8 * j; i < 8 * j + 8; i++) {
                vec s0 = w[(i + 1) & 15], s1 = w[(i + 14) & 15];
                s0 = XOR3(ROR(s0, 1), ROR(s0, 8), SHR(s0, 7));
                s1 = XOR3(ROR(s1, 19), ROR(s1, 61), SHR(s1, 6));
                w[i] = ADD(ADD(w[i], s0), ADD(w[(i + 9) & 15], s1));
            }
            if (j == 0) {
                SHA512_EIGHT(0)
            } else {
                SHA512_EIGHT(8)
            }
        }
    }
    const vec found[8] = {a, b, c, d, e, f, g, h};
    UNROLL for (int i = 0; i < 8; i++) state[i] = BLEND(lanes, state[i], ADD(state[i], found[i]));
}

FM_INLINE void sha512_begin(vec state[8]) {
    for (int i = 0; i < 8; i++)
        state[i] = SET1(sha512_start[i]);
}

/* Padding after `size` bytes of a message that `before` bytes were hashed of already; how many blocks there are. */
FM_INLINE size_t sha512_pad(uint8_t *message, size_t size, size_t before) {
    const size_t blocks = (size + 17 + SHA512_BLOCK - 1) / SHA512_BLOCK;
    memset(message + size, 0, blocks * SHA512_BLOCK - size);
    message[size] = 0x80;
    const uint64_t bits = __builtin_bswap64(8 * (uint64_t)(size + before));
    memcpy(message + blocks * SHA512_BLOCK - 8, &bits, 8);
    return blocks;
}

/* Hash padded messages, one a lane, `stride` bytes apart, of so many blocks each. */
static void sha512_messages(vec state[8], const uint8_t *messages, size_t stride, const size_t blocks[LANES]) {
    size_t most = 0;
    for (int j = 0; j < LANES; j++)
        most = blocks[j] > most ? blocks[j] : most;
    for (size_t b = 0; b < most; b++) {
        vec w[16];
        mask lanes = lanes_where_more(blocks, b);
        for (int part = 0; part < 16; part += LANES) {
            UNROLL for (int j = 0; j < LANES; j++)
                w[part + j] = load(messages + (size_t)j * stride + SHA512_BLOCK * b + 8 * part);
            transpose(w + part);
        }
        UNROLL for (int j = 0; j < 16; j++) w[j] = byte_swap(w[j]);
        sha512_block(state, w, lanes);
    }
}

#endif
