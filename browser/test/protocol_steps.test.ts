import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ask } from "../src/protocol/asking.ts";
import { below, withDecoys } from "../src/protocol/decoys.ts";
import { steps, type Asked } from "../src/protocol/steps.ts";
import { bucketOf, EMAIL, made, NOW, PHONE, STRANGER } from "./protocol_made.ts";
import { driven, drawn, evaluated, refused, ROOT_KEY, utf8 } from "./protocol_vectors.ts";

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const snapshot = made();
type Again = Pick<Asked, "drawn" | "onDraw">;

function answer(ask: Ask): Uint8Array {
  switch (ask.ask) {
    case "snapshot":
      return snapshot.envelope();
    case "evaluation":
      return utf8(JSON.stringify([evaluated(ask.body)]));
    case "bucket":
      return snapshot.buckets.subarray(ask.bucket * snapshot.answerBytes, (ask.bucket + 1) * snapshot.answerBytes);
  }
}

const checked = (data: Uint8Array, answering = answer, drawing = random, again: Again = {}) =>
  driven(
    steps({ data, rootKey: ROOT_KEY, ...again }, () => NOW, drawing),
    answering,
  );

test("a check finds the leaks that hold the identifier, and what they say", () => {
  const found = checked(PHONE);
  assert.deepEqual(
    found.leaks.map(({ slug, fieldTypes }) => [slug, fieldTypes]),
    [
      ["first", ["phone", "full_name", "birth_date"]],
      ["second", ["phone"]],
    ],
  );
  assert.deepEqual([found.kind, found.lookedIn, found.notLookedIn], ["phone", 2, []]);
  assert.deepEqual([found.snapshot.leaks, found.snapshot.synthetic, found.snapshot.number], [2, 2, 1]);
});

test("leaks that were not sealed for the kind are named as not looked in", () => {
  const found = checked(EMAIL);
  assert.deepEqual(
    found.leaks.map(({ slug }) => slug),
    ["first"],
  );
  assert.deepEqual([found.lookedIn, found.notLookedIn.map(({ slug }) => slug)], [1, ["second"]]);
});

test("nobody is found who is not there", () => assert.deepEqual(checked(STRANGER).leaks, []));

test("what is asked is one snapshot, one evaluation and four buckets, for a hit and for a miss", () => {
  for (const data of [PHONE, EMAIL, STRANGER]) {
    const asked: string[] = [];
    checked(data, (ask) => (asked.push(ask.ask), answer(ask)));
    assert.deepEqual(asked, ["snapshot", "evaluation", "bucket", "bucket", "bucket", "bucket"]);
  }
});

test("the needed bucket is among four that differ, at each place as often, and decoys are anywhere", () => {
  const places = [0, 0, 0, 0];
  const halves = [0, 0];
  for (let round = 0; round < 4000; round += 1) {
    const numbers = withDecoys(7, drawn(round));
    assert.equal(new Set(numbers).size, 4);
    places[numbers.indexOf(7)]! += 1;
    for (const number of numbers) if (number !== 7) halves[number >> 15]! += 1;
  }
  for (const count of places) assert.ok(Math.abs(count - 1000) < 150, String(places)); // five standard deviations
  for (const count of halves) assert.ok(Math.abs(count - 6000) < 300, String(halves));
});

test("decoys that are drawn twice, or are the needed bucket, are drawn again", () => {
  const queue = [0, 7, 0, 7, 0, 1, 0, 1, 0, 2, 0, 7, 0, 3];
  const numbers = withDecoys(7, (bytes) => Uint8Array.from({ length: bytes }, () => queue.shift() ?? 0));
  assert.deepEqual([...numbers].sort(), [1, 2, 3, 7]);
});

test("a number below another is drawn without a bias: what does not fit is drawn again", () => {
  const queue = [255, 255, 255, 254, 0, 5];
  assert.equal(
    below(3, (bytes) => Uint8Array.from({ length: bytes }, () => queue.shift()!)),
    65_534 % 3,
  );
  const counts = [0, 0, 0];
  for (let high = 0; high < 256; high += 1) {
    for (let low = 0; low < 256; low += 1) {
      const draws = [high, low, 0, 0];
      const number = below(3, (bytes) => Uint8Array.from({ length: bytes }, () => draws.shift()!));
      if (draws.length === 2) counts[number]! += 1; // it was not drawn again
    }
  }
  assert.deepEqual(counts, [21_845, 21_845, 21_845]);
});

test("decoys are anew for each check of the same identifier", () => {
  const asked = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    checked(EMAIL, (ask) => (ask.ask === "bucket" && asked.add(ask.bucket), answer(ask)));
  }
  assert.ok(asked.has(bucketOf(EMAIL)) && asked.size > 10);
});

test("a check that failed is repeated with the buckets that it had drawn, so that failing on purpose tells nothing", () => {
  const asked: number[][] = [];
  let drawn: readonly number[] | undefined;
  for (let round = 0; round < 3; round += 1) {
    const these: number[] = [];
    const lie = (ask: Ask) => {
      if (ask.ask === "bucket") these.push(ask.bucket);
      return these.length === 4 && round < 2 ? utf8("nothing") : answer(ask);
    };
    const again = { drawn, onDraw: (buckets: readonly number[]) => (drawn = buckets) };
    if (round < 2) assert.throws(() => checked(EMAIL, lie, random, again), refused("answer-broken"));
    else assert.equal(checked(EMAIL, lie, random, again).leaks.length, 1);
    asked.push(these);
  }
  assert.deepEqual(asked[1], asked[0]);
  assert.deepEqual(asked[2], asked[0]);
  assert.ok(asked[0]!.includes(bucketOf(EMAIL)));
});

test("buckets that were drawn for another identifier are not asked for", () => {
  const drawn = withDecoys(bucketOf(EMAIL) ^ 1, random).filter((bucket) => bucket !== bucketOf(EMAIL));
  const asked: number[] = [];
  checked(EMAIL, (ask) => (ask.ask === "bucket" && asked.push(ask.bucket), answer(ask)), random, { drawn });
  assert.ok(asked.includes(bucketOf(EMAIL)) && !asked.every((bucket) => drawn.includes(bucket)));
});

test("every answer is verified, of decoys too, and all are asked for whatever one of them holds", () => {
  for (const place of [0, 1, 2, 3]) {
    let buckets = 0;
    const lie = (ask: Ask) => {
      const honest = answer(ask);
      if (ask.ask !== "bucket") return honest;
      buckets += 1;
      if (buckets !== place + 1) return honest;
      const changed = Uint8Array.from(honest);
      changed[5]! ^= 1;
      return changed;
    };
    assert.throws(() => checked(EMAIL, lie), refused("answer-broken"));
    assert.equal(buckets, 4);
  }
});

test("nothing is made of the identifier before the snapshot is verified", () => {
  let drawings = 0;
  const counted = (bytes: number) => ((drawings += 1), random(bytes));
  assert.throws(() => checked(EMAIL, () => utf8("{}"), counted), refused("snapshot-broken"));
  assert.equal(drawings, 0);
});

test("no bucket is asked for when a proof does not hold", () => {
  const asked: string[] = [];
  const first = utf8(
    JSON.stringify([
      evaluated(JSON.stringify({ elements: ["e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"] })),
    ]),
  );
  const lie = (ask: Ask) => (asked.push(ask.ask), ask.ask === "evaluation" ? first : answer(ask));
  assert.throws(() => checked(EMAIL, lie), refused("proof-failed"));
  assert.deepEqual(asked, ["snapshot", "evaluation"]);
});

test("an evaluation of before is refused, since each check blinds anew", () => {
  let kept: Uint8Array | undefined;
  const replay = (ask: Ask) => (ask.ask === "evaluation" ? (kept ??= answer(ask)) : answer(ask));
  assert.equal(checked(EMAIL, replay).leaks.length, 1);
  assert.throws(() => checked(EMAIL, replay), refused("proof-failed"));
});
