/** What comes along with a pasted address is no part of it: the same cases as in Python. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readTyped } from "../src/page/pasted.ts";

const VECTORS = new URL("../../tests/vectors/pasted.json", import.meta.url);
const { addresses } = JSON.parse(readFileSync(VECTORS, "utf8")) as { addresses: [string, string | null][] };

for (const [pasted, meant] of addresses) {
  test(`${pasted} is ${meant ?? "refused"}`, () => {
    const found = readTyped(pasted, null);
    assert.equal("data" in found ? new TextDecoder().decode(found.data) : null, meant === null ? null : `email:${meant}`);
  });
}
