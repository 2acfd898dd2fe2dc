/**
 * Blinding, and what is made of an evaluator's answer, which is believed only with its proof (protocol 1, section 2;
 * RFC 9497, ristretto255-SHA512, mode VOPRF).
 *
 * The arithmetic is on JavaScript's BigInt, which is not constant in time, and a factor that was used is
 * overwritten here but not in what the engine copied of it. Of time, a server sees when the next request comes.
 * The factor that this depends on is drawn anew for each check and used once; time that depends on the input alone
 * is spent before the element is sent, after an answer that is the same for everybody.
 */

import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "@noble/curves/utils.js";
import { Form, HEX_32, HEX_64 } from "./form.ts";
import { isTable, readJson } from "./json.ts";
import { isElement } from "./manifest.ts";
import { Refusal } from "./refusal.ts";

/** Gives so many random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** An input, what hides it, and the element that is sent. */
export interface Blinded {
  readonly input: Uint8Array;
  /** Secret: whoever knows it can unblind. */
  readonly factor: Uint8Array;
  readonly element: Uint8Array;
}

const form: Form = new Form("evaluation-broken");

/** Blind an input with a fresh factor. */
export function blindOne(input: Uint8Array, random: Random): Blinded {
  const drawn = (bytes = 32) => random(bytes) as Uint8Array<ArrayBuffer>;
  const { blind, blinded } = ristretto255_oprf.voprf.blind(input, drawn);
  return { input, factor: blind, element: blinded };
}

/** What is posted: its size depends on the epoch alone. */
export function requestBody(epoch: number, element: Uint8Array): string {
  return JSON.stringify({ epoch, elements: [bytesToHex(element)] });
}

/** Bytes of the longest answer, generously. */
export const LARGEST_EVALUATION = 640;

/**
 * The output, 64 bytes, of an answer whose proof holds.
 *
 * @param answer - the body of the evaluator's answer.
 * @param publicKey - of the epoch, from the signed snapshot; 64 hexadecimal digits.
 */
export function finalised(asked: Blinded, answer: Uint8Array, publicKey: string): Uint8Array {
  const { element, proof } = readAnswer(answer);
  if (!isElement(element)) throw new Refusal("bad-element", "what was evaluated is no element");
  try {
    return ristretto255_oprf.voprf.finalize(
      ...([asked.input, asked.factor, hexToBytes(element), asked.element] as const),
      ...([hexToBytes(publicKey), hexToBytes(proof)] as const),
    );
  } catch {
    throw new Refusal("proof-failed", "the proof does not hold under the epoch's key");
  }
}

function readAnswer(body: Uint8Array): { element: string; proof: string } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new Refusal("evaluation-broken", "no UTF-8");
  }
  const shares = form.list(readJson(text, form.code));
  form.demand(shares.length === 1, "more or fewer shares than one");
  const share = shares[0];
  form.demand(isTable(share) && Object.keys(share).sort().join() === "elements,proof,share", "other names");
  form.demand(share.share === 1, "another share");
  const elements = form.list(share.elements);
  form.demand(elements.length === 1, "another number of elements than were asked");
  return { element: form.text(elements[0], HEX_32), proof: form.text(share.proof, HEX_64) };
}
