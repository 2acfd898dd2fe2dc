/**
 * Normalisation Form C (Unicode Standard Annex 15) with tables of our own.
 *
 * `String.prototype.normalize` follows the Unicode version of the browser, and a mark that it does not know stays where it
 * was typed: two browsers could come to two addresses.
 */

import { COMBINING_CLASSES, DECOMPOSITIONS, NOT_COMPOSED } from "./data/normalisation.ts";
import { once, signed, unpack } from "./packing.ts";

const [FIRST_SYLLABLE, SYLLABLES] = [0xac00, 11172];
const [LEADING, VOWEL, TRAILING] = [0x1100, 0x1161, 0x11a7];
const [LEADINGS, VOWELS, TRAILINGS] = [19, 21, 28];

/**
 * @param text without halves of surrogate pairs
 * @param knows which characters the tables are used for; others stand for themselves and never move
 */
export function nfc(text: string, knows: (point: number) => boolean = () => true): string {
  if (/^[\0-\u02ff]*$/.test(text)) return text; // nothing below the first combining mark changes alone
  const points: number[] = [];
  for (const character of text) decompose(character.codePointAt(0)!, knows, points);
  order(points, knows);
  return String.fromCodePoint(...compose(points, knows));
}

/** Combining class, 0 of a character that is none. */
export function combiningClass(point: number): number {
  return tables().classes.get(point) ?? 0;
}

function decompose(point: number, knows: (point: number) => boolean, into: number[]): void {
  const syllable = point - FIRST_SYLLABLE;
  const pair = knows(point) ? tables().pairs.get(point) : undefined;
  if (syllable >= 0 && syllable < SYLLABLES) {
    into.push(LEADING + Math.floor(syllable / (VOWELS * TRAILINGS)));
    into.push(VOWEL + Math.floor((syllable % (VOWELS * TRAILINGS)) / TRAILINGS));
    if (syllable % TRAILINGS) into.push(TRAILING + (syllable % TRAILINGS));
  } else if (pair) {
    for (const part of pair) decompose(part, knows, into);
  } else {
    into.push(point);
  }
}

/** Sorts every run of marks by class, those of one class as they were. */
function order(points: number[], knows: (point: number) => boolean): void {
  const rank = (point: number): number => (knows(point) ? combiningClass(point) : 0);
  let start = 0;
  while (start < points.length) {
    let end = start;
    while (end < points.length && rank(points[end]!) > 0) end++;
    if (end - start > 1) {
      const marks = points.slice(start, end).sort((a, b) => rank(a) - rank(b));
      marks.forEach((mark, at) => (points[start + at] = mark));
    }
    start = end + 1;
  }
}

function compose(points: readonly number[], knows: (point: number) => boolean): number[] {
  const composed: number[] = [];
  let starter = -1; // where it is in `composed`
  let last = -1; // class of what stands behind the starter; -1 nothing
  for (const point of points) {
    const rank = knows(point) ? combiningClass(point) : 0;
    const whole = starter >= 0 && last < rank ? together(composed[starter]!, point) : undefined;
    if (whole !== undefined && knows(whole)) {
      composed[starter] = whole;
      continue;
    }
    if (rank === 0) starter = composed.length;
    last = rank === 0 ? -1 : rank;
    composed.push(point);
  }
  return composed;
}

function together(first: number, second: number): number | undefined {
  const leading = first - LEADING;
  const vowel = second - VOWEL;
  if (leading >= 0 && leading < LEADINGS && vowel >= 0 && vowel < VOWELS) {
    return FIRST_SYLLABLE + (leading * VOWELS + vowel) * TRAILINGS;
  }
  const syllable = first - FIRST_SYLLABLE;
  const trailing = second - TRAILING;
  if (syllable >= 0 && syllable < SYLLABLES && syllable % TRAILINGS === 0 && trailing > 0 && trailing < TRAILINGS) {
    return first + trailing;
  }
  return tables().composites.get(`${first} ${second}`);
}

const tables = once(() => {
  const pairs = new Map<number, readonly number[]>();
  const composites = new Map<string, number>();
  const classes = new Map<number, number>();
  let point = 0;
  const apart = new Set(unpack(NOT_COMPOSED).map((step) => (point += step)));
  const rows = unpack(DECOMPOSITIONS);
  point = 0;
  for (let at = 0; at < rows.length; at += 3) {
    point += rows[at]!;
    const first = point + signed(rows[at + 1]!);
    const second = rows[at + 2]! - 1;
    pairs.set(point, second < 0 ? [first] : [first, second]);
    if (second >= 0 && !apart.has(point)) composites.set(`${first} ${second}`, point);
  }
  const runs = unpack(COMBINING_CLASSES);
  point = 0;
  for (let at = 0; at < runs.length; at += 3) {
    point += runs[at]!;
    for (const end = point + runs[at + 1]!; point <= end; point++) classes.set(point, runs[at + 2]!);
  }
  return { pairs, composites, classes };
});
