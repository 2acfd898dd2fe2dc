import assert from "node:assert/strict";
import { test } from "node:test";

import { countries } from "../src/canon/read.ts";
import { countryOf, crowdOf, spokenIn } from "../src/page/countries.ts";
import type { PageData } from "../src/page/data.ts";

const data = {
  subscriptions: { US: [373e6, 2022], CA: [35e6, 2022], DE: [104e6, 2022], GB: [81.6e6, 2022] },
} as unknown as PageData;

test("the country is that of the first language that names one", () => {
  assert.equal(spokenIn(["de-AT", "en-GB"]), "AT");
  assert.equal(spokenIn(["de", "en-GB"]), "GB");
  assert.equal(spokenIn(["zh-Hant-TW"]), "TW");
  assert.equal(spokenIn(["es-419", "ca-ES-valencia"]), "ES");
});

test("no country is guessed from a language alone, nor from one that has no numbers", () => {
  assert.equal(spokenIn(["en", "de", "pt"]), null);
  assert.equal(spokenIn(["en-QQ", "x-klingon", "", "en-150"]), null);
  assert.equal(spokenIn([]), null);
});

test("a crowd is all who share a calling code", () => {
  assert.deepEqual(crowdOf("+1 2125550100", data), {
    callingCode: "1",
    country: "US",
    shared: true,
    subscriptions: 408e6,
    year: 2022,
  });
  assert.deepEqual(crowdOf("+49 30 123456", data), {
    callingCode: "49",
    country: "DE",
    shared: false,
    subscriptions: 104e6,
    year: 2022,
  });
});

test("a crowd that nobody has counted is said to be that", () => {
  assert.deepEqual(crowdOf("+383 44 123456", data), {
    callingCode: "383",
    country: null,
    shared: false,
    subscriptions: 0,
    year: 0,
  });
});

test("a number's country is named where there is no doubt", () => {
  assert.equal(countryOf("+49 30 123456", null), "DE");
  assert.equal(countryOf("+49 30 123456", "GB"), "DE");
  assert.equal(countryOf("+1 4165550100", null), null);
  assert.equal(countryOf("+1 4165550100", "CA"), "CA");
  assert.equal(countryOf("+999 1", null), null);
});

test("no calling code is the beginning of another", () => {
  const codes = [...new Set(countries().map(({ callingCode }) => callingCode))];
  assert.ok(codes.length > 200);
  for (const code of codes) assert.deepEqual(codes.filter((one) => one.startsWith(code)), [code]);
});
