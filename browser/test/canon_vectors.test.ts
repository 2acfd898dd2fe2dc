import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { renumbered } from "../src/canon/plan.ts";
import { read } from "../src/canon/read.ts";

function vectors(name: string): any {
  const file = new URL(`../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf-8")).vectors;
}

function canonical(text: string, country: string | null): string | null {
  const found = read(text, country);
  return "problem" in found ? null : new TextDecoder().decode(found.data);
}

test("every e-mail address of canon 1 comes out as written", () => {
  const rows = vectors("canon-1").email.filter((row: any) => row.input?.includes("@"));
  assert.ok(rows.length >= 40);
  for (const row of rows) {
    assert.equal(canonical(row.input, null), row.canonical && `email:${row.canonical}`, row.input);
  }
});

test("a telephone number of canon 1 comes out as written where its country still has it", () => {
  for (const row of vectors("canon-1").phone) {
    const found = canonical(row.input ?? "", null);
    assert.ok(found === null || found === `phone:${row.canonical}`, row.input);
  }
});

test("every cell reads as its vector says", () => {
  for (const { cell, region, parsed } of vectors("phones-parse")) {
    if (typeof cell !== "string" || cell.includes("@")) continue;
    const found = canonical(cell, region);
    if (parsed?.valid) assert.equal(found, `phone:${parsed.e164}`, cell);
    else assert.ok(found === null || found !== `phone:${parsed?.e164}`, cell);
  }
});

test("every renumbering of canon 1 leads to the number that it has become", () => {
  for (const { name, e164, canonical } of vectors("phones-canonical")) {
    if (canonical === null) continue;
    assert.equal(`+${renumbered(e164.slice(1))}`, canonical, name);
  }
});
