/** Countries and regions with telephone numbers of their own, and their calling codes. */

import { CODES_OF_NO_COUNTRY, COUNTRIES, MAIN_COUNTRIES } from "./data/countries.ts";
import { once } from "./packing.ts";

export interface Country {
  /** ISO 3166-1 alpha-2 (and XK, AC, TA). Its name: `new Intl.DisplayNames(language, {type: "region"}).of(code)`. */
  readonly code: string;
  /** Digits without the plus; several countries may share it. */
  readonly callingCode: string;
}

/** Every country that `read` takes, sorted by code. */
export const countries: () => readonly Country[] = once(() => parsed(COUNTRIES));

/** Calling code of each country, by its code. */
export const callingCodes: () => ReadonlyMap<string, string> = once(
  () => new Map(countries().map((one) => [one.code, one.callingCode])),
);

/** The calling code that a number (E.164 without the plus) begins with, and its country; the main one of several. */
export function origin(number: string): { readonly callingCode: string; readonly country: string | null } | null {
  for (let length = 1; length <= 3; length++) {
    const callingCode = number.slice(0, length);
    const country = byCallingCode().get(callingCode);
    if (country !== undefined) return { callingCode, country };
  }
  return null;
}

const byCallingCode = once(() => {
  const every: Array<[string, string | null]> = CODES_OF_NO_COUNTRY.split(" ").map((code) => [code, null]);
  // Of two entries with one calling code the later is kept: the main country.
  for (const one of [...countries(), ...parsed(MAIN_COUNTRIES)]) every.push([one.callingCode, one.code]);
  return new Map(every);
});

function parsed(list: string): Country[] {
  return list.split(" ").map((one) => ({ code: one.slice(0, 2), callingCode: one.slice(2) }));
}
