/* From outputs of the evaluation to places in one sealed leak (protocol 1, section 3), as exposure/sealed/rows.py has it.
 *
 * HMAC-SHA-256 under a key of 32 bytes that is another for every output: four compressions each, side by side. */
#include "oprf.h"
#include "sha256.h"

#define BATCH 16
#define SEAL_ID 16

static const char label[] = "floodmark/seal/1";
#define LABEL (sizeof label - 1)

typedef struct {
    sha256_state inner[BATCH], outer[BATCH];
    sha256_block blocks[BATCH];
} workspace;

static sha256_compress *compress_for(unsigned features) {
#if FM_X86
    if (features & FM_SHA)
        return sha256_compress_x86;
    if (features & FM_AVX2)
        return sha256_compress_avx2;
#endif
    (void)features;
    return sha256_compress_portable;
}

static void start_with_keys(sha256_state *states, sha256_block *blocks, const uint8_t *outputs, size_t count,
                            uint8_t pad, sha256_compress *compress) {
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < SHA256_BLOCK; byte++)
            blocks[i].bytes[byte] = (uint8_t)((byte < 32 ? outputs[64 * i + 32 + byte] : 0) ^ pad);
        memcpy(states[i].words, sha256_start, sizeof sha256_start);
    }
    compress(states, blocks, count);
}

/* The last block of a message of 32 bytes after one block: its size is 96 bytes, or 768 bits. */
static void end_of_32(sha256_block *block) {
    memset(block->bytes + 32, 0, SHA256_BLOCK - 32);
    block->bytes[32] = 0x80;
    block->bytes[62] = 3;
}

void fm_oprf_places(const uint8_t *outputs, size_t count, const uint8_t *seal_id, size_t cell_bytes,
                    uint16_t *buckets, uint64_t *tags, uint32_t *pads, unsigned features) {
    workspace work;
    sha256_compress *compress = compress_for(features);
    sha256_block message = {{0}};
    memcpy(message.bytes, label, LABEL);
    memcpy(message.bytes + LABEL, seal_id, SEAL_ID);
    end_of_32(&message);
    for (size_t start = 0; start < count; start += BATCH) {
        const size_t batch = count - start < BATCH ? count - start : BATCH;
        const uint8_t *own = outputs + 64 * start;
        start_with_keys(work.inner, work.blocks, own, batch, 0x36, compress);
        start_with_keys(work.outer, work.blocks, own, batch, 0x5c, compress);
        for (size_t i = 0; i < batch; i++)
            work.blocks[i] = message;
        compress(work.inner, work.blocks, batch);
        for (size_t i = 0; i < batch; i++) {
            for (int word = 0; word < 8; word++)
                put_big_endian(work.inner[i].words[word], work.blocks[i].bytes + 4 * word);
            end_of_32(&work.blocks[i]);
        }
        compress(work.outer, work.blocks, batch);
        for (size_t i = 0; i < batch; i++) {
            const uint32_t *k = work.outer[i].words;
            const uint64_t after_tag = (uint64_t)k[1] << 32 | k[2];
            buckets[start + i] = (uint16_t)(own[64 * i] << 8 | own[64 * i + 1]);
            tags[start + i] = (uint64_t)k[0] << 16 | k[1] >> 16;
            pads[start + i] = (uint32_t)(after_tag << 16 >> (64 - 8 * cell_bytes));
        }
    }
    fm_wipe(&work, sizeof work);
    fm_wipe_after(features);
}
