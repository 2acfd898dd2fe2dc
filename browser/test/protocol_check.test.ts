import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { check, Refusal, type Check, type Code, type Sent } from "../src/protocol/check.ts";
import { bucketOf, EMAIL, NOW, outputOf, PHONE, STRANGER } from "./protocol_made.ts";
import { serving, type Answer, type Lie, type Part, type Server } from "./protocol_server.ts";
import { digits, drawing, refused, ROOT_KEY, utf8 } from "./protocol_vectors.ts";

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
  const error = await checked(EMAIL, options).then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof Refusal, String(error));
  assert.doesNotMatch(`${error.message} ${error.stack}`, /ada|script|127\.0\.0\.1:/);
  return error;
}

/** What a request was, with as many other characters in place of what is random in it. */
const withoutChance = ({ method, path, headers, body }: Server["came"][number]) =>
  JSON.stringify([method, path, headers.map((one) => one.replace(/(?<=^bytes=.*)[0-9]/g, "_")), body.replace(/[0-9a-f]{64}/, "_".repeat(64))]);

test("a check over the network finds what is there", async () => {
  assert.deepEqual((await checked(PHONE)).leaks.map(({ slug }) => slug), ["first", "second"]);
  assert.deepEqual((await checked(EMAIL)).leaks.map(({ title }) => title), ["The leak first"]);
  assert.deepEqual((await checked(STRANGER)).leaks, []);
});

test("requests are the same bytes in the same order for a hit and for a miss, but for what is random", async () => {
  const captured: string[][] = [];
  for (const data of [PHONE, EMAIL, STRANGER, utf8(`email:${"x".repeat(200)}@example.org`)]) {
    server.came.length = 0;
    await checked(data);
    captured.push(server.came.map(withoutChance));
  }
  for (const other of captured) assert.deepEqual(other, captured[0]);
  assert.deepEqual(server.came.map(({ part }) => part), ["snapshot", "evaluate", "buckets", "buckets", "buckets", "buckets"]);
});

test("what is told as sent is what came, and is told before it is sent", async () => {
  const told: Sent[] = [];
  const { sent } = await checked(EMAIL, { onSend: (one) => (assert.equal(server.came.length, told.length), told.push(one)) });
  assert.deepEqual(sent, told);
  assert.equal(sent.length, server.came.length);
  server.came.forEach(({ method, path, headers, body }, place) => {
    const one = sent[place]!;
    assert.deepEqual([one.to, one.method, one.path, one.body], [server.address, method, path, body]);
    for (const [name, value] of one.headers) assert.equal(headers[headers.indexOf(name) + 1], value);
  });
  assert.doesNotMatch(JSON.stringify(server.came), /ada|example\.org/);
});

test("nothing beside what the protocol needs is set in a request", async () => {
  await checked(EMAIL);
  const names = server.came.map(({ headers }) => headers.filter((_, place) => place % 2 === 0).map((name) => name.toLowerCase()));
  for (const one of names) for (const name of ["cookie", "referer", "authorization", "origin"]) assert.ok(!one.includes(name));
  const ranges = server.came.slice(2).map(({ headers }) => headers[headers.indexOf("Range") + 1]!);
  assert.equal(new Set(ranges.map((range) => range.length)).size, 1);
  const first = Number(/=([0-9]+)/.exec(ranges.find((range) => Number(/=([0-9]+)/.exec(range)![1]) === bucketOf(EMAIL) * server.made.answerBytes)!)![1]);
  assert.equal(first, bucketOf(EMAIL) * server.made.answerBytes);
  for (const { headers } of server.came.slice(2)) assert.equal(headers[headers.indexOf("accept-encoding") + 1], "identity");
});

test("a request is made without cookies, referrer, cache and redirects", async () => {
  const inits: RequestInit[] = [];
  await checked(EMAIL, { fetch: (url, init) => (inits.push(init), fetch(url, init)) });
  for (const { credentials, cache, redirect, referrerPolicy, mode } of inits) {
    assert.deepEqual(
      { credentials, cache, redirect, referrerPolicy, mode },
      { credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", mode: "cors" },
    );
  }
  assert.equal(inits.length, 6);
});

test("requests are one at a time", async () => {
  let open = 0;
  let most = 0;
  await checked(EMAIL, {
    fetch: async (url, init) => {
      most = Math.max(most, (open += 1));
      const response = await fetch(url, init);
      const body = await response.arrayBuffer();
      open -= 1;
      return new Response(body, response);
    },
  });
  assert.equal(most, 1);
});

test("two servers are each asked for their part alone", async () => {
  const evaluator = await serving(server.made);
  try {
    assert.equal((await checked(EMAIL, { evaluator: `${evaluator.address}/` })).leaks.length, 1);
    assert.deepEqual(evaluator.came.map(({ part }) => part), ["evaluate"]);
    assert.deepEqual(server.came.map(({ part }) => part), ["snapshot", ...Array(4).fill("buckets")]);
  } finally {
    await evaluator.close();
  }
});

test("a snapshot of before is refused after a later one", async () => {
  const later = server.made.envelope({ number: 2, predecessor: { id: "0".repeat(32), sha256: "0".repeat(64) } });
  server.lies.snapshot = () => ({ status: 200, body: later });
  const { snapshot } = await checked(EMAIL);
  assert.equal((await checked(EMAIL, { seen: snapshot })).snapshot.sha256, snapshot.sha256);
  delete server.lies.snapshot;
  assert.equal((await refusal({ seen: snapshot })).code, "snapshot-older");
});

const LIES: Record<string, readonly [Part, Code, (honest: Answer) => Answer]> = {
  "a snapshot of another root": ["snapshot", "snapshot-broken", ({ body }) => ({ status: 200, body: Buffer.from(body).toString().replace("first", "FIRST") })],
  "a page for a snapshot": ["snapshot", "snapshot-broken", () => ({ status: 200, body: HOSTILE })],
  "no snapshot": ["snapshot", "snapshot-broken", () => ({ status: 200, body: "" })],
  "a page for an evaluation": ["evaluate", "evaluation-broken", () => ({ status: 200, body: HOSTILE })],
  "an evaluation of 641 bytes": ["evaluate", "limit-exceeded", ({ body }) => ({ status: 200, body: String(body).padEnd(641) })],
  "an evaluation with status 201": ["evaluate", "server-failed", ({ body }) => ({ status: 201, body })],
  "all buckets": ["buckets", "server-failed", () => ({ status: 200, body: server.made.buckets })],
  "a bucket without its range": ["buckets", "server-failed", ({ body }) => ({ status: 206, body })],
  "a bucket of which no size is known": ["buckets", "server-failed", ({ headers, body }) => ({ status: 206, headers: { "Content-Range": headers!["Content-Range"]!.replace(/[0-9]+$/, "*") }, body })],
  "another range": ["buckets", "server-failed", ({ body }) => ({ status: 206, headers: { "Content-Range": `bytes 0-${server.made.answerBytes - 1}/${server.made.buckets.length}` }, body })],
  "a byte less": ["buckets", "server-failed", ({ body, ...more }) => ({ ...more, body: body.slice(1) })],
  "a byte more": ["buckets", "limit-exceeded", ({ body, ...more }) => ({ ...more, body: Buffer.concat([body as Buffer, Buffer.alloc(1)]) })],
  "no bytes": ["buckets", "server-failed", (honest) => ({ ...honest, body: "" })],
  "another bucket's bytes": ["buckets", "answer-broken", (honest) => ({ ...honest, body: server.made.buckets.subarray(0, server.made.answerBytes) })],
  "zeros": ["buckets", "answer-broken", (honest) => ({ ...honest, body: new Uint8Array(server.made.answerBytes) })],
  "a bomb": ["buckets", "limit-exceeded", ({ headers }) => ({ status: 206, headers: { ...headers, "Content-Encoding": "gzip" }, body: gzipSync(new Uint8Array(1 << 24)) })],
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
      server.lies[part] = () => ({ status, headers: { "Content-Type": "application/problem+json" }, body: status === 204 ? "" : HOSTILE });
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

for (const [header, seconds] of [["3600", 3600], ["0", 0], ["99999999", undefined], ["Wed, 21 Oct 2026 07:28:00 GMT", undefined], ["-1", undefined], ["", undefined]] as const) {
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

test("a fault of whoever listens is no fault of the network", async () => {
  const onSend = () => {
    throw new RangeError("of the page");
  };
  await assert.rejects(checked(EMAIL, { onSend }), RangeError);
  assert.equal(server.came.length, 0);
});

test("a check that was stopped before it began sends nothing", async () => {
  const error = await refusal({ signal: AbortSignal.abort() });
  assert.equal(error.code, "stopped");
  assert.equal(server.came.length, 0);
});

for (const data of ["", "ada@example.org", "email:", "shoe:42", "Email:ada@example.org", ":x"]) {
  test(`what is no identifier is refused before anything is sent: "${data}"`, async () => {
    await assert.rejects(checked(utf8(data)), refused("not-an-identifier"));
    assert.equal(server.came.length, 0);
  });
}

for (const source of ["", "/v1", "http://check.example.org", "ftp://127.0.0.1", "https://me@example.org", "https://me:it@example.org", "https://example.org?a", "https://example.org/#a", "javascript:1", "http://127.0.0.1.example.org"]) {
  test(`an address is refused before anything is sent: "${source}"`, async () => {
    await assert.rejects(checked(EMAIL, { source }), refused("bad-address"));
    await assert.rejects(checked(EMAIL, { evaluator: source }), refused("bad-address"));
    assert.equal(server.came.length, 0);
  });
}

test("addresses with a path and slashes at their end have v1 below them", async () => {
  const paths: string[] = [];
  const asked = async (url: string, init: RequestInit) => (paths.push(url), fetch(url.replace("/leaks/", "/"), init));
  await checked(EMAIL, { source: `${server.address}/leaks//`, fetch: asked });
  assert.equal(paths[0], `${server.address}/leaks/v1/snapshot`);
});

test("what hides an identifier, and what its evaluation comes to, is overwritten however a check ends", async () => {
  const factor = "0f".repeat(31) + "00";
  const random = (bytes: number) => (bytes === 2 ? crypto.getRandomValues(new Uint8Array(2)) : drawing(factor)(bytes));
  const output = digits(outputOf(EMAIL));
  const overwritten: string[] = [];
  const fill = Uint8Array.prototype.fill;
  Uint8Array.prototype.fill = function (this: Uint8Array, ...rest: Parameters<typeof fill>) {
    overwritten.push(digits(this));
    return fill.apply(this, rest);
  } as typeof fill;
  try {
    await checked(EMAIL, { random });
    assert.ok(overwritten.includes(factor) && overwritten.includes(output));
    overwritten.length = 0;
    server.lies.buckets = () => ({ status: 500, body: "" });
    await assert.rejects(checked(EMAIL, { random }));
    assert.ok(overwritten.includes(factor) && overwritten.includes(output));
    overwritten.length = 0;
    server.lies.evaluate = () => ({ status: 500, body: "" });
    await assert.rejects(checked(EMAIL, { random }));
    assert.ok(overwritten.includes(factor));
  } finally {
    Uint8Array.prototype.fill = fill;
  }
});
