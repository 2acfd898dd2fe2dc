/** A server on this machine that hosts a snapshot, evaluates, keeps what it is sent, and lies when told to. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { made, type Made } from "./protocol_made.ts";
import { evaluated, type Json } from "./protocol_vectors.ts";

export type Part = "snapshot" | "evaluate" | "buckets";

/** One request as it came. */
export interface Came {
  readonly part: Part;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

export type Lie = (honest: Answer, came: Came, response: ServerResponse) => Answer | undefined;

export interface Server {
  readonly address: string;
  readonly made: Made;
  readonly came: Came[];
  /** Who answers instead; undefined for an answer of their own. */
  readonly lies: Partial<Record<Part, Lie>>;
  close(): Promise<void>;
}

export async function serving(snapshot: Made = made()): Promise<Server> {
  const came: Came[] = [];
  const lies: Partial<Record<Part, Lie>> = {};
  const listening = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url!;
    const part = path.endsWith("/buckets.bin") ? "buckets" : (path.split("/").at(-1) as Part);
    const one = {
      part,
      method: request.method!,
      path,
      headers: request.rawHeaders,
      body: Buffer.concat(chunks).toString(),
    };
    came.push(one);
    const honest = honestly(snapshot, one, request.headers.range);
    const given = lies[part] ? lies[part](honest, one, response) : honest;
    if (given) response.writeHead(given.status, given.headers).end(given.body);
  }

  return {
    address: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    made: snapshot,
    came,
    lies,
    close: () => {
      listening.closeAllConnections();
      return new Promise((resolve) => listening.close(() => resolve()));
    },
  };
}

function honestly({ buckets, envelope, id }: Made, { part, path, body }: Came, range: string | undefined): Answer {
  if (part === "snapshot") return { status: 200, body: envelope() };
  if (part === "evaluate") return { status: 200, body: JSON.stringify([evaluated(body)] satisfies Json[]) };
  const [, first, last] = (/^bytes=([0-9]+)-([0-9]+)$/.exec(range ?? "") ?? []).map(Number);
  if (path !== `/v1/snapshots/${id}/buckets.bin` || first === undefined || last === undefined)
    return { status: 404, body: "" };
  const headers = { "Content-Range": `bytes ${first}-${last}/${buckets.length}` };
  return { status: 206, headers, body: buckets.subarray(first, last + 1) };
}
