/**
 * What a check asks of the world, one thing at a time.
 *
 * A check is a generator that yields these and is sent the answers. It does no I/O, so that one order of requests holds
 * for every check, and whoever drives it decides when others get a turn.
 */

import type { Snapshot } from "./snapshot.ts";

export type Ask =
  | { readonly ask: "snapshot" }
  | { readonly ask: "evaluation"; readonly body: string }
  | { readonly ask: "bucket"; readonly snapshot: Snapshot; readonly bucket: number };

/** A good moment to let others do something; answered with nothing. */
export type Pause = { readonly ask: "pause" };
export const PAUSE: Pause = { ask: "pause" };

/** Steps towards a result; an answer is the body of the server's, unverified. */
export type Steps<Result> = Generator<Ask | Pause, Result, Uint8Array>;
