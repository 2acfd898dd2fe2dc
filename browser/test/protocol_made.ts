/** A snapshot of made-up people, sealed here under the vectors' keys, with all of its 65,536 answers. */

import { createHash, createHmac } from "node:crypto";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { digits, drawn, enveloped, hex, PROTOCOL, sign, text, utf8, type Json } from "./protocol_vectors.ts";

const BUCKETS = 65_536;
const ROWS = 16;
const ID = "0b".repeat(16);

export const NOW = new Date("2026-01-31T13:05:00Z");
export const EMAIL = utf8("email:ada@example.org");
export const PHONE = utf8("phone:+442079460001");
export const STRANGER = utf8("email:nobody@example.org");

/** The output of an input, by whoever has the key. */
export const outputOf = (input: Uint8Array): Uint8Array =>
  ristretto255_oprf.voprf.evaluate(hex(PROTOCOL.private_key), input);

export const bucketOf = (input: Uint8Array): number => Buffer.from(outputOf(input)).readUInt16BE(0);

interface Leak {
  readonly slug: string;
  readonly kinds: Record<string, number>;
  readonly members: ReadonlyMap<Uint8Array, number>;
}

/** PHONE is in both leaks, EMAIL in the first; the second was sealed for numbers alone. */
const LEAKS: readonly Leak[] = [
  {
    slug: "first",
    kinds: { phone: 1, email: 1 },
    members: new Map([
      [PHONE, 1],
      [EMAIL, 2],
    ]),
  },
  { slug: "second", kinds: { phone: 1 }, members: new Map([[PHONE, 0]]) },
];
const FIELD_SETS = [["phone"], ["phone", "full_name", "birth_date"], ["email", "password"]];

const hash = (...parts: Uint8Array[]): Buffer => {
  const made = createHash("sha256");
  for (const part of parts) made.update(part);
  return made.digest();
};

export interface Made {
  readonly id: string;
  readonly answerBytes: number;
  readonly buckets: Buffer;
  /** The envelope, with something of the snapshot's text changed and signed anew. */
  envelope(changed?: Json): Uint8Array;
}

export function made(): Made {
  const sealed = LEAKS.map((leak, place) => rowsOf(leak, place));
  const strides = sealed.map(({ rows }) => rows.length / BUCKETS);
  const width = strides.reduce((sum, one) => sum + one, 0);
  const answerBytes = width + 512;
  const buckets = Buffer.alloc(BUCKETS * answerBytes);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    let at = bucket * answerBytes;
    sealed.forEach(({ rows }, place) => {
      at += rows.copy(buckets, at, bucket * strides[place]!, (bucket + 1) * strides[place]!);
    });
  }
  let level = Array.from({ length: BUCKETS }, (_, bucket) =>
    hash(Uint8Array.of(0), buckets.subarray(bucket * answerBytes, bucket * answerBytes + width)),
  );
  for (let height = 0; height < 16; height += 1) {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      level[(bucket >> height) ^ 1]!.copy(buckets, bucket * answerBytes + width + 32 * height);
    }
    level = Array.from({ length: level.length / 2 }, (_, place) =>
      hash(Uint8Array.of(1), level[2 * place]!, level[2 * place + 1]!),
    );
  }
  const root = level[0]!.toString("hex");
  const snapshot = {
    format: "floodmark/snapshot/1",
    id: ID,
    number: 1,
    made_at: "2026-01-30T00:00:00Z",
    expires_at: "2026-03-01T00:00:00Z",
    predecessor: null,
    suite: "ristretto255-SHA512",
    mode: 1,
    canon: 1,
    epoch: 1,
    keys: KEYS,
    leaks: sealed.map(({ told }) => told),
    buckets: { answer_bytes: answerBytes, root, bytes: buckets.length, sha256: digits(hash(buckets)) },
  };
  return { id: ID, answerBytes, buckets, envelope: (changed = {}) => enveloped(text({ ...snapshot, ...changed })) };
}

const KEYS = [{ t: 1, n: 1, public_key: PROTOCOL.public_key, shares: [PROTOCOL.public_key] }];

function rowsOf({ slug, kinds, members }: Leak, place: number): { rows: Buffer; told: Json } {
  const sealId = drawn(place + 1)(16);
  const rows = Buffer.alloc(BUCKETS * ROWS * 8);
  const random = createHash("shake256", { outputLength: rows.length }).update(slug).digest();
  random.copy(rows);
  for (const [input, number] of members) {
    const output = Buffer.from(outputOf(input));
    const key = createHmac("sha256", output.subarray(32)).update("floodmark/seal/1").update(sealId).digest();
    const cell = Buffer.of(key[6]! ^ (number >> 8), key[7]! ^ (number & 255));
    Buffer.concat([key.subarray(0, 6), cell]).copy(rows, output.readUInt16BE(0) * ROWS * 8 + 24);
  }
  const manifest = text({
    format: "floodmark/manifest/1",
    suite: "ristretto255-SHA512",
    mode: 1,
    canon: 1,
    epoch: 1,
    seal_id: digits(sealId),
    slug,
    synthetic: true,
    sealed_at: "2026-01-29T00:00:00Z",
    members: kinds,
    field_sets: FIELD_SETS,
    cell_bytes: 2,
    m: ROWS,
    rows: { bytes: 128 + rows.length, sha256: "0".repeat(64) },
    keys: KEYS,
  });
  const told = {
    slug,
    title: `The leak ${slug}`,
    domain: "example.org",
    description: "Made up.",
    breach_date: "2019-08",
    published_date: null,
    verified: true,
    fabricated: false,
    spam_list: false,
    malware: false,
    stealer_log: false,
    synthetic: true,
    manifest,
    signature: sign("floodmark/manifest/1", manifest),
  };
  return { rows, told };
}
