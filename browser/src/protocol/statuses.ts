/** What a server's refusal means. Its text is never shown, nor even read: a server may write anything. */

import { Refusal } from "./refusal.ts";

const LONGEST_WAIT = 400 * 24 * 3600; // seconds; anything longer says nothing

/** The refusal that a status other than success stands for; of `Retry-After`, seconds count and dates do not. */
export function refusalOf(status: number, retryAfter: string | null): Refusal {
  if (status === 429) {
    const wait = /^[0-9]{1,8}$/.test(retryAfter ?? "") ? Number(retryAfter) : undefined;
    const known = wait !== undefined && wait <= LONGEST_WAIT ? wait : undefined;
    return new Refusal("budget-spent", "the evaluator allows no more for now", { status, retryAfter: known });
  }
  if (status === 409) {
    return new Refusal("wrong-epoch", "the evaluator's key is of another epoch than the snapshot", { status });
  }
  return new Refusal("server-failed", "the server refused", { status });
}
