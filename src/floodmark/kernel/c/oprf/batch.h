/* Many inputs through all stages: hashed, mapped, multiplied, encoded, hashed again, and perhaps placed in a sealed leak.
 *
 * GROUPS groups of LANES inputs are one chunk, in which every stage is done for all before the next begins: the code of
 * a stage stays in the processor's cache, and encoding shares one inversion. What a chunk leaves in memory is wiped.
 *
 * Mapping and encoding check themselves, and a failure there ends the batch. Between them lies the multiplication, which
 * the caller checks by sums (sums.h): of the points as the maps' last check saw them, and of the doubles from which the
 * first check of encoding starts. */
#ifndef FLOODMARK_OPRF_BATCH_H
#define FLOODMARK_OPRF_BATCH_H

#include <stdlib.h>

#include "../oprf.h"
#include "encode.h"
#include "hash.h"
#include "map.h"
#include "multiply.h"
#include "sums.h"

#define GROUPS 64
#define CHUNK ((size_t)GROUPS * LANES)

typedef struct {
    digits key;
    expander expand;
    vec uniform[GROUPS][8], words[GROUPS][4];
    completed elements[GROUPS];
    projective multiples[GROUPS];
    encoding encodings[GROUPS];
    sums sums;
    mask failed;
    uint8_t outputs[GROUPS * LANES][64];
} workspace;

/* The inputs of a group; past the end, the last one again. */
static void inputs_at(inputs *in, const fm_oprf *o, size_t first) {
    for (int j = 0; j < LANES; j++) {
        size_t i = first + (size_t)j < o->count ? first + (size_t)j : o->count - 1;
        const fm_view *view = &o->views[i];
        in->size[j] = view->length;
        in->bytes[j] = view->length <= sizeof view->where.inside
                           ? view->where.inside
                           : o->buffers[view->where.outside.buffer] + view->where.outside.offset;
    }
}

/* The same of uniform bytes that were given in place of inputs. */
static void uniform_at(vec uniform[8], const fm_oprf *o, size_t first) {
    uint64_t rows[LANES][8], columns[8][LANES];
    for (int j = 0; j < LANES; j++) {
        size_t i = first + (size_t)j < o->count ? first + (size_t)j : o->count - 1;
        memcpy(rows[j], o->uniform + 64 * i, 64);
    }
    for (int word = 0; word < 8; word++) {
        for (int j = 0; j < LANES; j++)
            columns[word][j] = rows[j][word];
        uniform[word] = load(columns[word]);
    }
}

static void copy_elements(uint8_t *out, vec (*words)[4], size_t count) {
    for (size_t i = 0; i < count; i++)
        for (int word = 0; word < 4; word++)
            memcpy(out + 32 * i + 8 * word, (const uint64_t *)&words[i / LANES][word] + i % LANES, 8);
}

/* Position of the first input whose encoding is that of the neutral element, or `count`. */
static size_t first_neutral(vec (*words)[4], size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint64_t any = 0;
        for (int word = 0; word < 4; word++)
            any |= ((const uint64_t *)&words[i / LANES][word])[i % LANES];
        if (FM_PUBLIC(FM_PUBLIC_NEUTRAL, !any))
            return i;
    }
    return count;
}

#define LAP(stage)                                                                                                     \
    {                                                                                                                  \
        const uint64_t now = fm_ticks();                                                                               \
        o->ticks[stage] += now - then;                                                                                 \
        then = now;                                                                                                    \
    }

/* One chunk, whose first input is `base`. Groups are worked on as many at a time as are mapped together, filled up with
 * the last input. */
static int chunk(fm_oprf *o, workspace *work, uint8_t *messages, size_t stride, size_t base, unsigned features) {
    const size_t count = o->count - base < CHUNK ? o->count - base : CHUNK;
    const int groups = (int)((count + LANES * MAPS / 2 - 1) / (LANES * MAPS / 2)) * (MAPS / 2);
    uint64_t then = fm_ticks();
    inputs in;
    for (int g = 0; g < groups; g++) {
        if (o->uniform) {
            uniform_at(work->uniform[g], o, base + (size_t)g * LANES);
        } else {
            inputs_at(&in, o, base + (size_t)g * LANES);
            expand(work->uniform[g], &work->expand, &in, messages, stride);
        }
    }
    LAP(FM_OPRF_HASH)
    for (int g = 0; g < groups; g += MAPS / 2)
        work->failed |= elements_of(&work->elements[g], &work->uniform[g]);
    LAP(FM_OPRF_MAP)
    for (int g = 0; g < groups; g++)
        multiply(&work->multiples[g], &work->elements[g], &work->key);
    LAP(FM_OPRF_MULTIPLY)
    work->failed |= encode_doubles(work->words, work->multiples, groups, work->encodings);
    LAP(FM_OPRF_ENCODE)
    if (FM_PUBLIC(FM_PUBLIC_FAULT, ANY_LANE(work->failed)))
        return FM_OPRF_FAULT;
    for (size_t g = 0; o->weights && g * LANES < count; g++)
        add_to_sums(&work->sums, o->weights[base / LANES + g], &work->elements[g], &work->encodings[g]);
    LAP(FM_OPRF_CHECK)
    if (o->elements)
        copy_elements(o->elements + 32 * base, work->words, count);
    if (o->uniform)
        return FM_OPRF_DONE;
    const size_t neutral = first_neutral(work->words, count);
    if (neutral < count) {
        o->failed = base + neutral;
        return FM_OPRF_NEUTRAL;
    }
    for (int g = 0; g < groups; g++) {
        inputs_at(&in, o, base + (size_t)g * LANES);
        finalize(work->outputs + g * LANES, &in, work->words[g], messages, stride);
    }
    LAP(FM_OPRF_FINALIZE)
    if (o->outputs)
        memcpy(o->outputs + 64 * base, work->outputs, 64 * count);
    if (o->seal_id)
        fm_oprf_places(work->outputs[0], count, o->seal_id, o->cell_bytes, o->buckets + base, o->tags + base,
                       o->pads + base, features);
    LAP(FM_OPRF_PLACE)
    return FM_OPRF_DONE;
}

/* The sums of all chunks. */
static int write_sums(fm_oprf *o, workspace *work) {
    uint64_t then = fm_ticks();
    const mask failed = close_sums(work->words, &work->sums);
    copy_elements(o->asked, work->words, LANES);
    copy_elements(o->answered, work->words + 1, LANES);
    LAP(FM_OPRF_CHECK)
    return FM_PUBLIC(FM_PUBLIC_FAULT, ANY_LANE(failed)) ? FM_OPRF_FAULT : FM_OPRF_DONE;
}

/* What fm_oprf_evaluate calls: all chunks of a batch, with memory that is had once and wiped. */
static int evaluate(fm_oprf *o, unsigned features) {
    size_t longest = 0;
    for (size_t i = 0; !o->uniform && i < o->count; i++)
        longest = o->views[i].length > longest ? o->views[i].length : longest;
    const size_t stride = (longest + AROUND_INPUT + 63) / 64 * 64, room = stride * LANES;
    workspace *work = aligned_alloc(64, (sizeof *work + 63) / 64 * 64);
    uint8_t *messages = aligned_alloc(64, room);
    int found = FM_OPRF_NO_MEMORY;
    if (work && messages) {
        uint64_t half[4];
        halve_scalar(half, o->key);
        digits_of(&work->key, half);
        fm_wipe(half, sizeof half);
        open_expander(&work->expand, o->tag, o->tag_size);
        open_sums(&work->sums);
        work->failed = NO_LANE;
        found = FM_OPRF_DONE;
        for (size_t base = 0; base < o->count && found == FM_OPRF_DONE; base += CHUNK)
            found = chunk(o, work, messages, stride, base, features);
        if (found == FM_OPRF_DONE && o->weights)
            found = write_sums(o, work);
        fm_wipe(work, sizeof *work);
        fm_wipe(messages, room);
    }
    free(work);
    free(messages);
    return found;
}

#endif
