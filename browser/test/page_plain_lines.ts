/** Reads a text and a length a line, and answers what is shown of it, for tests/integration/test_browser_page.py. */

import { createInterface } from "node:readline";

import { plain } from "../src/page/plain.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const [text, longest] = JSON.parse(line) as [string, number];
  process.stdout.write(`${JSON.stringify(plain(text, longest))}\n`);
}
