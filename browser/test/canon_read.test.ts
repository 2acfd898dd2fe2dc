import assert from "node:assert/strict";
import { test } from "node:test";

import { countries, read } from "../src/canon/read.ts";

function refusal(text: string, country: string | null = null): unknown {
  const found = read(text, country);
  return "problem" in found ? found : "read";
}

function shown(text: string, country: string | null = null): string {
  const found = read(text, country);
  return "problem" in found ? found.problem : found.shown;
}

test("what is evaluated is the kind, a colon and the canonical form", () => {
  const found = read("(020) 7946-0000 ext. 12", "GB");
  assert.ok(!("problem" in found));
  assert.equal(found.kind, "phone");
  assert.equal(new TextDecoder().decode(found.data), "phone:+442079460000");
});

test("what was understood is shown in groups behind its calling code, and with its domain for people", () => {
  assert.equal(shown("020 7946 0000", "GB"), "+44 207 946 0000");
  assert.equal(shown("00 1 202 555 0123"), "+1 202 555 0123");
  assert.equal(shown("Ada@XN--BCHER-KVA.example."), "ada@bücher.example");
  const alike = "\u0430\u0440\u0440\u04cf\u0435.example";
  assert.equal(shown(`ada@${alike}`), `ada@${alike} (xn--80ak6aa92e.example)`);
});

test("an old number is shown as the number that it has become", () => {
  assert.equal(shown("+52 1 55 1234 5678"), "+52 551 234 5678");
});

test("a number as dialled at home needs its country", () => {
  assert.deepEqual(refusal("020 7946 0000"), { problem: "needs-country" });
  assert.deepEqual(refusal("7946 0000"), { problem: "needs-country" });
});

test("a number that no country has is refused with the reason and the country that it names", () => {
  assert.deepEqual(refusal("+33 1 23"), { problem: "too-short", country: "FR", callingCode: "33" });
  assert.deepEqual(refusal("01 23", "FR"), { problem: "too-short", country: "FR", callingCode: "33" });
  assert.deepEqual(refusal("00 49 1", "FR"), { problem: "too-short", country: "DE", callingCode: "49" });
  assert.deepEqual(refusal("+44 20 7946 0000 00"), { problem: "too-long", country: "GB", callingCode: "44" });
  assert.deepEqual(refusal("555 0123", "US"), { problem: "area-code-missing", country: "US", callingCode: "1" });
  assert.deepEqual(refusal("+1 202 055 0123"), { problem: "unassigned", country: "US", callingCode: "1" });
  assert.deepEqual(refusal("+800 1234"), { problem: "too-short", callingCode: "800" });
  assert.deepEqual(refusal("+999 1234 5678"), { problem: "unknown-calling-code" });
  assert.deepEqual(refusal("+0 44 20 7946 0000"), { problem: "unknown-calling-code" });
  assert.deepEqual(refusal("4.47912E+11"), { problem: "lost-digits" });
});

test("a refused address says which part is wrong", () => {
  assert.deepEqual(refusal("ada@"), { problem: "not-an-email", part: "domain" });
  assert.deepEqual(refusal("ada@localhost"), { problem: "not-an-email", part: "domain" });
  assert.deepEqual(refusal("ada@127.0.0.1"), { problem: "not-an-email", part: "domain" });
  assert.deepEqual(refusal('"ada lovelace"@example.org'), { problem: "not-an-email", part: "local" });
  assert.deepEqual(refusal("Ada <ada@example.org>"), { problem: "not-an-email", part: "local" });
  assert.deepEqual(refusal("ada@example@org"), { problem: "not-an-email", part: "whole" });
  assert.deepEqual(refusal(`ada@${"a.".repeat(125)}org`), { problem: "not-an-email", part: "whole" });
});

test("a text of spaces and marks is empty, and words are no number", () => {
  for (const text of ["", "  \u0085\u3000", "tel:", '"'.repeat(3)]) assert.deepEqual(refusal(text), { problem: "empty" });
  for (const text of ["hello", "call +44 20 7946 0000", "@ada"]) assert.deepEqual(refusal(text), { problem: "not-a-phone" });
});

test("a country that there is not is a mistake of the caller", () => {
  for (const country of ["ZZ", "001", "gb", "", "__proto__", "constructor"]) {
    assert.throws(() => read("1", country), RangeError);
  }
});

test("every country has a calling code and can be chosen", () => {
  const all = countries();
  assert.equal(all.length, 245);
  for (const { code, callingCode } of all) {
    assert.match(code, /^[A-Z]{2}$/);
    assert.match(callingCode, /^[1-9][0-9]{0,2}$/);
    assert.equal(shown("0", code) === "needs-country", false);
  }
});

test("a long or broken text is refused before anything looks at it closely", () => {
  assert.deepEqual(refusal("1".repeat(1025)), { problem: "too-much-text" });
  assert.deepEqual(refusal("\u{1f984}".repeat(1025)), { problem: "too-much-text" });
  assert.deepEqual(refusal("\ud800@example.org"), { problem: "not-an-email", part: "whole" });
  assert.deepEqual(refusal("+44\udc00"), { problem: "not-a-phone" });
});

test("the longest hostile texts have an answer", () => {
  const texts = [
    `x@${"\u0301\u0316".repeat(510)}`, `+44${";a=b".repeat(250)}1!`, `1${" x ".repeat(340)}!`, `${",".repeat(1000)}1x`,
    `tel${" ".repeat(1000)}x`, `a@xn--${"9".repeat(1000)}`, `a@xn--${"a".repeat(1000)}`, `${" ".repeat(500)}x${" ".repeat(500)}!`,
    "\u{1d7ce}".repeat(1024), `a@${"\ufdfa".repeat(1000)}`, `a@${"\u05d0\u200c".repeat(500)}`, "(".repeat(1024), "+".repeat(1024),
  ];
  for (const text of texts) assert.notEqual(refusal(text, "DE"), "read");
});
