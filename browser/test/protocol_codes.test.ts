import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("every code has a row in the docs, and every row is a code", () => {
  const [, union] = /export type Code =(.*?);\n\n/s.exec(read("browser/src/protocol/refusal.ts"))!;
  const codes = Array.from(union!.matchAll(/^ {2}\| "([a-z-]+)"/gm), ([, code]) => code);
  const rows = Array.from(read("docs/reference/page-script.md").matchAll(/^\| `([a-z-]+)` \|/gm), ([, code]) => code);
  assert.ok(codes.length > 15);
  assert.deepEqual(rows.sort(), codes.sort());
});

test("every code is thrown somewhere", () => {
  const files = [
    "address",
    "envelope",
    "evaluation",
    "http",
    "manifest",
    "result",
    "snapshot",
    "statuses",
    "tree",
    "check",
  ];
  const sources = files.map((name) => read(`browser/src/protocol/${name}.ts`)).join("");
  for (const [, code] of read("browser/src/protocol/refusal.ts").matchAll(/^ {2}\| "([a-z-]+)"/gm)) {
    assert.match(sources, new RegExp(`(Refusal|Form)\\("${code}"`));
  }
});
