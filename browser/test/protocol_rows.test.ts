import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { openSnapshot } from "../src/protocol/envelope.ts";
import { parseManifest } from "../src/protocol/manifest.ts";
import { bucketOf, lookUp } from "../src/protocol/rows.ts";
import { checkedAnswer } from "../src/protocol/tree.ts";
import { drained, drawn, ENVELOPE, hex, NOW, PROTOCOL, refused, ROOT_KEY, type Json } from "./protocol_vectors.ts";

const OUTPUTS = new Map<string, Uint8Array>(PROTOCOL.check.inputs.map((item: Json) => [item.input, hex(item.output)]));
const ANSWERS = Object.entries<string>(PROTOCOL.answers).map(
  ([bucket, answer]) => [Number(bucket), hex(answer)] as const,
);
const { snapshot } = drained(openSnapshot(ENVELOPE, ROOT_KEY, NOW));

test("the bucket of an output is that of the vectors", () => {
  for (const item of PROTOCOL.check.inputs) assert.equal(bucketOf(hex(item.output)), item.bucket);
});

for (const sealed of PROTOCOL.sealed) {
  const manifest = parseManifest(sealed.manifest);
  const numbers = new Map(sealed.members.map((one: Json) => [`${one.kind}:${one.canonical}`, one.number]));

  test(`${sealed.slug} holds its members and nobody else, with cells of ${sealed.cell_bytes} bytes`, () => {
    let seen = 0;
    for (const [input, output] of OUTPUTS) {
      const rows = sealed.buckets[bucketOf(output)];
      if (rows === undefined) continue;
      assert.equal(lookUp(hex(rows), manifest, output), numbers.get(input));
      seen += 1;
    }
    assert.ok(seen >= numbers.size);
  });
}

/** A leak, an output, and the tag and pad that it has in the leak. */
function place(cellBytes: number, fieldSets: number) {
  const random = drawn(cellBytes);
  const leak = { sealId: random(16), cellBytes, fieldSets: Array.from({ length: fieldSets }, () => []) };
  const output = random(64);
  const key = createHmac("sha256", output.subarray(32)).update("floodmark/seal/1").update(leak.sealId).digest();
  const row = (number: number, change = 0) => {
    const cell = Buffer.alloc(4);
    cell.writeUInt32BE(number);
    const found = Buffer.concat([key.subarray(0, 6), cell.subarray(4 - cellBytes)]);
    for (let at = 6; at < 6 + cellBytes; at += 1) found[at]! ^= key[at]!;
    found[0]! ^= change;
    return found;
  };
  const stranger = () => Buffer.from(random(6 + cellBytes));
  return { leak, output, row, stranger };
}

for (const cellBytes of [2, 4]) {
  test(`of rows with the tag, the first that names a field set is the hit, cells of ${cellBytes} bytes`, () => {
    const { leak, output, row, stranger } = place(cellBytes, 3);
    const found = (...rows: Buffer[]) => lookUp(Buffer.concat(rows), leak, output);
    assert.equal(found(row(0)), 0);
    assert.equal(found(stranger(), row(2), stranger()), 2);
    assert.equal(found(row(3), row(1), row(2)), 1);
    assert.equal(found(row(256 ** cellBytes - 1), row(0)), 0);
    assert.equal(found(row(2), row(1)), 2);
    assert.equal(found(row(3)), undefined);
    assert.equal(found(row(1, 128)), undefined);
    assert.equal(found(stranger()), undefined);
    assert.equal(found(), undefined);
  });
}

test("no row is a hit in a leak without field sets", () => {
  const { leak, output, row } = place(2, 0);
  assert.equal(lookUp(row(0), leak, output), undefined);
});

for (const [bucket, answer] of ANSWERS) {
  test(`the answer for bucket ${bucket} leads to the root, and holds the rows of its leaks`, () => {
    const rows = checkedAnswer(snapshot, bucket, answer);
    assert.deepEqual(
      rows.map((one) => one.length),
      snapshot.leaks.map(({ manifest }) => manifest.stride),
    );
    assert.deepEqual(Buffer.concat(rows), Buffer.from(answer.subarray(0, answer.length - 512)));
  });
}

test("an answer for another bucket is refused, and one with any bit flipped", () => {
  const [[bucket, answer], [, other]] = [ANSWERS[0]!, ANSWERS[1]!];
  const broken = refused("answer-broken");
  assert.throws(() => checkedAnswer(snapshot, bucket, other), broken);
  for (let bit = 0; bit < 16; bit += 1)
    assert.throws(() => checkedAnswer(snapshot, bucket ^ (1 << bit), answer), broken);
  for (let place = 0; place < answer.length; place += 7) {
    const changed = answer.slice();
    changed[place]! ^= 1 << (place % 8);
    assert.throws(() => checkedAnswer(snapshot, bucket, changed), broken);
  }
});

test("an answer of another length is refused", () => {
  const [bucket, answer] = ANSWERS[0]!;
  for (const other of [answer.subarray(1), answer.subarray(0, -1), new Uint8Array(), Buffer.concat([answer, answer])]) {
    assert.throws(() => checkedAnswer(snapshot, bucket, other), refused("answer-broken"));
  }
});
