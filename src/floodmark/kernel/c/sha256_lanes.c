/* The compression function on eight messages at once, one in each lane of a vector, for processors without instructions
 * for SHA-256. The vectors are the compiler's own (GCC and Clang), so this is portable; where a processor's are
 * narrower than eight words, the compiler makes two or eight operations of one. */
#include "sha256.h"

#define LANES 8
#define WORTH_IT 3 /* messages; fewer are faster one by one */

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

#define ROTATE(x, by) ((x) >> (by) | (x) << (32 - (by)))

/* Eight messages of which `count` are there; the other lanes work on the last of them once more. */
FM_INLINE void compress(sha256_state *states, const sha256_block *blocks, size_t count) {
    union {
        lanes all[16];
        uint32_t words[16][LANES];
    } w;
    union {
        lanes all[8];
        uint32_t words[8][LANES];
    } state;
    for (size_t i = 0; i < LANES; i++) {
        size_t from = i < count ? i : count - 1;
        for (int t = 0; t < 16; t++)
            w.words[t][i] = get_big_endian(blocks[from].bytes + 4 * t);
        for (int t = 0; t < 8; t++)
            state.words[t][i] = states[from].words[t];
    }
    lanes a = state.all[0], b = state.all[1], c = state.all[2], d = state.all[3];
    lanes e = state.all[4], f = state.all[5], g = state.all[6], h = state.all[7];
#pragma GCC unroll 4
    for (int sixteen = 0; sixteen < 64; sixteen += 16) {
#pragma GCC unroll 16
        for (int t = 0; t < 16; t++) {
            if (sixteen) {
                lanes early = w.all[(t + 1) & 15], late = w.all[(t + 14) & 15];
                lanes s0 = ROTATE(early, 7) ^ ROTATE(early, 18) ^ early >> 3;
                lanes s1 = ROTATE(late, 17) ^ ROTATE(late, 19) ^ late >> 10;
                w.all[t] += s0 + w.all[(t + 9) & 15] + s1;
            }
            lanes s1 = ROTATE(e, 6) ^ ROTATE(e, 11) ^ ROTATE(e, 25);
            lanes one = h + s1 + (g ^ (e & (f ^ g))) + sha256_rounds[sixteen + t] + w.all[t];
            lanes s0 = ROTATE(a, 2) ^ ROTATE(a, 13) ^ ROTATE(a, 22);
            lanes two = s0 + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + one;
            d = c, c = b, b = a, a = one + two;
        }
    }
    state.all[0] += a, state.all[1] += b, state.all[2] += c, state.all[3] += d;
    state.all[4] += e, state.all[5] += f, state.all[6] += g, state.all[7] += h;
    for (size_t i = 0; i < count; i++)
        for (int t = 0; t < 8; t++)
            states[i].words[t] = state.words[t][i];
}

#define COMPRESS_ALL                                                                      \
    size_t i = 0;                                                                         \
    for (; count - i >= WORTH_IT; i += count - i < LANES ? count - i : LANES)             \
        compress(states + i, blocks + i, count - i < LANES ? count - i : LANES);          \
    sha256_compress_single(states + i, blocks + i, count - i)

void sha256_compress_portable(sha256_state *states, const sha256_block *blocks, size_t count) { COMPRESS_ALL; }

#if FM_X86
__attribute__((target("avx2"))) void sha256_compress_avx2(sha256_state *states, const sha256_block *blocks,
                                                          size_t count) {
    COMPRESS_ALL;
}
#endif
