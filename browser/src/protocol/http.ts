/** Requests that cannot be led astray: bounded in size and time, written down, and the same for everybody. */

import type { Ask } from "./asking.ts";
import { Refusal } from "./refusal.ts";
import { requestOf, type Request, type Sent, type Servers } from "./requests.ts";
import { refusalOf } from "./statuses.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** No cookies, no referrer, nothing from or for a cache, and no redirect, which could lead a check to somebody else. */
const ALIKE: RequestInit = {
  mode: "cors",
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
};

/** Bytes that have to come in the time that there is: a large answer on a slow line goes on, one that trickles does not. */
export const PIECE = 65_536;

export interface Bounds {
  /** Milliseconds for each piece of an answer, and for its end. */
  readonly deadline: number;
  /** Ends the check when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

const STOPPED = "the check was stopped";

/** Throw where whoever asked has stopped the check. */
export function checkGoesOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Refusal("stopped", STOPPED);
}

/** Asks servers; each request is told of before it is sent. */
export class Http {
  readonly #servers: Servers;
  readonly #fetch: Fetch;
  readonly #bounds: Bounds;
  readonly #onSend: (sent: Sent) => void;

  constructor(servers: Servers, fetch: Fetch, bounds: Bounds, onSend: (sent: Sent) => void) {
    this.#servers = servers;
    this.#fetch = fetch;
    this.#bounds = bounds;
    this.#onSend = onSend;
  }

  /** The body of the answer, unverified. */
  async answer(ask: Ask): Promise<Uint8Array> {
    const { signal, deadline } = this.#bounds;
    checkGoesOn(signal);
    const request = requestOf(ask, this.#servers);
    this.#onSend(request.sent);
    const stop = new AbortController();
    const stopped = () => stop.abort(new Refusal("stopped", STOPPED));
    const late = () => stop.abort(new Refusal("too-slow", "the answer took too long"));
    let timer = setTimeout(late, deadline);
    const goesOn = () => {
      clearTimeout(timer);
      timer = setTimeout(late, deadline);
    };
    signal?.addEventListener("abort", stopped);
    try {
      return await this.#exchanged(request, stop.signal, goesOn);
    } catch (error) {
      const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
      stop.abort(); // of an answer that is refused, no more is read
      throw reason instanceof Refusal ? reason : new Refusal("offline", "no answer came");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stopped);
    }
  }

  async #exchanged(request: Request, signal: AbortSignal, goesOn: () => void): Promise<Uint8Array> {
    const { sent, status, most, range } = request;
    const { method, headers, body } = sent;
    const init: RequestInit = { ...ALIKE, method, headers: headers.map(([...pair]) => pair), signal };
    const response = await this.#fetch(sent.to + sent.path, method === "POST" ? { ...init, body } : init);
    if (response.status !== status) throw refusalOf(response.status, response.headers.get("Retry-After"));
    if (range !== undefined && response.headers.get("Content-Range") !== range) {
      throw new Refusal("server-failed", "other bytes than were asked for", { status });
    }
    const found = await readAtMost(response, most, goesOn);
    if (range !== undefined && found.length !== most) {
      throw new Refusal("server-failed", "fewer bytes than were asked for", { status });
    }
    return found;
  }
}

/** @param goesOn - told whenever a piece has come */
async function readAtMost(response: Response, most: number, goesOn: () => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    const before = length;
    length += part.value.length;
    if (Math.floor(length / PIECE) > Math.floor(before / PIECE)) goesOn();
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
