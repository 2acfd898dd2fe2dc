/**
 * The private check: whether an identifier is in a leak of a snapshot, asked without telling it to anybody.
 *
 * ```ts
 * const found = await check({ source: "https://check.example.org", rootKey, data: utf8("email:ada@example.org") });
 * found.leaks.map((leak) => leak.title);
 * ```
 */

import { Asking, type Fetch, type Sent } from "./asking.ts";
import type { Seen } from "./envelope.ts";
import type { Random } from "./evaluation.ts";
import { Refusal } from "./refusal.ts";
import { kindOf, lookedUp, type Found } from "./result.ts";
import { steps, type Ask } from "./steps.ts";

export { Refusal, type Code } from "./refusal.ts";
export type { Fetch, Sent } from "./asking.ts";
export type { Seen } from "./envelope.ts";
export type { Random } from "./evaluation.ts";
export type { Kind } from "./manifest.ts";
export type { Found, FoundLeak, SnapshotFacts } from "./result.ts";
export type { ToldLeak } from "./snapshot.ts";

const DEADLINE = 60_000;
const NOTHING = new Uint8Array();
const SLICE = 12; // milliseconds of work after which the page gets a turn

export interface Check {
  /** Address below which the snapshot's `v1/` lies. */
  readonly source: string;
  /** Address of the evaluator, where that is another. */
  readonly evaluator?: string | undefined;
  /** The root key of the client's own settings, 32 bytes. */
  readonly rootKey: Uint8Array;
  /** `kind:canonical`, UTF-8, as `canon` reads it. */
  readonly data: Uint8Array;
  /** The snapshot of an earlier check (`Found.snapshot`); an older one is refused. */
  readonly seen?: Seen | undefined;
  readonly now?: () => Date;
  readonly fetch?: Fetch;
  readonly random?: Random;
  /** Milliseconds for each request. */
  readonly deadline?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of each request before it is sent. */
  readonly onSend?: (sent: Sent) => void;
}

export type Checked = Found & {
  /** Every request, in order. */
  readonly sent: readonly Sent[];
};

/**
 * Check.
 *
 * Requests, their order and their sizes are the same for a hit and for a miss, and nothing is asked after the answer is
 * known: load whatever is shown later before.
 *
 * @throws Refusal - an answer did not come, or was refused.
 */
export async function check(options: Check): Promise<Checked> {
  const kind = kindOf(options.data);
  const { source, evaluator = source, now = () => new Date(), random = secureRandom } = options;
  const asking = new Asking({ source, evaluator }, options.fetch ?? ((url, init) => fetch(url, init)), {
    deadline: options.deadline ?? DEADLINE,
    signal: options.signal,
  }, options.onSend);
  const turn = turns();
  const checking = steps(options, now, random);
  try {
    let step = checking.next(NOTHING);
    while (!step.done) step = await taken(step.value);
    return { ...lookedUp(step.value, kind), sent: asking.sent };
  } finally {
    checking.return(undefined as never); // where it ended early, secrets are overwritten
  }

  async function taken(ask: Ask) {
    if (ask.ask !== "pause") return checking.next(await asking.answer(ask));
    await turn();
    if (options.signal?.aborted) throw new Refusal("stopped", "the check was stopped");
    return checking.next(NOTHING);
  }
}

/** Bytes of the browser's generator, whose calls are limited to 65,536 of them. */
function secureRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** Gives others a turn when so much work was done that they would notice. */
function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}
