/** Values of files as the protocol's page gives them a form; anything else is refused. */

import { hexToBytes } from "@noble/curves/utils.js";
import { Refusal, type Code } from "./refusal.ts";

export const HEX_16 = /^[0-9a-f]{32}$/;
export const HEX_32 = /^[0-9a-f]{64}$/;
export const HEX_64 = /^[0-9a-f]{128}$/;
const MOMENT = /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/;
const DATE = /^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$/;
const HALF_A_PAIR = /\p{Surrogate}/u;

/** Refuses in the name of one file: `new Form("manifest-broken")`. */
export class Form {
  readonly code: Code;

  constructor(code: Code) {
    this.code = code;
  }

  /** Throw unless it holds. */
  demand(holds: boolean, message: string): asserts holds {
    if (!holds) throw new Refusal(this.code, message);
  }

  text(value: unknown, form: RegExp): string {
    this.demand(typeof value === "string" && form.test(value), "text of another form");
    return value;
  }

  /** Any text of Unicode; half a surrogate pair, which JSON can spell, is none. */
  words(value: unknown): string {
    this.demand(typeof value === "string" && !HALF_A_PAIR.test(value), "no text");
    return value;
  }

  bytes(value: unknown, form: RegExp): Uint8Array {
    return hexToBytes(this.text(value, form));
  }

  flag(value: unknown): boolean {
    this.demand(typeof value === "boolean", "neither true nor false");
    return value;
  }

  list(value: unknown): readonly unknown[] {
    this.demand(Array.isArray(value), "no list");
    return value as readonly unknown[];
  }

  /** An integer; those above 2^53 - 1, which are of nothing that anybody could fetch, are refused with the rest. */
  number(value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
    this.demand(Number.isSafeInteger(value), "no number");
    const found = value as number;
    this.demand(found >= least && found <= most, "a number out of its range");
    return found;
  }

  moment(value: unknown): Date {
    const text = this.text(value, MOMENT);
    this.demand(isDay(text.slice(0, 10)), "a day that no month has");
    const found = new Date(text);
    this.demand(!Number.isNaN(found.getTime()) && found.toISOString().slice(11, 19) === text.slice(11, 19), "no time");
    return found;
  }

  /** A date, or the year or month of one, or null. */
  date(value: unknown): string | null {
    if (value === null) return null;
    const text = this.text(value, DATE);
    this.demand(isDay(text + "-01-01".slice(text.length - 4)), "no date");
    return text;
  }
}

function isDay(text: string): boolean {
  const found = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().slice(0, 10) === text && !text.startsWith("0000");
}
