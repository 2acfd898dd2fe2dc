/**
 * Reads `{"text", "country", "typed"}` a line and answers what `read` makes of it, or as typed `readTyped`, for
 * tests/integration/test_browser_canon.py.
 */

import { createInterface } from "node:readline";

import { read } from "../src/canon/read.ts";
import { readTyped } from "../src/page/pasted.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const { text, country, typed } = JSON.parse(line) as { text: string; country: string | null; typed: boolean };
  const found = (typed ? readTyped : read)(text, country);
  const answer = "problem" in found ? found : { ...found, data: Buffer.from(found.data).toString("hex") };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
