/** Which buckets are asked for, beside the one that is needed (protocol 1, section 6). */

import type { Random } from "./evaluation.ts";
import { BUCKETS } from "./rows.ts";

export const ANSWERS = 4;

/** The bucket among decoys: four numbers, all different, in random order. */
export function withDecoys(bucket: number, random: Random): readonly number[] {
  const numbers = new Set([bucket]);
  while (numbers.size < ANSWERS) numbers.add(below(BUCKETS, random));
  return shuffled([...numbers], random);
}

/** A number below another, at most 65,536, each with the same probability: what does not fit is drawn again. */
export function below(end: number, random: Random): number {
  const fits = BUCKETS - (BUCKETS % end);
  for (;;) {
    const bytes = random(2);
    const number = bytes[0]! * 256 + bytes[1]!;
    if (number < fits) return number % end;
  }
}

/**
 * The buckets of a check that failed, where they are of the same identifier, else others.
 *
 * A server that lies could make somebody repeat a check: of two draws only the needed bucket is in both. `drawn` is from
 * an earlier check; under another key the needed bucket is another, and then all are drawn anew.
 */
export function sameOrDrawn(bucket: number, drawn: readonly number[], random: Random): readonly number[] {
  return drawn.includes(bucket) ? drawn : withDecoys(bucket, random);
}

function shuffled(numbers: readonly number[], random: Random): readonly number[] {
  const found = [...numbers];
  for (let last = found.length - 1; last > 0; last -= 1) {
    const other = below(last + 1, random);
    [found[last], found[other]] = [found[other]!, found[last]!];
  }
  return found;
}
