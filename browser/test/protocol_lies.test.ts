/** Servers that lie, stall, pour and point elsewhere: refused with a code, bounded, and with nothing of it shown. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { check, Refusal, type Check, type Code } from "../src/protocol/check.ts";
import { PIECE } from "../src/protocol/http.ts";
import { EMAIL, NOW } from "./protocol_made.ts";
import { serving, type Answer, type Part, type Server } from "./protocol_server.ts";
import { ROOT_KEY } from "./protocol_vectors.ts";

const PARTS: readonly Part[] = ["snapshot", "evaluate", "buckets"];
const HOSTILE = "ada@example.org <script>alert(1)</script>";
let server: Server;

before(async () => {
  server = await serving();
});
after(() => server.close());
beforeEach(() => {
  server.came.length = 0;
  for (const part of PARTS) delete server.lies[part];
});

const checked = (data: Uint8Array, options: Partial<Check> = {}) =>
  check({ source: server.address, rootKey: ROOT_KEY, data, now: () => NOW, ...options });

async function refusal(options: Partial<Check> = {}): Promise<Refusal> {
  const error = await checked(EMAIL, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Refusal, String(error));
  assert.doesNotMatch(`${error.message} ${error.stack}`, /ada@|example\.org|<script|alert|127\.0\.0\.1:/);
  return error;
}

const LIES: Record<string, readonly [Part, Code, (honest: Answer) => Answer]> = {
  "a snapshot of another root": [
    "snapshot",
    "snapshot-broken",
    ({ body }) => ({ status: 200, body: Buffer.from(body).toString().replace("first", "FIRST") }),
  ],
  "a page for a snapshot": ["snapshot", "snapshot-broken", () => ({ status: 200, body: HOSTILE })],
  "no snapshot": ["snapshot", "snapshot-broken", () => ({ status: 200, body: "" })],
  "a page for an evaluation": ["evaluate", "evaluation-broken", () => ({ status: 200, body: HOSTILE })],
  "an evaluation of 641 bytes": [
    "evaluate",
    "limit-exceeded",
    ({ body }) => ({ status: 200, body: String(body).padEnd(641) }),
  ],
  "an evaluation with status 201": ["evaluate", "server-failed", ({ body }) => ({ status: 201, body })],
  "all buckets": ["buckets", "server-failed", () => ({ status: 200, body: server.made.buckets })],
  "a bucket without its range": ["buckets", "server-failed", ({ body }) => ({ status: 206, body })],
  "a bucket of which no size is known": [
    "buckets",
    "server-failed",
    ({ headers, body }) => ({
      status: 206,
      headers: { "Content-Range": headers!["Content-Range"]!.replace(/[0-9]+$/, "*") },
      body,
    }),
  ],
  "another range": [
    "buckets",
    "server-failed",
    ({ body }) => ({
      status: 206,
      headers: { "Content-Range": `bytes 0-${server.made.answerBytes - 1}/${server.made.buckets.length}` },
      body,
    }),
  ],
  "a byte less": ["buckets", "server-failed", ({ body, ...more }) => ({ ...more, body: body.slice(1) })],
  "a byte more": [
    "buckets",
    "limit-exceeded",
    ({ body, ...more }) => ({ ...more, body: Buffer.concat([body as Buffer, Buffer.alloc(1)]) }),
  ],
  "no bytes": ["buckets", "server-failed", (honest) => ({ ...honest, body: "" })],
  "another bucket's bytes": [
    "buckets",
    "answer-broken",
    (honest) => ({ ...honest, body: server.made.buckets.subarray(0, server.made.answerBytes) }),
  ],
  zeros: ["buckets", "answer-broken", (honest) => ({ ...honest, body: new Uint8Array(server.made.answerBytes) })],
  "a bomb": [
    "buckets",
    "limit-exceeded",
    ({ headers }) => ({
      status: 206,
      headers: { ...headers, "Content-Encoding": "gzip" },
      body: gzipSync(new Uint8Array(1 << 24)),
    }),
  ],
};

for (const [name, [part, code, lie]] of Object.entries(LIES)) {
  test(`an answer is refused: ${name}`, async () => {
    server.lies[part] = lie;
    assert.equal((await refusal()).code, code);
    assert.equal(server.came.at(-1)!.part, part);
  });
}

for (const part of PARTS) {
  for (const status of [301, 302, 307, 308]) {
    test(`no redirect is followed, of ${part} with ${status}`, async () => {
      server.lies[part] = () => ({ status, headers: { Location: `${server.address}/elsewhere` }, body: "" });
      assert.equal((await refusal()).code, "offline");
      assert.ok(!server.came.some(({ path }) => path.includes("elsewhere")));
    });
  }

  for (const status of [204, 400, 403, 404, 413, 500, 503]) {
    test(`a refusal is told by its status, of ${part} with ${status}, and its text is not read`, async () => {
      server.lies[part] = () => ({
        status,
        headers: { "Content-Type": "application/problem+json" },
        body: status === 204 ? "" : HOSTILE,
      });
      const error = await refusal();
      assert.deepEqual([error.code, error.status], ["server-failed", status]);
    });
  }

  test(`an answer that never ends is cut off, of ${part}`, async () => {
    const closed = Promise.withResolvers<void>();
    server.lies[part] = ({ status, headers }, _, response) => {
      response.on("close", closed.resolve);
      response.writeHead(status, headers);
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20))) continue;
      };
      response.on("drain", pour);
      pour();
      return undefined;
    };
    assert.equal((await refusal()).code, "limit-exceeded");
    await closed.promise;
  });

  test(`an answer that trickles in is given up at the deadline, of ${part}`, async () => {
    server.lies[part] = ({ status, headers }, _, response) => {
      response.writeHead(status, headers);
      const trickle = setInterval(() => (response.destroyed ? clearInterval(trickle) : response.write(" ")), 5);
      return undefined;
    };
    assert.equal((await refusal({ deadline: 200 })).code, "too-slow");
  });

  test(`a large answer on a slow line is waited for while pieces of it come, of ${part}`, async () => {
    server.lies[part] = ({ status, headers }, _, response) => {
      response.writeHead(status, headers);
      let pieces = 0;
      const slow = setInterval(() => {
        if (response.destroyed) return clearInterval(slow);
        pieces += 1;
        if (pieces <= 30) return response.write(Buffer.alloc(PIECE));
        clearInterval(slow);
        return response.end();
      }, 50);
      return undefined;
    };
    assert.equal((await refusal({ deadline: 1000 })).code, part === "snapshot" ? "snapshot-broken" : "limit-exceeded");
  });

  test(`silence is given up at the deadline, of ${part}`, async () => {
    server.lies[part] = () => undefined;
    assert.equal((await refusal({ deadline: 200 })).code, "too-slow");
  });

  test(`a connection that is closed is no answer, of ${part}`, async () => {
    server.lies[part] = (_honest, _came, response) => void response.destroy();
    assert.equal((await refusal()).code, "offline");
  });

  test(`an answer that ends before its end is no answer, of ${part}`, async () => {
    server.lies[part] = ({ status, headers, body }, _, response) => {
      response.writeHead(status, { ...headers, "Content-Length": String(body.length) });
      response.write(body.slice(0, 100), () => response.destroy());
      return undefined;
    };
    assert.equal((await refusal()).code, "offline");
  });

  test(`a check is stopped by whoever asked, at ${part}, and asks nothing more`, async () => {
    const stop = new AbortController();
    server.lies[part] = () => void stop.abort();
    assert.equal((await refusal({ signal: stop.signal })).code, "stopped");
    assert.equal(server.came.at(-1)!.part, part);
  });
}

for (const [header, seconds] of [
  ["3600", 3600],
  ["0", 0],
  ["99999999", undefined],
  ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  ["-1", undefined],
  ["", undefined],
] as const) {
  test(`a budget that is spent says when to come again: Retry-After "${header}"`, async () => {
    server.lies.evaluate = () => ({ status: 429, headers: { "Retry-After": header }, body: "" });
    const error = await refusal();
    assert.deepEqual([error.code, error.retryAfter, error.status], ["budget-spent", seconds, 429]);
  });
}

test("an evaluator of another epoch is told apart", async () => {
  server.lies.evaluate = () => ({ status: 409, body: "" });
  assert.equal((await refusal()).code, "wrong-epoch");
});

test("nobody there is told apart from somebody who refuses", async () => {
  const gone = await serving(server.made);
  await gone.close();
  assert.equal((await refusal({ source: gone.address })).code, "offline");
});
