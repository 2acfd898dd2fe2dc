/**
 * Requests that cannot be led astray: bounded in size and time, and the same for everybody.
 *
 * Each is written down before it is sent. What a browser adds by itself (host, user agent, languages, the page's origin)
 * cannot be seen from a script; it is the same for every check and depends on nothing that was typed.
 */

import { baseOf } from "./address.ts";
import { LARGEST_ENVELOPE } from "./envelope.ts";
import { LARGEST_EVALUATION } from "./evaluation.ts";
import { Refusal } from "./refusal.ts";
import { refusalOf } from "./statuses.ts";
import type { Ask } from "./steps.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A request as it was sent, as far as a script can know. */
export interface Sent {
  readonly ask: "snapshot" | "evaluation" | "bucket";
  /** Scheme, host and port, such as `https://check.example.org`. */
  readonly to: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Those that were set here, in order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Servers {
  readonly source: string;
  readonly evaluator: string;
}

export interface Limits {
  /** Milliseconds for each request, its answer read to the end. */
  readonly deadline: number;
  /** Ends the check when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

interface Request {
  readonly sent: Sent;
  readonly status: number;
  /** Bytes of the longest answer. */
  readonly most: number;
  /** What `Content-Range` has to be. */
  readonly range?: string;
}

/** Asks servers, and keeps what was sent to them. */
export class Asking {
  readonly sent: Sent[] = [];
  readonly #servers: Servers;
  readonly #fetch: Fetch;
  readonly #limits: Limits;
  readonly #onSend: (sent: Sent) => void;

  constructor(servers: Servers, fetch: Fetch, limits: Limits, onSend: (sent: Sent) => void = () => {}) {
    this.#servers = { source: baseOf(servers.source), evaluator: baseOf(servers.evaluator) };
    this.#fetch = fetch;
    this.#limits = limits;
    this.#onSend = onSend;
  }

  /** The body of the answer. */
  async answer(ask: Exclude<Ask, { ask: "pause" }>): Promise<Uint8Array> {
    const request = requestOf(ask, this.#servers);
    const { sent } = request;
    const stop = new AbortController();
    const { signal, deadline } = this.#limits;
    const stopped = () => stop.abort(new Refusal("stopped", "the check was stopped"));
    const timer = setTimeout(() => stop.abort(new Refusal("too-slow", "the answer took too long")), deadline);
    signal?.addEventListener("abort", stopped);
    try {
      if (signal?.aborted) stopped();
      stop.signal.throwIfAborted();
      this.sent.push(sent);
      this.#onSend(sent);
      const response = await this.#fetch(sent.to + sent.path, {
        method: sent.method,
        headers: sent.headers.map(([name, value]) => [name, value]),
        body: sent.method === "POST" ? sent.body : null,
        mode: "cors",
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: stop.signal,
      });
      return await checkedBody(response, request, stop);
    } catch (error) {
      if (stop.signal.reason instanceof Refusal) throw stop.signal.reason;
      if (error instanceof Refusal) throw error;
      throw new Refusal("offline", "no answer came");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stopped);
    }
  }
}

function requestOf(ask: Exclude<Ask, { ask: "pause" }>, servers: Servers): Request {
  if (ask.ask === "snapshot") {
    return { sent: sentTo(servers.source, ask.ask, "GET", "/v1/snapshot"), status: 200, most: LARGEST_ENVELOPE };
  }
  if (ask.ask === "evaluation") {
    const headers = [["Content-Type", "application/json"]] as const;
    const sent = sentTo(servers.evaluator, ask.ask, "POST", "/v1/evaluate", headers, ask.body);
    return { sent, status: 200, most: LARGEST_EVALUATION };
  }
  const { id, answerBytes, bucketsBytes } = ask.snapshot;
  const [first, last] = [ask.bucket * answerBytes, (ask.bucket + 1) * answerBytes - 1];
  // Digits are as many for every bucket, so that a request's size says nothing.
  const padded = (place: number) => String(place).padStart(String(bucketsBytes).length, "0");
  const headers = [["Range", `bytes=${padded(first)}-${padded(last)}`]] as const;
  const sent = sentTo(servers.source, ask.ask, "GET", `/v1/snapshots/${id}/buckets.bin`, headers);
  return { sent, status: 206, most: answerBytes, range: `bytes ${first}-${last}/${bucketsBytes}` };
}

function sentTo(
  base: string,
  ask: Sent["ask"],
  method: Sent["method"],
  path: string,
  headers: Sent["headers"] = [],
  body = "",
): Sent {
  const { origin, pathname } = new URL(base + path);
  return { ask, to: origin, method, path: pathname, headers, body };
}

/** The body of an answer as it has to be; of any other, no more is read. */
async function checkedBody(response: Response, { status, most, range }: Request, stop: AbortController): Promise<Uint8Array> {
  try {
    if (response.status !== status) throw refusalOf(response.status, response.headers.get("Retry-After"));
    if (range !== undefined && response.headers.get("Content-Range") !== range) {
      throw new Refusal("server-failed", "other bytes than were asked for", { status });
    }
    const body = await readAtMost(response, most);
    if (range !== undefined && body.length !== most) throw new Refusal("server-failed", "an answer cut short", { status });
    return body;
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

async function readAtMost(response: Response, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > most) throw new Refusal("limit-exceeded", "an answer longer than any");
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
