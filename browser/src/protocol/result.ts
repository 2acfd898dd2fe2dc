/** What a check found: leaks and field types, and never what was asked about. */

import type { Opened, Seen } from "./envelope.ts";
import { KINDS, type Kind } from "./manifest.ts";
import { Refusal } from "./refusal.ts";
import { lookUp } from "./rows.ts";
import type { ToldLeak } from "./snapshot.ts";

/** A leak that holds the identifier. */
export interface FoundLeak extends ToldLeak {
  /** What it says of whoever has the identifier; field types that are new to this version are there as they are. */
  readonly fieldTypes: readonly string[];
}

/** The snapshot from which the answer comes. */
export interface SnapshotFacts extends Seen {
  readonly id: string;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly epoch: number;
  /** How many leaks it holds. */
  readonly leaks: number;
  /** How many of them were made for a test. */
  readonly synthetic: number;
}

export interface Found {
  readonly kind: Kind;
  /** Leaks that hold the identifier, in the snapshot's order. */
  readonly leaks: readonly FoundLeak[];
  /** How many leaks were sealed for identifiers of this kind. */
  readonly lookedIn: number;
  /** Leaks that were not: of these, nothing is known. */
  readonly notLookedIn: readonly ToldLeak[];
  readonly snapshot: SnapshotFacts;
}

/** The kind in `kind:canonical`. */
export function kindOf(data: Uint8Array): Kind {
  const text = new TextDecoder().decode(data);
  const kind = KINDS.find((one) => text.startsWith(`${one}:`) && text.length > one.length + 1);
  if (kind === undefined) throw new Refusal("not-an-identifier", "no kind of identifier");
  return kind;
}

/**
 * What a snapshot's leaks hold of an identifier.
 *
 * @param data - `kind:canonical`.
 * @param output - of its evaluation, 64 bytes.
 * @param rows - of its bucket, for each of the snapshot's leaks, verified.
 */
export function lookedUp(data: Uint8Array, opened: Opened, output: Uint8Array, rows: readonly Uint8Array[]): Found {
  const { snapshot, seen } = opened;
  const kind = kindOf(data);
  const numbers = snapshot.leaks.map(({ manifest }, place) => lookUp(rows[place]!, manifest, output));
  const leaks = snapshot.leaks.flatMap(({ told, manifest }, place) => {
    const number = numbers[place];
    return number === undefined ? [] : [{ ...told, fieldTypes: manifest.fieldSets[number]! }];
  });
  const notLookedIn = snapshot.leaks.filter(({ manifest }) => !manifest.members.has(kind)).map(({ told }) => told);
  const { id, madeAt, expiresAt, epoch } = snapshot;
  return {
    kind,
    leaks,
    lookedIn: snapshot.leaks.length - notLookedIn.length,
    notLookedIn,
    snapshot: {
      ...{ ...seen, id, madeAt, expiresAt, epoch, leaks: snapshot.leaks.length },
      synthetic: snapshot.leaks.filter(({ told }) => told.synthetic).length,
    },
  };
}
