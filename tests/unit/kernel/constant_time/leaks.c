/* One leak each, which the check has to see; `steady` has none. All take the same arguments. */
#include <stdlib.h>
#include <string.h>

#include "oprf.h"

#define LEAK FM_API __attribute__((noinline))

static volatile uint8_t sink[64];
static uint8_t table[256];

LEAK int steady(const uint8_t *key, size_t three) {
    unsigned sum = 0;
    for (size_t i = 0; i < three; i++)
        sum = sum * 31 + (key[i] ^ (unsigned)i) % 16;
    sink[three] = (uint8_t)sum;
    sink[three] = table[three];
    return 7;
}

LEAK int an_address(const uint8_t *key, size_t three) {
    sink[0] = table[key[three]];
    return 7;
}

LEAK int an_address_to_write_to(const uint8_t *key, size_t three) {
    sink[key[three] & 63] = 1;
    return 7;
}

LEAK int a_branch(const uint8_t *key, size_t three) {
    if (key[three] & 1)
        sink[0] = 1;
    return 7;
}

LEAK int a_loop(const uint8_t *key, size_t three) {
    for (int i = 0; i < key[three]; i++)
        sink[0] = (uint8_t)i;
    return 7;
}

LEAK int a_branch_through_memory(const uint8_t *key, size_t three) {
    volatile uint8_t kept[4] = {0};
    kept[three] = key[three] >> 7;
    if (kept[three])
        sink[0] = 1;
    return 7;
}

LEAK int a_division(const uint8_t *key, size_t three) {
    sink[0] = (uint8_t)(key[three] / three);
    return 7;
}

LEAK int an_instruction_that_is_not_on_the_list(const uint8_t *key, size_t three) {
    volatile double fraction = (double)(int)key[three] * 1.5;
    return fraction < 0 ? 8 : 7;
}

LEAK int a_call(const uint8_t *key, size_t three) {
    static void *(*const volatile functions[2])(void *, int, size_t) = {memset, memset};
    functions[key[three] & 1]((void *)sink, 0, three);
    return 7;
}

LEAK int a_size(const uint8_t *key, size_t three) {
    static void *(*const volatile function)(void *, int, size_t) = memset;
    function((void *)sink, 0, key[three] & 63);
    return 7;
}

LEAK int a_prefetch(const uint8_t *key, size_t three) {
    __builtin_prefetch(table + key[three]);
    return 7;
}

LEAK int a_bit_in_memory(const uint8_t *key, size_t three) {
#if FM_X86
    __asm__ volatile("btq %0, (%1)" ::"r"((uint64_t)key[three]), "r"(table) : "cc", "memory");
#endif
    return 7;
}

LEAK int an_answer_that_is_not_on_the_list(const uint8_t *key, size_t three) {
    return FM_PUBLIC(99, key[three] & 1) ? 7 : 8;
}

LEAK int left_on_the_stack(const uint8_t *key, size_t three) {
    volatile uint8_t kept[4];
    kept[three] = key[three];
    return 7;
}

LEAK int left_in_memory_given_back(const uint8_t *key, size_t three) {
    volatile uint8_t *kept = malloc(64);
    kept[three] = key[three];
    free((void *)kept);
    return 7;
}

LEAK int left_in_a_register(const uint8_t *key, size_t three) {
#if FM_X86
    uint64_t kept = key[three];
    __asm__ volatile("movq %0, %%xmm5" ::"r"(kept) : "xmm5");
#endif
    return 7;
}

#if defined(__AVX512IFMA__)
#include <immintrin.h>

LEAK int a_gather(const uint8_t *key, size_t three) {
    const __m512i at = _mm512_and_si512(_mm512_loadu_si512(key + three), _mm512_set1_epi64(7));
    _mm512_storeu_si512((void *)sink, _mm512_i64gather_epi64(at, table, 1));
    return 7;
}

LEAK int a_product(const uint8_t *key, size_t three) {
    const __m512i factor = _mm512_loadu_si512(key + three);
    _mm512_storeu_si512((void *)sink, _mm512_madd52lo_epu64(factor, factor, factor));
    return 7;
}

LEAK int a_product_before_mxcsr_holds(const uint8_t *key, size_t three) {
    _mm_setcsr(0x1fbf);
    return a_product(key, three);
}

LEAK int a_product_after_mxcsr_held(const uint8_t *key, size_t three) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(0x1fbf);
    _mm_lfence();
    _mm_setcsr(before);
    _mm_lfence();
    return a_product(key, three);
}

LEAK int a_product_while_mxcsr_holds(const uint8_t *key, size_t three) {
    _mm_setcsr(0x1fbf);
    _mm_lfence();
    return a_product(key, three);
}

LEAK int a_mask_of_a_store(const uint8_t *key, size_t three) {
    _mm512_mask_storeu_epi64((void *)sink, (__mmask8)key[three], _mm512_setzero_si512());
    return 7;
}

LEAK int a_mask_under_which_a_register_is_cleared(const uint8_t *key, size_t three) {
    uint64_t first;
    __asm__ volatile("kmovb %1, %%k1\n\tvmovdqu64 %2, %%zmm5\n\tvpxorq %%zmm5, %%zmm5, %%zmm5%{%%k1%}\n\t"
                     "vmovq %%xmm5, %0"
                     : "=r"(first)
                     : "r"((unsigned)key[three]), "m"(table)
                     : "xmm5", "k1");
    if (first)
        sink[0] = 1;
    return 7;
}
#endif
