/** Ed25519 signatures (RFC 8032) over a context and exact bytes. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** What is signed, which a signature of one is none of another. */
export type SignedAs = "floodmark/manifest/1" | "floodmark/snapshot/1";

/**
 * Whether a text was signed with the private key of a public one.
 *
 * By RFC 8032 and not by ZIP 215, which takes encodings that other verifiers refuse.
 */
export function isSigned(as: SignedAs, text: string, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    const message = concatBytes(utf8ToBytes(`${as}\0`), utf8ToBytes(text));
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
