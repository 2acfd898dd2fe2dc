/** Section 2 of docs/reference/protocol.md: RFC 9497, mode VOPRF, with the ristretto255 of @noble/curves. */

import { createHash, randomBytes } from "node:crypto";
import { ristretto255, ristretto255_hasher } from "../../../browser/node_modules/@noble/curves/ed25519.js";
import { demand, hexadecimal, readJson, Refused, utf8 } from "./files.mjs";

const { Point } = ristretto255;
const { Fn } = Point;
const CONTEXT = Buffer.from("OPRFV1-\x01-ristretto255-SHA512");

const sha512 = (...parts) => createHash("sha512").update(Buffer.concat(parts)).digest();
const scalarOf = (message) =>
  ristretto255_hasher.hashToScalar(message, { DST: Buffer.concat([Buffer.from("HashToScalar-"), CONTEXT]) });
const elementOf = (x) =>
  ristretto255_hasher.hashToCurve(x, { DST: Buffer.concat([Buffer.from("HashToGroup-"), CONTEXT]) });

/** Each part after its length in two bytes. */
function framed(...parts) {
  return Buffer.concat(parts.flatMap((part) => [Buffer.of(part.length >> 8, part.length & 255), part]));
}

export function decode(bytes) {
  let found;
  try {
    found = Point.fromBytes(bytes);
  } catch {
    throw new Refused("no element");
  }
  demand(!found.is0(), "the identity");
  return found;
}

/** A scalar from 1 to the order, of which each is as likely. */
export function randomScalar() {
  for (;;) {
    const drawn = BigInt(`0x${randomBytes(32).toString("hex")}`) >> 3n;
    if (drawn > 0n && drawn < Fn.ORDER) return drawn;
  }
}

export const blind = (x, scalar) => elementOf(x).multiply(scalar);

export function finalize(x, scalar, evaluated) {
  const unblinded = evaluated.multiply(Fn.inv(scalar)).toBytes();
  return sha512(framed(x, unblinded), Buffer.from("Finalize"));
}

export function proofHolds(publicKey, blinded, evaluated, proof) {
  const [c, s] = [proof.subarray(0, 32), proof.subarray(32)].map((half) =>
    BigInt(`0x${Buffer.from(half).reverse().toString("hex")}`),
  );
  if (c >= Fn.ORDER || s >= Fn.ORDER) return false;
  const seed = sha512(framed(publicKey.toBytes(), Buffer.concat([Buffer.from("Seed-"), CONTEXT])));
  let [m, z] = [Point.ZERO, Point.ZERO];
  blinded.forEach((one, place) => {
    const pair = framed(one.toBytes(), evaluated[place].toBytes());
    const weight = scalarOf(
      Buffer.concat([framed(seed), Buffer.of(place >> 8, place & 255), pair, Buffer.from("Composite")]),
    );
    m = m.add(one.multiply(weight));
    z = z.add(evaluated[place].multiply(weight));
  });
  const times = (point, scalar) => (scalar === 0n ? Point.ZERO : point.multiply(scalar));
  const t2 = times(Point.BASE, s).add(times(publicKey, c));
  const t3 = times(m, s).add(times(z, c));
  const points = [publicKey, m, z, t2, t3].map((point) => point.toBytes());
  return scalarOf(Buffer.concat([framed(...points), Buffer.from("Challenge")])) === c;
}

/** `y` of each input; `post` sends the body of `POST /v1/evaluate` and gives that of the answer. */
export async function evaluateAt(post, epoch, publicKey, inputs) {
  const scalars = inputs.map(randomScalar);
  const blinded = inputs.map((x, place) => blind(x, scalars[place]));
  const body = JSON.stringify({ epoch, elements: blinded.map((one) => one.toHex()) });
  const answer = readJson(utf8(await post(body)), { oneForm: false });
  demand(Array.isArray(answer) && answer.length === 1 && answer[0] instanceof Map, "more or fewer shares than one");
  const item = Object.fromEntries(answer[0]);
  demand(Object.keys(item).sort().join() === "elements,proof,share" && item.share === 1, "another share");
  demand(Array.isArray(item.elements) && item.elements.length === inputs.length, "another number of elements");
  const evaluated = item.elements.map((one) => decode(hexadecimal(one, 32)));
  demand(proofHolds(publicKey, blinded, evaluated, hexadecimal(item.proof, 64)), "a false proof");
  return inputs.map((x, place) => finalize(x, scalars[place], evaluated[place]));
}
