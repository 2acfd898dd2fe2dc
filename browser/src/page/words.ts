/** Texts with their values filled in; numbers, dates and waits as the page's language writes them. */

import type { Forms, Phrases } from "./data.ts";
import { element } from "./dom.ts";

export type Values = Readonly<Record<string, string>>;

/** `{name}` becomes the value of that name. */
export function filled(text: string, values: Values): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The ways of one language. */
export class Words {
  readonly #locale: string;
  readonly #plural: Intl.PluralRules;

  constructor(locale: string) {
    this.#locale = locale;
    this.#plural = new Intl.PluralRules(locale);
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.#locale).format(value);
  }

  /** With so many digits as an estimate deserves. */
  about(value: number, digits = 2): string {
    return new Intl.NumberFormat(this.#locale, { maximumSignificantDigits: digits }).format(value);
  }

  /** A text with `{n}` in it, in the form for that number. */
  counted(forms: Forms, n: number, values: Values = {}): string {
    return filled(forms[this.#plural.select(n)] ?? forms["other"]!, { n: this.number(n), ...values });
  }

  /** A day of the calendar in UTC. */
  day(date: Date): string {
    return this.#date(date, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  /** Day and time where the reader is. */
  moment(date: Date): string {
    return this.#date(date, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
  }

  /** `2019`, `2019-08` or `2019-08-31` in words. */
  partial(text: string): string {
    const [year, month, day] = text.split("-").map(Number);
    if (month === undefined) return text;
    const date = new Date(Date.UTC(year!, month - 1, day ?? 1));
    return day === undefined ? this.#date(date, { month: "long", year: "numeric", timeZone: "UTC" }) : this.day(date);
  }

  /** Items as one phrase. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.#locale, { type: "conjunction" }).format(items);
  }

  /** A text with items in the place of a name, as nodes: which way one of them is written does not turn the others. */
  listed(text: string, name: string, items: readonly string[]): (Node | string)[] {
    const [before = "", after = ""] = text.split(`{${name}}`);
    const parts = new Intl.ListFormat(this.#locale, { type: "conjunction" }).formatToParts(items);
    return [before, ...parts.map(({ type, value }) => (type === "element" ? element("bdi", value) : value)), after];
  }

  /** A time to wait of at most a day or so, rounded up: 90 seconds are two minutes. */
  wait(seconds: number, waits: Phrases["waits"]): string {
    for (const [size, name] of [[3_600, "hours"], [60, "minutes"]] as const) {
      if (seconds >= size) return this.counted(waits[name], Math.ceil(seconds / size));
    }
    return this.counted(waits.seconds, seconds);
  }

  #date(date: Date, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.#locale, options).format(date);
  }
}
