import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson, readOneForm, written } from "../src/protocol/json.ts";
import { drawn, refused } from "./protocol_vectors.ts";

const CODE = "evaluation-broken";

for (const text of [
  "{}",
  ' {"a" : [1, {"a": "b"}], "b":{"a":null}}\n',
  '["\\"a\\":", "b\\\\", {"": {"": true}}]',
  '{"a":"\\u0061\\":"}',
  "0",
  '"1.5e3"',
]) {
  test(`JSON is read in any spelling: ${text.trim()}`, () => assert.deepEqual(readJson(text, CODE), JSON.parse(text)));
}

for (const text of [
  "",
  "{",
  "[1,]",
  "{'a':1}",
  "NaN",
  "[1] [2]",
  '{"a":1}x',
  "\ufeff[]",
  "[\u00a01]",
  '{"a":1,"a":1}',
  '{"a":1,"\\u0061":2}',
  '[{"b":{"a":1,"c":[],"a":2}}]',
  '{"":0,"" :0}',
  '{"__proto__":1,"__proto__":2}',
  "1.0",
  "[1.5]",
  "1e3",
  '{"a":-1E2}',
  "[0.0]",
]) {
  test(`JSON is refused: ${text}`, () => assert.throws(() => readJson(text, CODE), refused(CODE)));
}

test("the one form of random values is read as they are, and with any white space or name more it is refused", () => {
  const random = drawn(5);
  for (let round = 0; round < 300; round += 1) {
    const value = made(random, 3);
    const text = written(value);
    assert.deepEqual(readOneForm(text, CODE), value);
    assert.deepEqual(readJson(text, CODE), value);
    assert.match(text, /^[\n\x20-\x7e]*$/);
    for (const other of [` ${text}`, `${text}\n`, text.trimEnd(), text.replace(/^\{/, '{"a":0,"a":0,')]) {
      if (other !== text) assert.throws(() => readOneForm(other, CODE), refused(CODE));
    }
  }
});

test("what is not ASCII is written as the protocol's page has it", () => {
  assert.equal(
    written('\u007f\u00fc\ud83d\ude00/\u0000\u001f\b\f\n\r\t"\\'),
    '"\\u007f\\u00fc\\ud83d\\ude00/\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\"\n',
  );
});

function made(random: (bytes: number) => Uint8Array, depth: number): unknown {
  const [kind, size] = random(2) as unknown as [number, number];
  const text = () =>
    String.fromCharCode(
      ...Array.from(random(size % 6), (byte) => byte * (byte % 3 ? 1 : 200)).filter(
        (code) => code < 0xd800 || code > 0xdfff,
      ),
    );
  switch (depth ? kind % 6 : kind % 4) {
    case 0:
      return text();
    case 1:
      return (kind * 256 + size) * (size % 2 ? 1 : -1) || 0;
    case 2:
      return size % 2 === 0;
    case 3:
      return null;
    case 4:
      return Array.from({ length: size % 5 }, () => made(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: size % 5 }, (_, place) => [`n${place}${text()}`, made(random, depth - 1)]),
      );
  }
}
