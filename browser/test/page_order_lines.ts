/** Reads a language and names a line, and answers the names in its order, for tests/integration/test_browser_page.py. */

import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { language, names } = JSON.parse(line) as { language: string; names: string[] };
  process.stdout.write(`${JSON.stringify(names.toSorted(new Intl.Collator(language).compare))}\n`);
}
