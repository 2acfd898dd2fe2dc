/** The mapping of UTS-46 (section 4), written by tools/browser_domains.py from the pinned `idna`. */

import { isOfUnicode14 } from "./characters.ts";
import { MAPPING_DISTANCES, MAPPING_LENGTHS, MAPPING_POINTS, MAPPING_RUNS } from "./data/domains.ts";
import { nfc } from "./normalisation.ts";
import { once, Runs, signed, unpack } from "./packing.ts";

const [REFUSED, VALID, DROPPED, MOVED, IN_TURN] = [0, 1, 2, 3, 4];

/** A name in lower case, compatible characters replaced, in NFC; null where it has a character that no name may have. */
export function mapped(name: string): string | null {
  let text = "";
  for (const character of name) {
    const replacement = replaced(character.codePointAt(0)!);
    if (replacement === null) return null;
    text += replacement;
  }
  return nfc(text, isOfUnicode14);
}

function replaced(point: number): string | null {
  const { runs, distances, texts } = tables();
  const what = runs.at(point);
  const index = runs.index(point);
  const offset = point - runs.start(index);
  if (what === REFUSED) return null;
  if (what === DROPPED) return "";
  if (what === VALID || (what === IN_TURN && offset % 2 === 1)) return String.fromCodePoint(point);
  if (what === IN_TURN) return String.fromCodePoint(point + 1);
  return what === MOVED ? String.fromCodePoint(point + distances.get(index)!) : texts.get(point)!;
}

const tables = once(() => {
  const runs = new Runs(MAPPING_RUNS, 8);
  const distances = new Map<number, number>();
  const texts = new Map<number, string>();
  const [steps, lengths, points] = [unpack(MAPPING_DISTANCES), unpack(MAPPING_LENGTHS), unpack(MAPPING_POINTS)];
  let [step, length, at, first] = [0, 0, 0, 0];

  // A text's first code point counts from that of the text before, the others from the one before.
  function text(): string {
    let before = first;
    let made = "";
    for (let rest = lengths[length++]!; rest >= 0; rest--) {
      const point = before + signed(points[at++]!);
      if (made === "") first = point;
      made += String.fromCodePoint(point);
      before = point;
    }
    return made;
  }

  for (let index = 0; runs.start(index) <= 0x10ffff; index++) {
    const start = runs.start(index);
    const what = runs.at(start);
    if (what === MOVED) distances.set(index, signed(steps[step++]!));
    if (what <= IN_TURN) continue;
    for (let point = start; point < runs.start(index + 1); point++) texts.set(point, text());
  }
  return { runs, distances, texts };
});
