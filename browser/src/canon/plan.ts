/**
 * The world's numbering plans as a decision diagram over digits, written by tools/browser_plan.py.
 *
 * A table has a root for every count of digits; the digits lead from node to node until the rest makes no difference. A
 * leaf is the end (valid, or why not) or an edit of the digits and the table to go on with.
 */

import { callingCodes, countries } from "./countries.ts";
import { BACK, LEAVES, SHAPES, TOKENS } from "./data/plan.ts";
import { once, unpack } from "./packing.ts";

/** What digits are. `number` is E.164 without the plus where there is such a number, valid or not, else null. */
export interface Outcome {
  readonly number: string | null;
  /** `valid`, or one of the reasons in docs/reference/phones.md. */
  readonly reason: string;
}

const TYPED = "+"; // as typed after a plus
const SIGNIFICANT = "="; // E.164
const RENUMBERED = "renumbered";
const MOST_DIGITS = 19;
const MOST_NATIONAL_DIGITS = 18;

/** Digits typed after a plus (or after 00), the first not 0. */
export function international(digits: string): Outcome {
  return follow(TYPED, digits);
}

/** Digits dialled in a country, with their leading zeros. */
export function national(digits: string, country: string): Outcome {
  return digits.length > MOST_NATIONAL_DIGITS ? { number: null, reason: "too_long" } : follow(country, digits);
}

/** A number (E.164 without the plus) after the pinned renumberings of canon 1; the same where there was none. */
export function renumbered(number: string): string {
  const leaf = look(RENUMBERED, number);
  return leaf === "current" ? number : edited(leaf, number, "");
}

function follow(table: string, digits: string): Outcome {
  // A national number becomes one after a plus, and that E.164: two steps at most.
  let [name, text] = [table, digits];
  for (;;) {
    if (text.length > MOST_DIGITS) return { number: null, reason: "too_long" };
    if (name.length === 1 && (text === "" || text.startsWith("0"))) {
      return { number: null, reason: "unknown_calling_code" };
    }
    const leaf = look(name, text);
    if (leaf.startsWith("no:")) return { number: null, reason: leaf.slice(3) };
    if (!leaf.startsWith(TYPED) && !leaf.startsWith(SIGNIFICANT)) return { number: text, reason: leaf };
    text = edited(leaf, text, callingCodes().get(name) ?? "");
    name = leaf.charAt(0);
  }
}

/** Digits after a leaf's edit: `+keep,insert,from,to,rest`, with `C` for the table's own calling code. */
function edited(leaf: string, digits: string, callingCode: string): string {
  const [keep, insert, from, to, rest] = leaf.slice(1).split(",") as [string, string, string, string, string];
  const copied = digits.slice(Number(from), Number(to));
  return digits.slice(0, Number(keep)) + insert.replace("C", callingCode) + copied + digits.slice(Number(rest));
}

function look(table: string, digits: string): string {
  const { children, roots, leaves } = diagram();
  const fewest = table.length === 2 ? 0 : 1;
  let node = roots.get(table)![digits.length - fewest]!;
  for (let at = 0; node >= 0; at++) node = children[10 * node + Number(digits[at])]!;
  return leaves[~node]!;
}

interface Diagram {
  /** Ten for each node, by digit; a leaf is the complement of its number. */
  readonly children: Int16Array;
  readonly roots: ReadonlyMap<string, readonly number[]>;
  readonly leaves: readonly string[];
}

const diagram = once((): Diagram => {
  const [tokens, shapes, back] = [unpack(TOKENS), unpack(SHAPES), unpack(BACK)];
  const children = new Int16Array(10 * shapes.length);
  let [token, nodes, known] = [0, 0, 0];

  // A token of 0 is a node not met before, which follows; 1 one met before; else a leaf.
  function next(): number {
    const kind = tokens[token++]!;
    if (kind > 1) return ~(kind - 2);
    if (kind === 1) return back[known++]!;
    const node = nodes++;
    const shape = shapes[node]!;
    let child = 0;
    for (let digit = 0; digit < 10; digit++) {
      if (digit === 0 || (shape >> (digit - 1)) & 1) child = next();
      children[10 * node + digit] = child;
    }
    return node;
  }

  const roots = new Map<string, number[]>();
  for (const table of [TYPED, SIGNIFICANT, RENUMBERED, ...countries().map((one) => one.code)]) {
    roots.set(table, Array.from({ length: MOST_DIGITS }, next));
  }
  return { children, roots, leaves: LEAVES.split(" ") };
});
