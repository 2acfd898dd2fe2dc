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
import { sameOrDrawn } from "./decoys.ts";
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
  /** The buckets that a failed check of the same identifier drew, which are asked for again. */
  readonly drawn?: readonly number[] | undefined;
  /** Told of the buckets before the first of them is asked for; secret, for one of them is the identifier's. */
  readonly onDraw?: ((buckets: readonly number[]) => void) | undefined;
}

/** A check that yields what to ask, is sent the answers, and returns what was found. */
export function* steps(asked: Asked, now: () => Date, random: Random): Steps<Found> {
  const { data, rootKey, seen, drawn = [], onDraw } = asked;
  const opened = yield* openSnapshot(yield { ask: "snapshot" }, rootKey, now(), seen);
  const output = yield* evaluated(data, opened.snapshot, random);
  try {
    const needed = bucketOf(output);
    const buckets = sameOrDrawn(needed, drawn, random);
    onDraw?.(buckets);
    const rows = yield* rowsOf(buckets, opened.snapshot);
    return lookedUp(data, opened, output, rows.get(needed)!);
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

/** The rows of each bucket, all fetched before any is verified. */
function* rowsOf(buckets: readonly number[], snapshot: Snapshot): Steps<ReadonlyMap<number, readonly Uint8Array[]>> {
  const answers = new Map<number, Uint8Array>();
  for (const bucket of buckets) answers.set(bucket, yield { ask: "bucket", snapshot, bucket });
  const rows = new Map<number, readonly Uint8Array[]>();
  for (const [bucket, answer] of answers) {
    rows.set(bucket, checkedAnswer(snapshot, bucket, answer));
    yield PAUSE;
  }
  return rows;
}
