/** Lists of integers as short text, written by tools/browser_packing.py. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BITS = new Uint8Array(128);
for (const [bits, character] of [...ALPHABET].entries()) BITS[character.charCodeAt(0)] = bits;

/** The integers of a text: 5 bits to a character, the lowest first; one of 32 or more says that another follows. */
export function unpack(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let weight = 1;
  for (let at = 0; at < text.length; at++) {
    const bits = BITS[text.charCodeAt(at)]!;
    number += (bits % 32) * weight;
    if (bits < 32) {
      numbers.push(number);
      number = 0;
      weight = 1;
    } else {
      weight *= 32;
    }
  }
  return numbers;
}

/** An integer of either sign from one that is not negative: 0, -1, 1, -2, … */
export function signed(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}

/** Small integers by position, in runs of one value. */
export class Runs {
  readonly #ends: number[] = [];
  readonly #values: number[] = [];

  /** @param runs `base × (length - 1) + value` for each run, packed */
  constructor(runs: string, base: number = 32) {
    let end = 0;
    for (const run of unpack(runs)) {
      end += Math.floor(run / base) + 1;
      this.#ends.push(end);
      this.#values.push(run % base);
    }
  }

  /** Value at a position; 0 behind the last run. */
  at(position: number): number {
    return this.#values[this.index(position)] ?? 0;
  }

  /** Number of the run that a position is in. */
  index(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (position < this.#ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** First position of a run. */
  start(index: number): number {
    return this.#ends[index - 1] ?? 0;
  }
}

/** Makes a value when it is first asked for, and keeps it: a table is unpacked by the first address that needs it. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
