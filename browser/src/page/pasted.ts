/**
 * What comes along with an address that was pasted from a page or a letter: quotation marks, bullets, other looks of
 * letters. Canon 1 takes almost any sign as a part of an address, so with one of them it would be another address, which is
 * in no leak: "not found" would be said of somebody who is. `exposure/check/pasted.py` has the same rule.
 *
 * Categories and compatibility forms are the browser's own: of characters that there are they do not change, and later ones
 * are refused by canon 1 before the @, and here at the end of a domain.
 */

import { read } from "../canon/read.ts";
import type { Asked, Refused } from "../canon/read.ts";
import { hasAnother, isPlain } from "./dialled.ts";

const PAIRS = new Map([
  ['"', '"'], ["'", "'"], ["`", "`"], ["“", "”"], ["„", "“”"], ["”", "”"], ["«", "»"], ["»", "«"], ["‹", "›"], ["›", "‹"],
  ["‘", "’"], ["‚", "‘’"], ["’", "’"],
]);
// Unicode's White_Space and the mark that begins a file: neither `trim` nor Python's `strip` takes just these.
const SPACES = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+";
const AROUND = new RegExp(`^${SPACES}|${SPACES}$`, "g");
// Signs within words, that some languages write (RFC 5892, appendix A, and its exceptions); alone they are bullets.
const WITHIN_WORDS =
  /([lL])\u00b7(?=[lL])|([^\0-\x7f])[\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u30fb](?=[^\0-\x7f])/gu;
const STOPS = /[.。．｡]/; // full stops of East Asia are as good as others
const NOT_FIRST = /^['`*]/;
// Letters of Latin beside Greek and Cyrillic ones, many of which look the same: nobody writes a word in both.
const ALIKE = "\\u0370-\\u03ff\\u0400-\\u052f\\u1c80-\\u1c8f\\u1f00-\\u1fff\\u2de0-\\u2dff\\ua640-\\ua69f";
const TWO_SCRIPTS = new RegExp(`[A-Za-z][${ALIKE}]|[${ALIKE}][A-Za-z]`);
// Half-width and full-width forms, forms of Arabic letters for printing, and what cannot be seen.
const FORM =
  /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\uffef\u{e0100}-\u{e01ef}]/u;

/** A text without white space and one pair of quotation marks around it. */
export function unquoted(text: string): string {
  const plain = text.replace(AROUND, "");
  const closing = PAIRS.get(plain.charAt(0));
  return plain.length > 1 && closing?.includes(plain.slice(-1)) ? plain.slice(1, -1).replace(AROUND, "") : plain;
}

/** What a person typed or pasted says, as `read` has it. */
export function readTyped(text: string, country: string | null): Asked | Refused {
  const plain = unquoted(text);
  const found = read(plain, country);
  if ("problem" in found) return found;
  if (found.kind === "phone") {
    if (hasAnother(plain)) return { problem: "not-a-phone" };
    return isPlain(plain, country) ? found : { problem: "needs-country" };
  }
  const part = strange(plain);
  return part === null ? found : { problem: "not-an-email", part };
}

/** The part of an address that has something in it that no address is written with. */
function strange(address: string): "local" | "domain" | null {
  const [local, domain] = address.replace(WITHIN_WORDS, "$1$2").split("@") as [string, string];
  if (NOT_FIRST.test(address) || TWO_SCRIPTS.test(local) || foreign(local).some(isNotOfLocal)) return "local";
  const last = domain.split(STOPS).filter((label) => label !== "").at(-1) ?? "";
  const odd = foreign(domain.split(STOPS).join("")).some((one) => /\p{P}/u.test(one)) || foreign(last).some(isNotOfTop);
  return odd || TWO_SCRIPTS.test(domain) ? "domain" : null;
}

function foreign(text: string): string[] {
  return Array.from(text).filter((one) => one > "\x7f");
}

function isNotOfLocal(one: string): boolean {
  return /[\p{P}\p{S}]/u.test(one) || isForm(one);
}

/** Some domains have pictures for names, but none that others are under. */
function isNotOfTop(one: string): boolean {
  return !/[\p{L}\p{M}\p{N}\u200c\u200d]/u.test(one);
}

/** Whether it is another look of something else: a ligature, full-width, circled, raised. A domain folds these. */
function isForm(one: string): boolean {
  const plain = one.normalize("NFKC");
  return FORM.test(one) || (plain !== one && /[A-Za-z0-9]/.test(plain));
}
