/**
 * One e-mail address or telephone number as typed, to what the private check evaluates: the canonical forms of canon 1, as
 * `floodmark check` reads them. Nothing is fetched and nothing depends on the browser's version of Unicode.
 */

import type { Asked, Refused } from "./asked.ts";
import { callingCodes } from "./countries.ts";
import { email } from "./emails.ts";
import { phone } from "./phones.ts";

export type { Asked, Problem, Refused } from "./asked.ts";
export { countries } from "./countries.ts";
export type { Country } from "./countries.ts";

/** In code points; the longest identifier has 254 bytes. */
const LONGEST = 1024;
// Unicode's White_Space; `trim` takes U+FEFF too and leaves U+0085.
const SPACES = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${SPACES}|${SPACES}$`, "g");
const HALF_PAIR = /[\ud800-\udfff]/u; // of whole pairs, `u` sees one character

/**
 * What a text says.
 *
 * @param text as typed; with an @ inside it is an e-mail address, else a telephone number
 * @param country where a national telephone number is dialled, one of `countries()`, or null
 * @throws RangeError there is no such country
 */
export function read(text: string, country: string | null): Asked | Refused {
  if (country !== null && !callingCodes().has(country)) throw new RangeError("no such country");
  if (text.length > 2 * LONGEST || Array.from(text).length > LONGEST) return { problem: "too-much-text" };
  const trimmed = text.replace(AROUND, "");
  if (trimmed === "") return { problem: "empty" };
  const isEmail = /^[^]+@|@[^]*@/.test(trimmed);
  if (HALF_PAIR.test(text)) return isEmail ? { problem: "not-an-email", part: "whole" } : { problem: "not-a-phone" };
  return isEmail ? email(trimmed) : phone(text, country);
}
