/**
 * The private check: whether an identifier is in a leak of a snapshot, asked without telling it to anybody.
 *
 * ```ts
 * const found = await check({ source: "https://check.example.org", rootKey, data: utf8("email:ada@example.org") });
 * found.leaks.map((leak) => leak.title);
 * ```
 */

import { baseOf } from "./address.ts";
import type { Ask, Pause } from "./asking.ts";
import type { Seen } from "./envelope.ts";
import type { Random } from "./evaluation.ts";
import { checkGoesOn, Http, type Fetch } from "./http.ts";
import type { Sent } from "./requests.ts";
import { kindOf, type Found } from "./result.ts";
import { steps } from "./steps.ts";

export { Refusal, type Code } from "./refusal.ts";
export type { Seen } from "./envelope.ts";
export type { Random } from "./evaluation.ts";
export type { Fetch } from "./http.ts";
export type { Kind } from "./manifest.ts";
export type { Sent } from "./requests.ts";
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
  /** The buckets of an earlier check of the same identifier that failed (`onDraw`), to be asked for again. */
  readonly drawn?: readonly number[] | undefined;
  /** Told which buckets will be asked for; keep them in memory alone, for one of them is the identifier's. */
  readonly onDraw?: (buckets: readonly number[]) => void;
  readonly now?: () => Date;
  readonly fetch?: Fetch;
  readonly random?: Random;
  /** Milliseconds for each piece of an answer (`PIECE` in http.ts). */
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
  kindOf(options.data);
  const { source, evaluator = source, deadline = DEADLINE, signal, onSend } = options;
  const { now = () => new Date(), random = secureRandom } = options;
  const sent: Sent[] = [];
  const noted = (request: Sent) => {
    sent.push(request);
    onSend?.(request);
  };
  const servers = { source: baseOf(source), evaluator: baseOf(evaluator) };
  const http = new Http(servers, options.fetch ?? ((url, init) => fetch(url, init)), { deadline, signal }, noted);
  const turn = turns(signal);
  const checking = steps(options, now, random);
  try {
    let step = checking.next(NOTHING);
    while (!step.done) step = checking.next(await answered(step.value, http, turn));
    return { ...step.value, sent };
  } finally {
    checking.return(undefined as never); // where it ended early, what is secret is overwritten
  }
}

async function answered(ask: Ask | Pause, http: Http, turn: () => Promise<void>): Promise<Uint8Array> {
  if (ask.ask !== "pause") return http.answer(ask);
  await turn();
  return NOTHING;
}

/** Bytes of the browser's generator, whose calls are limited to 65,536 of them. */
function secureRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** Gives others a turn when so much work was done that they would notice. */
function turns(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve));
    checkGoesOn(signal);
    since = performance.now();
  };
}
