/** The manifest of a sealed leak, format `floodmark/manifest/1` (protocol 1, section 4). */

import { ristretto255 } from "@noble/curves/ed25519.js";
import { Form, HEX_16, HEX_32 } from "./form.ts";
import { isTable, named, readOneForm, type Table } from "./json.ts";
import { Refusal } from "./refusal.ts";
import { BUCKETS, LEAST_ROWS, TAG_BYTES } from "./rows.ts";

export const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;
export const MOST_EPOCH = 2 ** 31 - 1;
export const KINDS = ["phone", "email", "profile_id", "username"] as const;
export type Kind = (typeof KINDS)[number];

const LABEL = /^[a-z][a-z0-9_]{0,39}$/;
const MOST_FIELD_SETS = 2 ** 22;
const NPY_HEADER = 128;
const NAMES =
  "format suite mode canon epoch seal_id slug synthetic sealed_at members field_sets cell_bytes m rows keys".split(" ");
const PROTOCOL: Table = { suite: "ristretto255-SHA512", mode: 1, canon: 1 };
const form: Form = new Form("manifest-broken");

export interface Manifest {
  readonly epoch: number;
  /** Of the epoch, 64 hexadecimal digits. */
  readonly publicKey: string;
  readonly sealId: Uint8Array;
  readonly slug: string;
  readonly synthetic: boolean;
  /** Kinds that were sealed, with how many identifiers of each. */
  readonly members: ReadonlyMap<Kind, number>;
  /** Field types, by the number of the field set. */
  readonly fieldSets: readonly (readonly string[])[];
  readonly cellBytes: number;
  /** Rows of a bucket. */
  readonly m: number;
  /** Bytes of a bucket. */
  readonly stride: number;
}

/** A manifest from its exact text; its signature is another matter. */
export function parseManifest(text: string): Manifest {
  const value = readOneForm(text, form.code);
  checkProtocol(value, "floodmark/manifest/1");
  const table = named(value, NAMES, form.code);
  const rows = named(table.rows, ["bytes", "sha256"], form.code);
  const cellBytes = form.number(table.cell_bytes, 2, 4);
  form.demand(cellBytes !== 3, "cells of another size");
  const m = form.number(table.m, LEAST_ROWS);
  const stride = m * (TAG_BYTES + cellBytes);
  form.text(rows.sha256, HEX_32);
  form.demand(form.number(rows.bytes, 0) === NPY_HEADER + BUCKETS * stride, "another size of rows");
  form.moment(table.sealed_at);
  const members = membersOf(table.members);
  form.demand([...members.values()].reduce((sum, one) => sum + one, 0) <= BUCKETS * m, "more identifiers than rows");
  return {
    epoch: form.number(table.epoch, 1, MOST_EPOCH),
    publicKey: publicKeyOf(table.keys, form),
    sealId: form.bytes(table.seal_id, HEX_16),
    slug: form.text(table.slug, SLUG),
    synthetic: form.flag(table.synthetic),
    members,
    fieldSets: fieldSetsOf(table.field_sets, cellBytes),
    cellBytes,
    m,
    stride,
  };
}

/** Refuse another format, suite, mode or canon: nothing weaker is accepted. */
export function checkProtocol(value: unknown, format: string): void {
  const expected: Table = { format, ...PROTOCOL };
  if (isTable(value) && Object.keys(expected).some((name) => value[name] !== expected[name])) {
    throw new Refusal("protocol-refused", "another format, suite, mode or canon than protocol 1");
  }
}

/** The epoch's public key, of the `keys` of a manifest or snapshot; 64 hexadecimal digits. */
export function publicKeyOf(keys: unknown, form: Form): string {
  const [one, ...others] = form.list(keys);
  const key = named(one, ["t", "n", "public_key", "shares"], form.code);
  const shares = form.list(key.shares);
  const found = form.text(key.public_key, HEX_32);
  const single = others.length === 0 && key.t === 1 && key.n === 1 && shares.length === 1 && shares[0] === found;
  form.demand(single, "a key of several shares");
  form.demand(isElement(found), "a public key that is no element");
  return found;
}

/** Whether digits are an element of the group that is not the identity. */
export function isElement(digits: string): boolean {
  try {
    return !ristretto255.Point.fromHex(digits).is0();
  } catch {
    return false;
  }
}

function membersOf(value: unknown): ReadonlyMap<Kind, number> {
  form.demand(isTable(value), "no members");
  const kinds = KINDS.filter((kind) => Object.hasOwn(value, kind));
  const table = named(value, kinds, form.code);
  return new Map(kinds.map((kind) => [kind, form.number(table[kind], 0)]));
}

function fieldSetsOf(value: unknown, cellBytes: number): readonly (readonly string[])[] {
  const sets = form.list(value);
  form.demand(sets.length <= Math.min(2 ** (8 * cellBytes), MOST_FIELD_SETS), "more field sets than numbers");
  const known = new Set<unknown>();
  for (const labels of sets) {
    for (const label of form.list(labels)) {
      if (!known.has(label)) known.add(form.text(label, LABEL));
    }
    form.demand(new Set(form.list(labels)).size === form.list(labels).length, "a field type twice");
  }
  return sets as readonly (readonly string[])[];
}
