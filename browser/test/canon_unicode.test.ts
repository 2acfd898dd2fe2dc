import assert from "node:assert/strict";
import { test } from "node:test";

import { domainName } from "../src/canon/domains.ts";
import { nfc } from "../src/canon/normalisation.ts";
import { Runs, signed, unpack } from "../src/canon/packing.ts";
import { decode, encode } from "../src/canon/punycode.ts";

const ASSIGNED = /^\p{Assigned}$/u;
const every = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) => point < 0xd800 || point > 0xdfff);

test("every character is normalised as a current engine does it, alone and between marks", () => {
  for (const point of every) {
    const one = String.fromCodePoint(point);
    if (!ASSIGNED.test(one)) continue;
    for (const text of [one, `e${one}\u0301`, `\u0327${one}\u0316`]) assert.equal(nfc(text), text.normalize("NFC"), text);
  }
});

test("sequences of Hangul letters and of marks are normalised as a current engine does it", () => {
  const letters = [..."\u1100\u1112\u1161\u1175\u11a7\u11a8\u11c2\uac00\uac01\ud788ea\u0301\u0327\u0345\u0323\u0300\u03b1\u0b47\u0b56"];
  for (const a of letters) for (const b of letters) for (const c of letters) for (const d of letters) {
    const text = a + b + c + d;
    assert.equal(nfc(text), text.normalize("NFC"));
  }
});

test("a character that is left out stands for itself and never moves", () => {
  const without = (point: number): boolean => point !== 0x316 && point !== 0xe9;
  assert.equal(nfc("e\u0301", without), "e\u0301");
  assert.equal(nfc("a\u0301\u0316", without), "á\u0316");
  assert.equal(nfc("a\u0316\u0301", without), "a\u0316\u0301");
});

// RFC 3492, section 7.1, without mixed case.
const SAMPLES: ReadonlyArray<readonly [string, string]> = [
  ["ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"],
  ["他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"],
  ["почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"],
  ["3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"],
  ["パフィーdeルンバ", "de-jg4avhby1noc0d"],
  ["ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"],
];

test("Punycode is that of RFC 3492", () => {
  for (const [unicode, ascii] of SAMPLES) {
    assert.equal(encode(unicode), ascii);
    assert.equal(decode(ascii), unicode);
  }
});

test("what is no Punycode is refused", () => {
  for (const text of ["9", "99999999", "z".repeat(60), "é", "a-b_", "A", "0".repeat(5000)]) assert.equal(decode(text), null, text);
});

test("a name is mapped by Unicode's table and not by the browser's URL parser", () => {
  const ascii = (name: string): string | null => domainName(name)?.ascii ?? null;
  assert.equal(ascii("Bücher.Example"), "xn--bcher-kva.example");
  assert.equal(ascii("faß.example"), "xn--fa-hia.example");
  assert.equal(ascii("日本。jp"), "xn--wgv71a.jp");
  assert.equal(ascii("\u{1f984}.example"), "xn--3s9h.example");
  assert.equal(ascii("-a--b-.example"), "-a--b-.example");
  assert.equal(ascii("a\u00adb\u200b.example"), "ab.example");
  assert.equal(ascii("क्\u200dष.example"), "xn--11b2ezcw70k.example");
  for (const name of [
    "a b.example", "a_b.example", "a..example", "xn--a.example", "xn--abc-.example", "xn--BCHER-.example", "a\u05d0.example",
    "\u0301a.example", "a\u200db.example", "\u{17000}\u200dy.example", "\u05d01\u0661.example", "1.\u05d0", "\ufffd.example",
    "xn--\u00e9.example", `${"a".repeat(64)}.example`, `${"ü".repeat(60)}.example`,
  ]) {
    assert.equal(ascii(name), null, name);
  }
});

test("packed integers and runs come back", () => {
  assert.deepEqual(unpack("AfgBof"), [0, 31, 32, 1000]);
  assert.deepEqual([0, 1, 2, 3].map(signed), [0, -1, 1, -2]);
  const runs = new Runs("lCAhJ"); // three times 5, once 0, ten times 1
  assert.deepEqual([0, 2, 3, 4, 13, 14].map((at) => runs.at(at)), [5, 5, 0, 1, 1, 0]);
  assert.deepEqual([0, 1, 2].map((index) => runs.start(index)), [0, 3, 4]);
});
