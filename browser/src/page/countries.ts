/** The countries of telephone numbers: their picker, which one a browser speaks of, and how many telephones they have. */

import { origin } from "../canon/countries.ts";
import { countries } from "../canon/read.ts";
import type { PageData } from "./data.ts";

const CALLING_CODES: ReadonlyMap<string, string> = new Map(countries().map(({ code, callingCode }) => [code, callingCode]));

/** Fill the picker, in the order of the page's language, and choose the country that the browser's languages name. */
export function fillPicker(picker: HTMLSelectElement, data: PageData): void {
  for (const [code, name] of data.countries) {
    const callingCode = CALLING_CODES.get(code);
    if (callingCode === undefined) continue;
    const option = document.createElement("option");
    option.value = code;
    option.textContent = `${name} (+${callingCode})`;
    picker.append(option);
  }
  picker.value = spokenIn(navigator.languages) ?? "";
}

// Most browsers that name it are elsewhere: it is the country of the language that many are sold in.
const SAYS_NOTHING = "US";

/** The country of the first language that names one: AT for `de-AT`. Never guessed from an address or a language alone. */
export function spokenIn(languages: readonly string[]): string | null {
  for (const language of languages) {
    const region = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)/i.exec(language)?.[1]?.toUpperCase();
    if (region !== undefined && region !== SAYS_NOTHING && CALLING_CODES.has(region)) return region;
  }
  return null;
}

/** All telephones of the country that a number is of. */
export interface Crowd {
  readonly callingCode: string;
  /** Null where the number does not tell it, or has none. */
  readonly country: string | null;
  /** Null where nobody has counted. */
  readonly counted: { readonly subscriptions: number; readonly year: number } | null;
}

/** @param number in E.164, with or without spaces */
export function crowdOf(number: string, data: Pick<PageData, "subscriptions" | "regions">): Crowd {
  const { callingCode } = origin(digitsOf(number)) ?? { callingCode: "" };
  const country = countryOf(number, data);
  const [subscriptions, year] = (country === null ? undefined : data.subscriptions[country]) ?? [null, 0];
  return { callingCode, country, counted: subscriptions === null ? null : { subscriptions, year } };
}

/** The country of a valid number, where the plan tells it: of those that share +1, the one that has 416 is Canada. */
export function countryOf(number: string, { regions }: Pick<PageData, "regions">): string | null {
  const digits = digitsOf(number);
  const from = origin(digits);
  if (from === null) return null;
  if (!regions.some(([, region]) => CALLING_CODES.get(region) === from.callingCode)) return from.country;
  const region = regions.filter(([first]) => first <= Number(digits)).at(-1)?.[1] ?? "";
  return CALLING_CODES.get(region) === from.callingCode ? region : null;
}

/** Whether other countries have the calling code of this one. */
export function sharesItsCode(country: string): boolean {
  const callingCode = CALLING_CODES.get(country);
  return [...CALLING_CODES].filter(([, one]) => one === callingCode).length > 1;
}

/** A country in the page's language. */
export function countryName(code: string, { countries }: Pick<PageData, "countries">): string {
  return countries.find(([one]) => one === code)?.[1] ?? code;
}

function digitsOf(number: string): string {
  return number.replace(/[^0-9]/g, "");
}
