/** What somebody typed, as the protocol evaluates it, or why it cannot be (protocol 1, section 1). */

/** Why a text is no identifier. Codes are stable: the page has a sentence for each. */
export type Problem =
  | "empty" // nothing was typed
  | "too-much-text" // longer than any identifier
  | "not-an-email" // there is an @, and it is no address; `part` says where
  | "not-a-phone" // letters, or several numbers
  | "lost-digits" // a spreadsheet rounded it: 4.47912E+11
  | "needs-country" // a national number, and no country was chosen
  | "unknown-calling-code" // no country has it
  | "too-short" // for the country of `country`
  | "too-long"
  | "wrong-length" // between two lengths that exist
  | "area-code-missing" // right as dialled next door only
  | "unassigned"; // right length, but no number of the country begins so

/** An identifier. */
export interface Asked {
  readonly kind: "phone" | "email";
  /** What is blinded: kind, a colon, the canonical form. */
  readonly data: Uint8Array;
  /** For the person who typed it: the number in groups, the domain without `xn--`. */
  readonly shown: string;
}

/** A text that is no identifier. Nothing of it is kept. */
export interface Refused {
  readonly problem: Problem;
  /** ISO 3166-1 alpha-2, for the problems of a telephone number of a known country. */
  readonly country?: string;
  readonly callingCode?: string;
  /** Of an e-mail address: which part is wrong; `whole` where it is too long or has no single @. */
  readonly part?: "local" | "domain" | "whole";
}

/** The bytes that are blinded: `kind ":" canonical` in UTF-8. */
export function asked(kind: Asked["kind"], canonical: string, shown: string): Asked {
  return { kind, data: new TextEncoder().encode(`${kind}:${canonical}`), shown };
}
