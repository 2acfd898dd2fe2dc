/**
 * Whether a telephone number that a person typed says of which country it is.
 *
 * A dump has numbers with the calling code and without a plus, so `read` takes digits so where it can. Of a person they are
 * digits as dialled at home: read from abroad, one of fifty would be a valid number of another country, which is in no leak.
 * `exposure/check/dialled.py` has the same rule.
 */

import { read } from "../canon/read.ts";
import { typed } from "../canon/typed.ts";

// Behind a comma, digits are an extension; so many are another number.
const ANOTHER = /[,;#~][ \t]*[0-9]{7,9}[ \t]*#?$/;

/** Whether there is a second number in the text, read as an extension of the first. */
export function hasAnother(text: string): boolean {
  return ANOTHER.test(text);
}

/**
 * Whether a valid number can be meant in one way only. With a plus or 00 it can. Other digits are dialled within the
 * country: they are no number where that is not known, nor where they are valid from abroad only, nor where they begin with
 * the country's own calling code and are valid with it and without.
 */
export function isPlain(text: string, country: string | null): boolean {
  const found = typed(text);
  if (typeof found === "string" || found.plus || /^00[^0]/.test(found.digits)) return true;
  if (country === null) return false;
  const abroad = numberOf(found.digits, null);
  if (abroad === null) return true;
  const { shown, digits } = abroad;
  const within = numberOf(digits.slice(shown.indexOf(" ") - 1), country);
  return (numberOf(text, country)?.digits === digits) === (within?.digits === digits);
}

/** Digits of a number and how it is shown, its calling code first; null where it is none. */
function numberOf(text: string, country: string | null): { readonly digits: string; readonly shown: string } | null {
  const found = read(text, country);
  return "kind" in found ? { digits: found.shown.replace(/[^0-9]/g, ""), shown: found.shown } : null;
}
