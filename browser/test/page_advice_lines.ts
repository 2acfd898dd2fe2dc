/** Reads a catalogue, then field types a line, and answers the advice, for tests/integration/test_browser_page.py. */

import { createInterface } from "node:readline";

import { advice, type Catalogue } from "../src/page/advice.ts";

let catalogue: Catalogue | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  if (catalogue === undefined) catalogue = JSON.parse(line) as Catalogue;
  else process.stdout.write(`${JSON.stringify(advice(JSON.parse(line) as string[], catalogue))}\n`);
}
