/**
 * JSON that every reader reads alike.
 *
 * `JSON.parse` takes the last of two equal names, where another reader takes the first, and 1.0 for 1.
 * Both are refused.
 */

import { Refusal, type Code } from "./refusal.ts";

export type Table = { readonly [name: string]: unknown };

const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[0-9](?:\.[0-9]|[eE])/g;

/** The value of a text in any spelling, of which every name is there once and every number is a safe integer. */
export function readJson(text: string, code: Code): unknown {
  const value = parsed(text, code);
  // In what has been read as JSON, a string before a colon is a name, and a quote outside a string begins one.
  let names = 0;
  for (const token of text.matchAll(TOKENS)) {
    if (!token[0].startsWith('"')) throw new Refusal(code, "a number with a fraction or an exponent");
    if (token[1] !== undefined) names += 1;
  }
  if (names !== namesIn(value)) throw new Refusal(code, "a name twice");
  return value;
}

/** The value of a text in the one form that manifests, snapshots and envelopes are written in. */
export function readOneForm(text: string, code: Code): unknown {
  const value = parsed(text, code);
  // A name twice, white space, another order of names or spelling of a number would come out otherwise.
  if (writtenOr(value, "") !== text) throw new Refusal(code, "JSON that is not in its one form");
  return value;
}

/** The one form: no white space, what is not ASCII as \uXXXX, and a line feed at the end. */
export function written(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

/** An object with exactly these names, in this order. */
export function named(value: unknown, names: readonly string[], code: Code): Table {
  if (!isTable(value)) throw new Refusal(code, "no object");
  const found = Object.keys(value);
  if (found.length !== names.length || found.some((name, place) => name !== names[place])) {
    throw new Refusal(code, "other names, or in another order");
  }
  return value;
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string, code: Code): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(code, "no JSON");
  }
}

/** The one form; another text for what is too deep to be written. */
function writtenOr(value: unknown, otherwise: string): string {
  try {
    return written(value);
  } catch {
    return otherwise;
  }
}

function namesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const within = Object.values(value);
  return within.reduce((sum: number, one) => sum + namesIn(one), Array.isArray(value) ? 0 : within.length);
}
