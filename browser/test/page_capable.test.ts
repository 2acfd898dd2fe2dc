import assert from "node:assert/strict";
import { test } from "node:test";

import { capable } from "../src/page/capable.ts";

const browser = {
  ...{ AbortController, BigInt, ReadableStream, fetch, Object, String, Array, crypto },
  Intl: Object.fromEntries(["ListFormat", "PluralRules", "NumberFormat", "DateTimeFormat"].map((name) => [name, Object])),
  Element: { prototype: { replaceChildren: () => undefined } },
};

test("a browser that has all can check", () => {
  assert.equal(capable(browser), true);
});

test("a browser that could not show the answer is not to ask", () => {
  const { ListFormat: _, ...Intl } = browser.Intl;
  assert.equal(capable({ ...browser, Intl }), false);
  assert.equal(capable({ ...browser, AbortController: undefined }), false);
  assert.equal(capable({ ...browser, Element: undefined }), false);
});
