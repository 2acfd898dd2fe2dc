/** What the server put into the page for its script: addresses, the root key, and every text in the page's language. */

import type { Catalogue } from "./advice.ts";

/** A text by plural category (`Intl.PluralRules`). */
export type Forms = Readonly<Record<string, string>>;
type Texts<Name extends string> = Readonly<Record<Name, string>>;

export interface RefusalTexts {
  readonly title: string;
  readonly text: string;
  readonly next: string;
}

interface Learnt {
  readonly who: string;
  readonly what: string;
}

/** Of whoever could try identifiers, what they would try by kind. */
interface Guessing {
  readonly who: string;
  readonly what: ByKind;
}

/** As `home_texts.phrases` makes them. */
export interface Phrases {
  readonly readAs: Texts<"phone" | "phoneOf" | "email">;
  readonly steps: Texts<"snapshot" | "evaluation" | "bucket">;
  readonly problems: Readonly<Record<string, string>>;
  readonly refusals: Readonly<Record<string, RefusalTexts>>;
  readonly result: ResultTexts;
  readonly sent: SentTexts;
  readonly waits: Readonly<Record<"seconds" | "minutes" | "hours", Forms>>;
}

export type Sureness = "verified" | "unverified" | "fabricated" | "spamList" | "malware" | "synthetic";
type ByKind = Texts<"phone" | "email">;

export interface ResultTexts
  extends Texts<"foundText" | "foundUnsure" | "foundMixed" | "foundDoubtful" | "foundSynthetic" | "snapshot">,
    Texts<"notFoundText" | "otherCountry" | "nothingKnown">,
    Texts<"taken" | "takenUnknown" | "published" | "publishedUnknown" | "because"> {
  readonly found: Forms;
  readonly notFound: Forms;
  readonly notFoundInSome: Forms;
  readonly nothingKnownText: ByKind;
  readonly nothingKnownNext: ByKind;
  readonly notLookedIn: ByKind;
  /** A badge, and a sentence. */
  readonly sure: Readonly<Record<Sureness, readonly [string, string]>>;
}

export interface SentTexts extends Texts<"snapshot" | "evaluation" | "bucket" | "bytes" | "added" | "preflight"> {
  readonly intro: Forms;
  readonly one: Guessing;
  readonly evaluator: Learnt;
  readonly host: Learnt;
  readonly both: Guessing;
  readonly nobody: Learnt;
  readonly crowd: Texts<"who" | "few" | "uncounted" | "unknown" | "here" | "email" | "again" | "source"> & { readonly phone: Forms };
}

/** As `home_data.home_data` makes it. */
export interface PageData {
  readonly rootKey: string;
  /** Address of the server with the drawers; null for this one. */
  readonly source: string | null;
  readonly evaluator: string | null;
  readonly fetched: number;
  readonly buckets: number;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  readonly texts: Phrases;
  readonly fieldNames: Readonly<Record<string, string>>;
  readonly advising: Catalogue;
  /** Codes and names, in the order of the language. */
  readonly countries: readonly (readonly [string, string])[];
  /** Mobile subscriptions and the year of the count, by country. */
  readonly subscriptions: Readonly<Record<string, readonly [number, number]>>;
  /** First number of each range and its country, ascending, for calling codes that several countries have. */
  readonly regions: readonly (readonly [number, string])[];
}

/** Read it from the page's `<script type="application/json">`. */
export function pageData(): PageData {
  return JSON.parse(document.getElementById("data")!.textContent!) as PageData;
}

/** A field type in the page's language; one that it does not know is shown as it is. */
export function fieldName(label: string, { fieldNames }: PageData): string {
  return Object.hasOwn(fieldNames, label) ? fieldNames[label]! : label.replaceAll("_", " ");
}
