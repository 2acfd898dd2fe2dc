/* The batch OPRF on a CUDA device: the same templates as the processor's paths, one input a thread and one lane each.
 *
 * kernel/cuda.py launches these kernels one after another; between them, everything lies in the device's memory, which it
 * wipes. NVRTC compiles this file; so does a C compiler, for tests: what is `THREAD` on the device is then a variable.
 *
 * The key comes as an argument. Its digits choose by masks alone, as everywhere: no branch and no address depends on it. */
#include "oprf/vector64.h"

#include "oprf/field26.h"

#include "oprf/encode.h"
#include "oprf/hash.h"
#include "oprf/map.h"
#include "oprf/multiply.h"
#include "oprf/sums.h"

#ifdef __CUDACC_RTC__
#define KERNEL extern "C" __global__ void __launch_bounds__(128)
#define THREAD ((size_t)blockIdx.x * blockDim.x + threadIdx.x)
#else
FM_API size_t fm_thread;
#define KERNEL FM_API void
#define THREAD fm_thread
#endif

/* What went wrong, which no kernel takes back: a check failed; an input, counted from 1, is the neutral element. */
typedef struct {
    uint64_t fault, neutral;
} verdict;

/* Bytes of what lies in the device's memory between kernels. */
KERNEL fm_sizes(uint64_t sizes[6]) {
    sizes[0] = sizeof(digits);
    sizes[1] = sizeof(expander);
    sizes[2] = sizeof(completed);
    sizes[3] = sizeof(projective);
    sizes[4] = sizeof(encoding);
    sizes[5] = sizeof(extended);
}

/* One thread: the key as digits, and the state that every message begins with. */
KERNEL fm_prepare(digits *d, expander *x, const uint8_t *key, const uint8_t *tag, size_t tag_size) {
    uint64_t half[4];
    halve_scalar(half, key);
    digits_of(d, half);
    open_expander(x, tag, tag_size);
}

/* Text i ends where ends[i] says, and begins where the one before it ends. */
FM_INLINE inputs input_at(const uint8_t *texts, const uint64_t *ends, size_t i) {
    const uint64_t start = i ? ends[i - 1] : 0;
    const inputs in = {{texts + start}, {(size_t)(ends[i] - start)}};
    return in;
}

KERNEL fm_hash(vec (*uniform)[8], const expander *x, const uint8_t *texts, const uint64_t *ends, uint8_t *messages,
               size_t stride, size_t count) {
    const size_t i = THREAD;
    if (i >= count)
        return;
    const inputs in = input_at(texts, ends, i);
    expand(uniform[i], x, &in, messages + i * stride, stride);
}

KERNEL fm_map(completed *elements, verdict *found, vec (*uniform)[8], size_t count) {
    const size_t i = THREAD;
    if (i < count && ANY_LANE(elements_of(elements + i, uniform + i)))
        found->fault = 1;
}

KERNEL fm_multiply(projective *multiples, const completed *elements, const digits *d, size_t count) {
    const size_t i = THREAD;
    if (i < count)
        multiply(multiples + i, elements + i, d);
}

/* `each` points a thread, which share one inversion. */
KERNEL fm_encode(vec (*words)[4], encoding *encodings, verdict *found, const projective *p, size_t each, size_t count) {
    const size_t i = THREAD * each;
    if (i >= count)
        return;
    const size_t own = count - i < each ? count - i : each;
    if (ANY_LANE(encode_doubles(words + i, p + i, (int)own, encodings + i)))
        found->fault = 1;
}

KERNEL fm_finalize(uint8_t (*outputs)[64], verdict *found, const uint8_t *texts, const uint64_t *ends,
                   vec (*words)[4], uint8_t *messages, size_t stride, size_t count) {
    const size_t i = THREAD;
    if (i >= count)
        return;
    const inputs in = input_at(texts, ends, i);
    if (!(words[i][0] | words[i][1] | words[i][2] | words[i][3]))
        found->neutral = i + 1;
    finalize(outputs + i, &in, words[i], messages + i * stride, stride);
}

/* Inputs in the order of their weights, those of weight w + 1 from starts[w] on; each of `threads` a weight sums up every
 * `threads`-th of them, and leaves what was asked in parts[w], what was answered in parts[WEIGHTS + w]. */
KERNEL fm_sum(extended *parts, const completed *elements, const encoding *encodings, const uint32_t *order,
              const uint32_t *starts, size_t threads) {
    const size_t weight = THREAD / threads, own = THREAD % threads;
    if (weight >= WEIGHTS)
        return;
    extended asked = {small(1), small(1), small(1), small(0)}, answered = asked;
    for (size_t i = starts[weight] + own; i < starts[weight + 1]; i += threads) {
        const encoding *doubled = encodings + order[i];
        const completed q = {doubled->e, doubled->h, doubled->f, doubled->g};
        add_to(&asked, elements + order[i]);
        add_to(&answered, &q);
    }
    parts[weight * threads + own] = asked;
    parts[(WEIGHTS + weight) * threads + own] = answered;
}

/* The sums of every `each` parts, one after another, to as many fewer. */
KERNEL fm_sum_parts(extended *fewer, const extended *parts, size_t each, size_t count) {
    const size_t i = THREAD;
    if (i >= count)
        return;
    extended sum = parts[i * each];
    for (size_t j = 1; j < each; j++) {
        addend c;
        completed q;
        addend_of(&c, parts + i * each + j);
        add_points(&q, &sum, &c, NO_LANE);
        to_extended(&sum, &q);
    }
    fewer[i] = sum;
}

/* One thread: the encodings of what was asked and what was answered, of one part for each weight of both. */
KERNEL fm_close(vec (*words)[4], verdict *found, const extended *parts) {
    if (ANY_LANE(close_sums(words, (const sums *)parts)))
        found->fault = 1;
}
