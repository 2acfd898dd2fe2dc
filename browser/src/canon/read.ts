/** One e-mail address or telephone number as typed, to what the private check evaluates; as `floodmark check` reads it. */

import { asked } from "./asked.ts";
import type { Asked, Refused } from "./asked.ts";

export type { Asked, Problem, Refused } from "./asked.ts";
export { countries } from "./countries.ts";
export type { Country } from "./countries.ts";

/** In code points; the longest identifier has 254 bytes. */
const LONGEST = 1024;

/**
 * @param text as typed
 * @param country where a national telephone number is dialled, ISO 3166-1 alpha-2, or null
 */
export function read(text: string, country: string | null): Asked | Refused {
  if (text.length > 2 * LONGEST) return { problem: "too-much-text" };
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "empty" };
  if (trimmed.replace(/^@/, "").includes("@")) {
    const address = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}$/i.exec(trimmed);
    return address ? asked("email", trimmed.toLowerCase()) : { problem: "not-an-email", part: "whole" };
  }
  const number = trimmed.replace(/[\s().-]/g, "");
  if (!/^\+?[0-9]+$/.test(number)) return { problem: "not-a-phone" };
  if (!number.startsWith("+") && country === null) return { problem: "needs-country" };
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? asked("phone", number) : { problem: "not-a-phone" };
}
