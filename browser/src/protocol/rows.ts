/** Rows of sealed leaks (protocol 1, section 3). */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export const BUCKETS = 65_536;
export const LEAST_ROWS = 16;
export const TAG_BYTES = 6;
const CONTEXT = utf8ToBytes("floodmark/seal/1");

/** The bucket of an identifier, from the evaluation's output. */
export function bucketOf(output: Uint8Array): number {
  return output[0]! * 256 + output[1]!;
}

/**
 * The number of the field set that a bucket's rows hold of an identifier; undefined when it is not in the leak.
 *
 * Every row is looked at in full, whatever any of them holds, so that a hit takes as long as a miss.
 */
export function lookUp(
  rows: Uint8Array,
  leak: { readonly sealId: Uint8Array; readonly cellBytes: number; readonly fieldSets: readonly unknown[] },
  output: Uint8Array,
): number | undefined {
  const { cellBytes } = leak;
  const derived = hmac(sha256, output.subarray(32, 64), concatBytes(CONTEXT, leak.sealId));
  let found = -1;
  for (let at = 0; at < rows.length; at += TAG_BYTES + cellBytes) {
    let difference = 0;
    for (let place = 0; place < TAG_BYTES; place += 1) difference |= rows[at + place]! ^ derived[place]!;
    let number = 0;
    for (let place = TAG_BYTES; place < TAG_BYTES + cellBytes; place += 1) {
      number = number * 256 + (rows[at + place]! ^ derived[place]!);
    }
    const hit = Number(difference === 0) & Number(number < leak.fieldSets.length) & Number(found === -1);
    found = hit * number + (1 - hit) * found;
  }
  derived.fill(0);
  return found === -1 ? undefined : found;
}
