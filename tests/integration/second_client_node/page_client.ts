/** The page's client, asked as `run.mjs` asks the second one: `open` gives a code for each that is refused. */

import { text } from "node:stream/consumers";
import { check, Refusal } from "../../../browser/src/protocol/check.ts";
import { openSnapshot } from "../../../browser/src/protocol/envelope.ts";

const asked = JSON.parse(await text(process.stdin));
const rootKey = Uint8Array.from(Buffer.from(asked.root, "hex"));

if (asked.open)
  console.log(JSON.stringify(asked.open.map((envelope: string) => opens(Buffer.from(envelope, "base64")))));
else console.log(JSON.stringify(await checked(asked.check)));

/** True, or the code of the refusal. */
function opens(envelope: Uint8Array): true | string {
  try {
    const opening = openSnapshot(envelope, rootKey, new Date(asked.now));
    while (!opening.next(new Uint8Array()).done) continue;
    return true;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

async function checked(inputs: readonly string[]): Promise<unknown> {
  const all = [];
  for (const input of inputs) {
    all.push(await check({ source: asked.address, rootKey, data: new TextEncoder().encode(input) }));
  }
  return {
    found: all.map(({ leaks }) => leaks.map(({ slug, fieldTypes }) => [slug, fieldTypes])),
    sent: all.flatMap(({ sent }) => sent.map(({ method, path }) => [method, path])),
  };
}
