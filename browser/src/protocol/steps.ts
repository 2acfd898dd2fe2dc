/**
 * The whole check, without I/O: what is asked, in which order, and what of it is believed (protocol 1, section 6).
 *
 * 1. One snapshot, which is verified before anything is made of the identifier.
 * 2. One evaluation, whose proof is checked under the snapshot's key.
 * 3. Four answers in random order: the identifier's bucket and decoys, all different.
 * 4. Every answer is verified, of decoys too, so that one that was tampered with says nothing of which is which.
 * 5. What came is looked up when nothing is asked any more.
 *
 * What is secret is overwritten as soon as it is not needed, however the check ends.
 */

import { PAUSE, type Steps } from "./asking.ts";
import { withDecoys } from "./decoys.ts";
import { openSnapshot, type Seen } from "./envelope.ts";
import { blindOne, finalised, requestBody, type Random } from "./evaluation.ts";
import { lookedUp, type Found } from "./result.ts";
import { bucketOf } from "./rows.ts";
import type { Snapshot } from "./snapshot.ts";
import { checkedAnswer } from "./tree.ts";

export interface Asked {
  /** `kind:canonical`, UTF-8. */
  readonly data: Uint8Array;
  /** The root key of the client's own settings, 32 bytes. */
  readonly rootKey: Uint8Array;
  /** The snapshot that was seen before, if any. */
  readonly seen?: Seen | undefined;
}

/** A check that yields what to ask, is sent the answers, and returns what was found. */
export function* steps({ data, rootKey, seen }: Asked, now: () => Date, random: Random): Steps<Found> {
  const opened = yield* openSnapshot(yield { ask: "snapshot" }, rootKey, now(), seen);
  const output = yield* evaluated(data, opened.snapshot, random);
  try {
    const rows = yield* rowsOf(bucketOf(output), opened.snapshot, random);
    return lookedUp(data, opened, output, rows);
  } finally {
    output.fill(0);
  }
}

function* evaluated(data: Uint8Array, snapshot: Snapshot, random: Random): Steps<Uint8Array> {
  const blinded = blindOne(data, random);
  try {
    const answer = yield { ask: "evaluation", body: requestBody(snapshot.epoch, blinded.element) };
    return finalised(blinded, answer, snapshot.publicKey);
  } finally {
    blinded.factor.fill(0);
  }
}

function* rowsOf(needed: number, snapshot: Snapshot, random: Random): Steps<readonly Uint8Array[]> {
  const answers = new Map<number, Uint8Array>();
  for (const bucket of withDecoys(needed, random)) answers.set(bucket, yield { ask: "bucket", snapshot, bucket });
  const rows = new Map<number, readonly Uint8Array[]>();
  for (const [bucket, answer] of answers) {
    rows.set(bucket, checkedAnswer(snapshot, bucket, answer));
    yield PAUSE;
  }
  return rows.get(needed)!;
}
