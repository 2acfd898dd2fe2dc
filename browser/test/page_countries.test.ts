import assert from "node:assert/strict";
import { test } from "node:test";

import { countries } from "../src/canon/read.ts";
import { countryOf, crowdOf, sharesItsCode, spokenIn } from "../src/page/countries.ts";
import type { PageData } from "../src/page/data.ts";

const data = {
  subscriptions: { US: [373e6, 2022], CA: [35e6, 2022], DE: [104e6, 2022], BS: [422e3, 2021] },
  regions: [
    [12052000000, "US"],
    [12423020000, "BS"],
    [14162000000, "CA"],
    [18001400000, "ZZ"],
    [78110000000, "RU"],
  ],
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

test("the country that many browsers are sold for is not taken for where somebody is", () => {
  assert.equal(spokenIn(["en-US", "en"]), null);
  assert.equal(spokenIn(["en-US", "hi-IN"]), "IN");
});

test("a crowd is those of the number's own country, and not of all that share its calling code", () => {
  assert.deepEqual(crowdOf("+1 2125550100", data), {
    callingCode: "1",
    country: "US",
    counted: { subscriptions: 373e6, year: 2022 },
  });
  assert.deepEqual(crowdOf("+1 242 302 0000", data).counted, { subscriptions: 422e3, year: 2021 });
  assert.deepEqual(crowdOf("+49 30 123456", data), {
    callingCode: "49",
    country: "DE",
    counted: { subscriptions: 104e6, year: 2022 },
  });
});

test("a crowd that nobody has counted is said to be that", () => {
  assert.deepEqual(crowdOf("+383 44 123456", data), { callingCode: "383", country: "XK", counted: null });
});

test("a number that no country has, or several, has its calling code all the same, and no country", () => {
  assert.deepEqual(crowdOf("+870 773 111 632", data), { callingCode: "870", country: null, counted: null });
  assert.deepEqual(crowdOf("+1 800 555 0100", data), { callingCode: "1", country: null, counted: null });
});

test("a number's country is named where the plan tells it, whatever was chosen", () => {
  assert.equal(countryOf("+49 30 123456", data), "DE");
  assert.equal(countryOf("+1 416 555 0100", data), "CA");
  assert.equal(countryOf("+7 912 345 67 89", data), "RU");
  assert.equal(countryOf("+1 800 555 0100", data), null);
  assert.equal(countryOf("+212 612 345678", data), "MA");
  assert.equal(countryOf("+999 1", data), null);
});

test("countries that share a calling code are told from those that have their own", () => {
  assert.deepEqual(["US", "JE", "KZ", "DE", "IS"].map(sharesItsCode), [true, true, true, false, false]);
});

test("no calling code is the beginning of another", () => {
  const codes = [...new Set(countries().map(({ callingCode }) => callingCode))];
  assert.ok(codes.length > 200);
  for (const code of codes) assert.deepEqual(codes.filter((one) => one.startsWith(code)), [code]);
});
