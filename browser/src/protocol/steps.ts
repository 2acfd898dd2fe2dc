/**
 * The whole check, without I/O: what is asked, in which order, and what of the answers is believed (protocol 1, section 6).
 *
 * 1. One snapshot, which is verified before anything is made of the identifier.
 * 2. One evaluation, whose proof is checked under the snapshot's key.
 * 3. Four answers in random order: the identifier's bucket and decoys, all different.
 * 4. Every answer is verified, of decoys too, so that one that was tampered with says nothing of which is which.
 * 5. What came is looked up (`lookedUp`) when nothing is asked any more.
 */

import { withDecoys } from "./decoys.ts";
import { openSnapshot, type Opened, type Seen } from "./envelope.ts";
import { blindOne, finalised, requestBody, type Random } from "./evaluation.ts";
import { bucketOf } from "./rows.ts";
import type { Snapshot } from "./snapshot.ts";
import { checkedAnswer } from "./tree.ts";

/** What a check asks of the world; a pause is answered with nothing, and gives others a turn. */
export type Ask =
  | { readonly ask: "snapshot" }
  | { readonly ask: "evaluation"; readonly body: string }
  | { readonly ask: "bucket"; readonly snapshot: Snapshot; readonly bucket: number }
  | { readonly ask: "pause" };

export type Steps<Result> = Generator<Ask, Result, Uint8Array>;
export const PAUSE: Ask = { ask: "pause" };

/** All that a check needs, verified and not yet looked at. */
export interface Fetched {
  readonly opened: Opened;
  /** Of the evaluation, 64 bytes; secret, and overwritten when it was looked up. */
  readonly output: Uint8Array;
  /** Of the identifier's bucket, for each of the snapshot's leaks. */
  readonly rows: readonly Uint8Array[];
}

export interface Asked {
  /** `kind:canonical`, UTF-8. */
  readonly data: Uint8Array;
  /** The root key of the client's own settings, 32 bytes. */
  readonly rootKey: Uint8Array;
  /** The snapshot that was seen before, if any. */
  readonly seen?: Seen | undefined;
}

/** A check that yields what to ask, is sent the answers, and returns what to look up in. */
export function* steps({ data, rootKey, seen }: Asked, now: () => Date, random: Random): Steps<Fetched> {
  const opened = yield* openSnapshot(yield { ask: "snapshot" }, rootKey, now(), seen);
  const { snapshot } = opened;
  const blinded = blindOne(data, random);
  let output: Uint8Array;
  try {
    const body = requestBody(snapshot.epoch, blinded.blinded);
    output = finalised(blinded, yield { ask: "evaluation", body }, snapshot.publicKey);
  } finally {
    blinded.blind.fill(0);
  }
  const answers = new Map<number, Uint8Array>();
  for (const bucket of withDecoys(bucketOf(output), random)) {
    answers.set(bucket, yield { ask: "bucket", snapshot, bucket });
  }
  const rows = new Map<number, readonly Uint8Array[]>();
  for (const [bucket, answer] of answers) {
    rows.set(bucket, checkedAnswer(snapshot, bucket, answer));
    yield PAUSE;
  }
  return { opened, output, rows: rows.get(bucketOf(output))! };
}
