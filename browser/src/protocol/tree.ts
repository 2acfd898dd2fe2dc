/** An answer for a bucket, seen to be what the snapshot signed (protocol 1, section 5; RFC 9162, section 2.1.1). */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { bytesToHex } from "@noble/curves/utils.js";
import { Refusal } from "./refusal.ts";
import type { Snapshot } from "./snapshot.ts";

export const LEVELS = 16;
export const PATH_BYTES = LEVELS * 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The rows of a bucket, for each of the snapshot's leaks in their order. */
export function checkedAnswer(snapshot: Snapshot, bucket: number, answer: Uint8Array): readonly Uint8Array[] {
  if (answer.length !== snapshot.answerBytes) throw new Refusal("answer-broken", "an answer of another length");
  const end = answer.length - PATH_BYTES;
  let reached = sha256.create().update(LEAF).update(answer.subarray(0, end)).digest();
  for (let level = 0; level < LEVELS; level += 1) {
    const sibling = answer.subarray(end + 32 * level, end + 32 * level + 32);
    reached = sha256((bucket >> level) & 1 ? concatBytes(NODE, sibling, reached) : concatBytes(NODE, reached, sibling));
  }
  if (bytesToHex(reached) !== snapshot.root) throw new Refusal("answer-broken", "a path that leads elsewhere");
  let at = 0;
  return snapshot.leaks.map(({ manifest }) => answer.subarray(at, (at += manifest.stride)));
}
