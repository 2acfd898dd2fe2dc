/** The countries of telephone numbers: their picker, which one a browser speaks of, and how many telephones they have. */

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

/** The country of the first language that names one: AT for `de-AT`. Never guessed from an address or a language alone. */
export function spokenIn(languages: readonly string[]): string | null {
  for (const language of languages) {
    const region = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)/i.exec(language)?.[1]?.toUpperCase();
    if (region !== undefined && CALLING_CODES.has(region)) return region;
  }
  return null;
}

/** All telephones that begin with the calling code of a number, and where those are. */
export interface Crowd {
  readonly callingCode: string;
  /** Of the countries that share the code the one with most telephones; null where none is counted. */
  readonly country: string | null;
  readonly shared: boolean;
  readonly subscriptions: number;
  readonly year: number;
}

/** @param number in E.164, with or without spaces */
export function crowdOf(number: string, data: PageData): Crowd {
  const callingCode = callingCodeOf(number) ?? "";
  const counted = codes(callingCode).filter((code) => data.subscriptions[code] !== undefined);
  const size = (code: string) => data.subscriptions[code]![0];
  const largest = [...counted].sort((one, other) => size(other) - size(one))[0] ?? null;
  return {
    callingCode,
    country: largest,
    shared: codes(callingCode).length > 1,
    subscriptions: counted.reduce((sum, code) => sum + size(code), 0),
    year: largest === null ? 0 : data.subscriptions[largest]![1],
  };
}

/** The one country of a number, as far as its calling code or a choice tells. */
export function countryOf(number: string, chosen: string | null): string | null {
  const callingCode = callingCodeOf(number);
  if (callingCode === undefined) return null;
  if (chosen !== null && CALLING_CODES.get(chosen) === callingCode) return chosen;
  const there = codes(callingCode);
  return there.length === 1 ? there[0]! : null;
}

/** No calling code is the beginning of another. */
function callingCodeOf(number: string): string | undefined {
  const digits = number.replace(/[^0-9]/g, "");
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => codes(code).length > 0);
}

/** The countries that have a calling code. */
function codes(callingCode: string): string[] {
  return [...CALLING_CODES].filter(([, one]) => one === callingCode).map(([code]) => code);
}
