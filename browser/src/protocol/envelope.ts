/** The signed envelope in which a snapshot travels, and what of it a client refuses (protocol 1, section 5). */

import { PAUSE, type Steps } from "./asking.ts";
import { bytesToHex, hexToBytes } from "@noble/curves/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { written } from "./json.ts";
import { Refusal } from "./refusal.ts";
import { isSigned } from "./signed.ts";
import { parseSnapshot, type Snapshot } from "./snapshot.ts";

export const LARGEST_ENVELOPE = 64 * 2 ** 20;
const HEAD = '{"format":"floodmark/signed/1","snapshot":';
const TAIL = /^,"public_key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})"\}\n$/;
const TAIL_LENGTH = ',"public_key":"","signature":""}\n'.length + 64 + 128;
const STATED = /^\s*\{\s*"format"\s*:\s*"([^"]{1,64})"/;
const DAY = 24 * 3600 * 1000; // milliseconds

/** A snapshot that was seen before. */
export interface Seen {
  readonly number: number;
  /** SHA-256 of its text, hexadecimal. */
  readonly sha256: string;
}

/** A snapshot after all that a client has to see to before it asks anything. */
export interface Opened {
  readonly snapshot: Snapshot;
  readonly seen: Seen;
}

/**
 * Open an envelope.
 *
 * Nothing in it but a string is read as JSON before the signature is seen to fit: nobody has vouched for it until then.
 */
export function* openSnapshot(envelope: Uint8Array, rootKey: Uint8Array, now: Date, before?: Seen): Steps<Opened> {
  if (envelope.length > LARGEST_ENVELOPE) throw new Refusal("limit-exceeded", "an envelope of more than 64 MiB");
  const { text, publicKey, signature } = cut(envelope);
  yield PAUSE;
  if (publicKey !== bytesToHex(rootKey)) throw new Refusal("wrong-root-key", "signed with another key");
  if (!isSigned("floodmark/snapshot/1", text, signature, rootKey)) {
    throw new Refusal("snapshot-broken", "not what was signed");
  }
  yield PAUSE;
  const snapshot = yield* parseSnapshot(text);
  yield* checkManifests(snapshot, rootKey);
  checkTime(snapshot, now);
  yield PAUSE;
  const seen = { number: snapshot.number, sha256: bytesToHex(sha256(utf8ToBytes(text))) };
  if (before && (seen.number < before.number || (seen.number === before.number && seen.sha256 !== before.sha256))) {
    throw new Refusal("snapshot-older", "not the snapshot that was seen before, nor a later one");
  }
  return { snapshot, seen };
}

function* checkManifests(snapshot: Snapshot, rootKey: Uint8Array): Steps<void> {
  for (const { manifest, manifestText, signature } of snapshot.leaks) {
    if (!isSigned("floodmark/manifest/1", manifestText, signature, rootKey)) {
      throw new Refusal("snapshot-broken", "a manifest is not what was signed");
    }
    if (manifest.epoch !== snapshot.epoch || manifest.publicKey !== snapshot.publicKey) {
      throw new Refusal("wrong-epoch", "a manifest has another epoch or key than the snapshot");
    }
    yield PAUSE;
  }
}

function checkTime(snapshot: Snapshot, now: Date): void {
  if (now >= snapshot.expiresAt) throw new Refusal("snapshot-expired", "the snapshot has expired");
  if (snapshot.madeAt.getTime() - now.getTime() > DAY) {
    throw new Refusal("snapshot-from-the-future", "the snapshot was made more than a day from now");
  }
}

/** The text and its signature, cut out at their places. */
function cut(envelope: Uint8Array): { text: string; publicKey: string; signature: Uint8Array } {
  const broken = new Refusal("snapshot-broken", "an envelope of another form");
  let whole: string;
  let text: unknown;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(envelope);
  } catch {
    throw broken;
  }
  const stated = STATED.exec(whole);
  if (stated && stated[1] !== "floodmark/signed/1") throw new Refusal("protocol-refused", "another format of envelope");
  const tail = TAIL.exec(whole.slice(-TAIL_LENGTH));
  const quoted = whole.slice(HEAD.length, -TAIL_LENGTH);
  if (!tail || !whole.startsWith(HEAD) || !quoted.startsWith('"')) throw broken;
  try {
    text = JSON.parse(quoted);
  } catch {
    throw broken;
  }
  if (typeof text !== "string" || `${quoted}\n` !== written(text)) throw broken;
  return { text, publicKey: tail[1]!, signature: hexToBytes(tail[2]!) };
}
