import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { check, Refusal, type Check, type Sent } from "../src/protocol/check.ts";
import { bucketOf, EMAIL, NOW, outputOf, PHONE, STRANGER } from "./protocol_made.ts";
import { serving, type Part, type Server } from "./protocol_server.ts";
import { digits, drawing, refused, ROOT_KEY, utf8 } from "./protocol_vectors.ts";

const PARTS: readonly Part[] = ["snapshot", "evaluate", "buckets"];
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
  assert.doesNotMatch(`${error.message} ${error.stack}`, /ada@|example\.org|127\.0\.0\.1:/);
  return error;
}

/** What a request was, with as many other characters in place of what is random in it. */
const withoutChance = ({ method, path, headers, body }: Server["came"][number]) =>
  JSON.stringify([
    method,
    path,
    headers.map((one) => one.replace(/(?<=^bytes=.*)[0-9]/g, "_")),
    body.replace(/[0-9a-f]{64}/, "_".repeat(64)),
  ]);

test("a check over the network finds what is there", async () => {
  assert.deepEqual(
    (await checked(PHONE)).leaks.map(({ slug }) => slug),
    ["first", "second"],
  );
  assert.deepEqual(
    (await checked(EMAIL)).leaks.map(({ title }) => title),
    ["The leak first"],
  );
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
  assert.deepEqual(
    server.came.map(({ part }) => part),
    ["snapshot", "evaluate", "buckets", "buckets", "buckets", "buckets"],
  );
});

test("what is told as sent is what came, and is told before it is sent", async () => {
  const told: Sent[] = [];
  const { sent } = await checked(EMAIL, {
    onSend: (one) => (assert.equal(server.came.length, told.length), told.push(one)),
  });
  assert.deepEqual(sent, told);
  assert.equal(sent.length, server.came.length);
  server.came.forEach(({ method, path, headers, body }, place) => {
    const one = sent[place]!;
    assert.deepEqual([one.to, one.method, one.path, one.body], [server.address, method, path, body]);
    for (const [name, value] of one.headers) assert.equal(headers[headers.indexOf(name) + 1], value);
  });
  // Three letters stand in random digits by chance, so they are looked for in what is not random.
  assert.doesNotMatch(JSON.stringify(server.came).replace(/[0-9a-f]{32,}/g, ""), /ada|example\.org/);
});

test("nothing beside what the protocol needs is in a request", async () => {
  await checked(EMAIL);
  for (const { headers } of server.came) {
    const names = headers.filter((_, place) => place % 2 === 0).map((name) => name.toLowerCase());
    for (const name of ["cookie", "referer", "authorization", "origin"]) assert.ok(!names.includes(name));
  }
});

test("buckets are asked for by ranges of one length, the needed one among them, and not compressed", async () => {
  await checked(EMAIL);
  const asked = server.came.slice(2).map(({ headers }) => headers);
  const ranges = asked.map((headers) => headers[headers.indexOf("Range") + 1]!);
  assert.equal(new Set(ranges.map((range) => range.length)).size, 1);
  const buckets = ranges.map((range) => Number(range.slice(6).split("-")[0]) / server.made.answerBytes);
  assert.ok(buckets.includes(bucketOf(EMAIL)) && new Set(buckets).size === 4);
  for (const headers of asked) assert.equal(headers[headers.indexOf("accept-encoding") + 1], "identity");
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
    assert.deepEqual(
      evaluator.came.map(({ part }) => part),
      ["evaluate"],
    );
    assert.deepEqual(
      server.came.map(({ part }) => part),
      ["snapshot", ...Array(4).fill("buckets")],
    );
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

for (const source of [
  "",
  "/v1",
  "http://check.example.org",
  "ftp://127.0.0.1",
  "https://me@example.org",
  "https://me:it@example.org",
  "https://example.org?a",
  "https://example.org/#a",
  "javascript:1",
  "http://127.0.0.1.example.org",
]) {
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
