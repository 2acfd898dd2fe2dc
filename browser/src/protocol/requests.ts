/** The requests that a check is made of, as they are sent and as they can be shown. */

import { LARGEST_ENVELOPE } from "./envelope.ts";
import { LARGEST_EVALUATION } from "./evaluation.ts";
import type { Ask } from "./asking.ts";

/**
 * A request as it was sent, as far as a script can know.
 *
 * What a browser adds by itself (host, user agent, languages, the page's origin) cannot be seen from a script. It
 * is the same for every check and depends on nothing that was typed.
 */
export interface Sent {
  readonly ask: Ask["ask"];
  /** Scheme, host and port, such as `https://check.example.org`. */
  readonly to: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Those that were set here, in order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Request {
  readonly sent: Sent;
  /** Which alone is an answer. */
  readonly status: number;
  /** Bytes of the longest answer. */
  readonly most: number;
  /** What `Content-Range` has to be, of an answer that has exactly `most` bytes. */
  readonly range?: string;
}

/** Bases below which `v1/` lies. */
export interface Servers {
  readonly source: string;
  readonly evaluator: string;
}

export function requestOf(ask: Ask, servers: Servers): Request {
  switch (ask.ask) {
    case "snapshot":
      return { sent: sentTo(servers.source, ask, "/v1/snapshot"), status: 200, most: LARGEST_ENVELOPE };
    case "evaluation": {
      const headers = [["Content-Type", "application/json"]] as const;
      const posted = { method: "POST", body: ask.body } as const;
      const sent = { ...sentTo(servers.evaluator, ask, "/v1/evaluate", headers), ...posted };
      return { sent, status: 200, most: LARGEST_EVALUATION };
    }
    case "bucket": {
      const { id, answerBytes, bucketsBytes } = ask.snapshot;
      const [first, last] = [ask.bucket * answerBytes, (ask.bucket + 1) * answerBytes - 1];
      // Digits are as many for every bucket, so that a request's size says nothing.
      const padded = (place: number) => String(place).padStart(String(bucketsBytes).length, "0");
      const headers = [["Range", `bytes=${padded(first)}-${padded(last)}`]] as const;
      const sent = sentTo(servers.source, ask, `/v1/snapshots/${id}/buckets.bin`, headers);
      return { sent, status: 206, most: answerBytes, range: `bytes ${first}-${last}/${bucketsBytes}` };
    }
  }
}

function sentTo(base: string, { ask }: Ask, path: string, headers: Sent["headers"] = []): Sent {
  const { origin, pathname } = new URL(base + path);
  return { ask, to: origin, method: "GET", path: pathname, headers, body: "" };
}
