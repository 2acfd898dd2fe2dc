/** What canon 1 asks of characters: whether Unicode 14.0 has them, and whether a local part may. */

import { LOCAL_PARTS } from "./data/characters.ts";
import { once, Runs } from "./packing.ts";

const [LATER, FIT] = [0, 1];
const runs = once(() => new Runs(LOCAL_PARTS));

/** Characters after Unicode 14.0 have no direction and no class there, and never combine. */
export function isOfUnicode14(point: number): boolean {
  return runs().at(point) !== LATER;
}

/** Whether a local part may hold it: an atom character of RFC 5322 or a dot, or beyond ASCII no space and no control. */
export function fitsLocalPart(point: number): boolean {
  return runs().at(point) === FIT;
}
