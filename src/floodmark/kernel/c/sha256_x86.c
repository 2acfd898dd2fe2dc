/* The compression function with the x86 SHA extensions, on two messages in turn: an instruction of one message runs
 * while that of the other waits for its result, which takes twice as long as issuing it. */
#include "sha256.h"

#if FM_X86
#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))

/* `lanes` is a constant where this is inlined, so that all loops unroll and all arrays are registers. */
TARGET FM_INLINE void compress(sha256_state *states, const sha256_block *blocks, int lanes) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[2], cdgh[2], w[2][4];
    for (int i = 0; i < lanes; i++) {
        const __m128i *state = (const __m128i *)states[i].words;
        __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(state), 0xb1);
        __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(state + 1), 0x1b);
        abef[i] = _mm_alignr_epi8(cdab, efgh, 8);
        cdgh[i] = _mm_blend_epi16(efgh, cdab, 0xf0);
    }
    __m128i abef_before[2] = {abef[0], abef[lanes - 1]}, cdgh_before[2] = {cdgh[0], cdgh[lanes - 1]};
#pragma GCC unroll 16
    for (int four = 0; four < 16; four++) { /* four rounds at a time */
        const __m128i constants = _mm_loadu_si128((const __m128i *)(sha256_rounds + 4 * four));
#pragma GCC unroll 2
        for (int i = 0; i < lanes; i++) {
            __m128i *word = &w[i][four & 3];
            if (four < 4) {
                *word = _mm_shuffle_epi8(_mm_load_si128((const __m128i *)blocks[i].bytes + four), swap);
            } else {
                __m128i last = w[i][(four + 3) & 3], before_last = w[i][(four + 2) & 3];
                __m128i sum = _mm_sha256msg1_epu32(*word, w[i][(four + 1) & 3]);
                *word = _mm_sha256msg2_epu32(_mm_add_epi32(sum, _mm_alignr_epi8(last, before_last, 4)), last);
            }
        }
#pragma GCC unroll 2
        for (int i = 0; i < lanes; i++) {
            __m128i input = _mm_add_epi32(w[i][four & 3], constants);
            cdgh[i] = _mm_sha256rnds2_epu32(cdgh[i], abef[i], input);
            abef[i] = _mm_sha256rnds2_epu32(abef[i], cdgh[i], _mm_shuffle_epi32(input, 0x0e));
        }
    }
    for (int i = 0; i < lanes; i++) {
        __m128i feba = _mm_shuffle_epi32(_mm_add_epi32(abef[i], abef_before[i]), 0x1b);
        __m128i dchg = _mm_shuffle_epi32(_mm_add_epi32(cdgh[i], cdgh_before[i]), 0xb1);
        _mm_storeu_si128((__m128i *)states[i].words, _mm_blend_epi16(feba, dchg, 0xf0));
        _mm_storeu_si128((__m128i *)states[i].words + 1, _mm_alignr_epi8(dchg, feba, 8));
    }
}

TARGET void sha256_compress_x86(sha256_state *states, const sha256_block *blocks, size_t count) {
    size_t i = 0;
    for (; i + 2 <= count; i += 2)
        compress(states + i, blocks + i, 2);
    if (i < count)
        compress(states + i, blocks + i, 1);
}
#endif
