import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, Words } from "../src/page/words.ts";

const english = new Words("en-GB");
const german = new Words("de");
const FORMS = { one: "{n} leak", other: "{n} leaks" };
const WAITS = {
  seconds: { one: "{n} second", other: "{n} seconds" },
  minutes: { one: "{n} minute", other: "{n} minutes" },
  hours: { one: "{n} hour", other: "{n} hours" },
};

test("a value is put where its name stands, and is no pattern itself", () => {
  assert.equal(filled("{a} and {b}, {a}", { a: "$&{b}", b: "2" }), "$&{b} and 2, $&{b}");
  assert.equal(filled("{unknown}", {}), "{unknown}");
});

test("a number is written, and takes the form, as the language has it", () => {
  assert.equal(english.counted(FORMS, 1), "1 leak");
  assert.equal(english.counted(FORMS, 12345), "12,345 leaks");
  assert.equal(german.counted(FORMS, 12345), "12.345 leaks");
  assert.equal(english.counted({ other: "{n} in all" }, 1), "1 in all");
});

test("an estimate has as many digits as it deserves", () => {
  assert.equal(english.about(6347.65), "6,300");
  assert.equal(english.about(26.7), "27");
  assert.equal(english.about(3.007), "3");
  assert.equal(german.about(104_000_000, 3), "104.000.000");
});

test("a date is written as precisely as it is known", () => {
  assert.equal(english.partial("2019"), "2019");
  assert.equal(english.partial("2019-08"), "August 2019");
  assert.equal(german.partial("2019-03-01"), "1. März 2019");
});

test("a day is that of the calendar in UTC", () => {
  assert.equal(english.day(new Date("2026-11-22T23:59:59Z")), "22 November 2026");
});

test("a wait is rounded up to what people count in", () => {
  const waits = [1, 59, 61, 3599, 3600, 40_000, 86_400].map((seconds) => english.wait(seconds, WAITS));
  assert.deepEqual(waits, ["1 second", "59 seconds", "2 minutes", "60 minutes", "1 hour", "12 hours", "24 hours"]);
});
