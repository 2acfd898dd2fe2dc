/** Countries and regions with telephone numbers of their own, and their calling codes. */

import { COUNTRIES } from "./data/countries.ts";

export interface Country {
  /** ISO 3166-1 alpha-2 (and XK, AC, TA). Its name: `new Intl.DisplayNames(language, { type: "region" }).of(code)`. */
  readonly code: string;
  /** Digits without the plus; several countries share some, and +1 has no other. */
  readonly callingCode: string;
}

/** Every country that `read` takes, sorted by code. */
export function countries(): readonly Country[] {
  return COUNTRIES.split(" ").map((one) => ({ code: one.slice(0, 2), callingCode: one.slice(2) }));
}
