/** Reads `{"text", "country"}` a line and answers what `read` makes of it, for tests/integration/test_browser_canon.py. */

import { createInterface } from "node:readline";

import { read } from "../src/canon/read.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const { text, country } = JSON.parse(line) as { text: string; country: string | null };
  const found = read(text, country);
  const answer = "problem" in found ? found : { ...found, data: Buffer.from(found.data).toString("hex") };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
