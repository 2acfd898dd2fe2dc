/**
 * What comes along with an address that was pasted from a page or a letter: quotation marks, bullets. Canon 1 takes almost
 * any sign as a part of an address, so with one of them it would be another address, which is in no leak: "not found" would
 * be said of somebody who is. `exposure/check/pasted.py` has the same rule.
 */

import { read } from "../canon/read.ts";
import type { Asked, Refused } from "../canon/read.ts";

const PAIRS = new Map([
  ['"', '"'], ["'", "'"], ["“", "”"], ["„", "“”"], ["”", "”"], ["«", "»"], ["»", "«"], ["‹", "›"], ["›", "‹"], ["‘", "’"], ["‚", "‘’"], ["’", "’"],
]);
/** Characters beyond ASCII, but for those that are parts of names in some languages, and full stops of East Asia. */
const FOREIGN = /(?![·・。．｡͵׳״۽۾་])[^\x00-\x7f]/u;
const PUNCTUATION = /\p{P}/u;
const SIGN = /[\p{P}\p{S}]/u;

/** A text without white space and one pair of quotation marks around it. */
export function unquoted(text: string): string {
  const plain = text.trim();
  const closing = PAIRS.get(plain.charAt(0));
  return plain.length > 1 && closing?.includes(plain.slice(-1)) ? plain.slice(1, -1).trim() : plain;
}

/** What a person typed or pasted says, as `read` has it. */
export function readTyped(text: string, country: string | null): Asked | Refused {
  const plain = unquoted(text);
  const found = read(plain, country);
  if (!("kind" in found) || found.kind !== "email") return found;
  const at = plain.indexOf("@");
  if (has(SIGN, plain.slice(0, at)) || /^['`*]/.test(plain)) return { problem: "not-an-email", part: "local" };
  return has(PUNCTUATION, plain.slice(at + 1)) ? { problem: "not-an-email", part: "domain" } : found; // domains may have pictures
}

function has(sign: RegExp, text: string): boolean {
  return Array.from(text).some((one) => FOREIGN.test(one) && sign.test(one));
}
