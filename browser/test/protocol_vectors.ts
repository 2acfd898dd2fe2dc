/** The vectors of protocol 1, and snapshots made from them: changed, and signed anew with their root key. */

import { readFileSync } from "node:fs";
import { ed25519, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { PAUSE, type Ask, type Steps } from "../src/protocol/asking.ts";
import { Refusal, type Code } from "../src/protocol/refusal.ts";
import type { Random } from "../src/protocol/evaluation.ts";

export type Json = Record<string, any>;
export type Change = (snapshot: Json, manifests: Json[]) => void;

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}`, import.meta.url), "utf8"));
export const PROTOCOL: Json = read("protocol-1.json");
export const RFC9497: Json[] = read("rfc9497-ristretto255.json");

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
export const digits = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const ROOT_KEY = hex(PROTOCOL.root_key);
export const NOW = new Date(PROTOCOL.snapshot.now);
export const ENVELOPE = utf8(PROTOCOL.snapshot.envelope);
export const PUBLIC_KEY: string = PROTOCOL.public_key;

/** JSON as the protocol's files have it. */
export function text(value: unknown): string {
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

export const sign = (as: string, message: string): string =>
  digits(ed25519.sign(utf8(`${as}\0${message}`), hex(PROTOCOL.root_seed)));

/** The envelope of the vectors' snapshot after a change, with all signatures made again. */
export function envelope(change: Change = () => {}, form: (value: unknown) => string = text): Uint8Array {
  const snapshot: Json = JSON.parse(PROTOCOL.snapshot.text);
  const manifests: Json[] = snapshot.leaks.map((leak: Json) => JSON.parse(leak.manifest));
  change(snapshot, manifests);
  manifests.forEach((manifest, place) => {
    const leak = snapshot.leaks[place];
    leak.manifest = form(manifest);
    leak.signature = sign("floodmark/manifest/1", leak.manifest);
  });
  return enveloped(form(snapshot));
}

/** A text in an envelope that is signed, whatever it is. */
export function enveloped(snapshot: string): Uint8Array {
  const signature = sign("floodmark/snapshot/1", snapshot);
  return utf8(text({ format: "floodmark/signed/1", snapshot, public_key: PROTOCOL.root_key, signature }));
}

/** What steps that only pause come to. */
export function drained<Result>(steps: Steps<Result>): Result {
  let step = steps.next(new Uint8Array());
  while (!step.done) step = steps.next(new Uint8Array());
  return step.value;
}

/** What steps come to, with somebody who answers; pauses are left out. */
export function driven<Result>(steps: Steps<Result>, answer: (ask: Ask) => Uint8Array): Result {
  let step = steps.next(new Uint8Array());
  while (!step.done) step = steps.next(step.value.ask === PAUSE.ask ? new Uint8Array() : answer(step.value));
  return step.value;
}

/** What `assert.throws` is given for a refusal with a code. */
export const refused = (code: Code) => (error: unknown) => error instanceof Refusal && error.code === code;

/** An honest evaluator with the vectors' key. */
export function evaluated(body: string, key: string = PROTOCOL.private_key, publicKey: string = PUBLIC_KEY): Json {
  const asked = JSON.parse(body).elements.map(hex);
  const { evaluated, proof } = ristretto255_oprf.voprf.blindEvaluateBatch(hex(key), hex(publicKey), asked);
  return { share: 1, elements: evaluated.map(digits), proof: digits(proof) };
}

/** Random bytes with which a factor comes out as this one (RFC 9497's little-endian scalar, not zero). */
export function drawing(scalar: string): Random {
  const less = BigInt(`0x${digits(hex(scalar).reverse())}`) - 1n;
  return (bytes) => hex(less.toString(16).padStart(2 * bytes, "0")).reverse();
}

/** Random bytes that can be replayed. */
export function drawn(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0; // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 255;
  };
  return (bytes) => Uint8Array.from({ length: bytes }, next);
}
