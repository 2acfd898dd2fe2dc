/** Rules for the characters of one label: CheckJoiners (RFC 5892, appendix A) and CheckBidi (RFC 5893, section 2). */

import { isOfUnicode14 } from "./characters.ts";
import { CHARACTERS, CLASSES } from "./data/domains.ts";
import { combiningClass } from "./normalisation.ts";
import { once, Runs } from "./packing.ts";

const [NON_JOINER, JOINER] = [0x200c, 0x200d];
const VIRAMA = 9;
// Directions as tools/browser_domains.py numbers them; 7 has ES, CS, ET, ON and BN, 8 all others.
const [UNKNOWN, L, R, AL, AN, EN, NSM, NEUTRAL] = [0, 1, 2, 3, 4, 5, 6, 7];
const [TRANSPARENT, LEFT, RIGHT, DUAL] = [1, 2, 3, 4];

interface Class {
  readonly direction: number;
  readonly joining: number;
  readonly mark: boolean;
}

const runs = once(() => new Runs(CHARACTERS));
const classes = once(() =>
  CLASSES.split(" ").map(
    (one): Class => ({ direction: Number(one[0]), joining: Number(one[1]), mark: one[2] === "1" }),
  ),
);

function classOf(point: number): Class {
  return classes()[runs().at(point)]!;
}

function points(label: string): number[] {
  return Array.from(label, (one) => one.codePointAt(0)!);
}

/** Whether it is a combining mark, with which no label begins. */
export function isMark(point: number): boolean {
  return classOf(point).mark;
}

/** Whether every joiner stands behind a virama, and a non-joiner there or between letters that join. */
export function joinersFit(label: string): boolean {
  if (!/[\u200c\u200d]/.test(label)) return true;
  const all = points(label);
  return all.every((point, at) => {
    if (point !== JOINER && point !== NON_JOINER) return true;
    const before = all[at - 1];
    if (before === undefined || !isOfUnicode14(before)) return false;
    if (combiningClass(before) === VIRAMA) return true;
    const ahead = joining(all.slice(at + 1));
    const behind = joining(all.slice(0, at).reverse());
    return point === NON_JOINER && [LEFT, DUAL].includes(behind) && [RIGHT, DUAL].includes(ahead);
  });
}

/** Joining type of the first character that is not transparent. */
function joining(all: readonly number[]): number {
  return all.map((point) => classOf(point).joining).find((type) => type !== TRANSPARENT) ?? 0;
}

/** Whether it has a character that is written from right to left; then all labels of the name follow the Bidi rule. */
export function hasRightToLeft(label: string): boolean {
  return points(label).some((point) => [R, AL, AN].includes(classOf(point).direction));
}

/** Whether a label follows the Bidi rule. */
export function bidirectional(label: string): boolean {
  const all = points(label).map((point) => classOf(point).direction);
  const last = [...all].reverse().find((direction) => direction !== NSM);
  if (all.includes(UNKNOWN) || last === undefined) return false;
  if (all[0] === L) return all.every((one) => [L, EN, NEUTRAL, NSM].includes(one)) && [L, EN].includes(last);
  if (all[0] !== R && all[0] !== AL) return false;
  const mixed = all.includes(AN) && all.includes(EN);
  return !mixed && all.every((one) => one !== L && one <= NEUTRAL) && [R, AL, AN, EN].includes(last);
}
