/**
 * Why a check ended without an answer.
 *
 * Codes are the slugs of Floodmark's errors where the same is refused there, so that one table of texts does for both.
 * The message is for developers and names neither an identifier nor a server, nor anything that a server wrote.
 */

export type Code =
  /** An address is none that a check is sent to: neither https nor on this machine. Nothing was sent. */
  | "bad-address"
  /** The input is no `kind:canonical` of the protocol. Nothing was sent. */
  | "not-an-identifier"
  /** No answer came: no connection, a server that lets no other site's pages ask, or one that sends on elsewhere. */
  | "offline"
  /** The answer was not there whole before the deadline. */
  | "too-slow"
  /** Whoever asked has stopped the check. */
  | "stopped"
  /** The server refused, or did not answer as the protocol says; `status` has what it answered with. */
  | "server-failed"
  /** An answer is longer than any. */
  | "limit-exceeded"
  /** The evaluator allows no more for now; `retryAfter` has the seconds to wait where it says. */
  | "budget-spent"
  /** The evaluator's key, or a manifest, is of another epoch than the snapshot. */
  | "wrong-epoch"
  /** The snapshot has another form than protocol 1 gives it, or is not what was signed. */
  | "snapshot-broken"
  /** A manifest in it has another form. */
  | "manifest-broken"
  /** Another format, suite, mode or canon. */
  | "protocol-refused"
  /** The snapshot is signed with another key than the root key. */
  | "wrong-root-key"
  | "snapshot-expired"
  /** The snapshot says that it was made more than a day from now: its maker's clock is wrong, or this one. */
  | "snapshot-from-the-future"
  /** The snapshot is older than one that was seen before, or another under the same number. */
  | "snapshot-older"
  /** The evaluator's answer has not the form of one. */
  | "evaluation-broken"
  /** It holds what is no element of the group, or the identity. */
  | "bad-element"
  /** It was not made with the epoch's key, or not of these elements. */
  | "proof-failed"
  /** The answer for a bucket is not that of the snapshot. */
  | "answer-broken";

export interface RefusalDetails {
  /** Seconds until the server may answer again. */
  readonly retryAfter?: number | undefined;
  /** HTTP status that the server answered with. */
  readonly status?: number | undefined;
}

export class Refusal extends Error {
  readonly code: Code;
  readonly retryAfter: number | undefined;
  readonly status: number | undefined;

  constructor(code: Code, message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.retryAfter = details.retryAfter;
    this.status = details.status;
  }
}
