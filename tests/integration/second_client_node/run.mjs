/**
 * What the tests ask of the second client, one JSON object on standard input, one on standard output.
 *
 * `{"open": [envelopes in base64], "root", "now"}`: whether each opens.
 * `{"check": [inputs], "root", "address"}`: what a check of all of them finds, and its requests.
 * `{"vectors": RFC 9497's of mode VOPRF}`: what its steps come to.
 */

import { request } from "node:http";
import { text } from "node:stream/consumers";
import { check, openSnapshot } from "./client.mjs";
import { blind, decode, finalize, proofHolds } from "./evaluation.mjs";
import { Refused } from "./files.mjs";

const asked = JSON.parse(await text(process.stdin));
const root = Buffer.from(asked.root ?? "", "hex");

if (asked.open) console.log(JSON.stringify(asked.open.map((envelope) => opens(Buffer.from(envelope, "base64")))));
else if (asked.vectors) console.log(JSON.stringify(asked.vectors.map(stepsOf)));
else console.log(JSON.stringify(await checked(asked.check.map((one) => Buffer.from(one)))));

function opens(envelope) {
  try {
    openSnapshot(envelope, root, Date.parse(asked.now));
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function checked(inputs) {
  const sent = [];
  const ask = (method, path, headers, body) => {
    const options = {
      method,
      headers: { ...headers, "Accept-Encoding": "identity", ...(body && { "Content-Length": body.length }) },
    };
    return new Promise((resolve, reject) => {
      const asking = request(`${asked.address}${path}`, options, async (response) => {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
      asking.on("error", reject).end(body);
      sent.push([method, path]);
    });
  };
  return { found: await check(ask, root, inputs, Date.now()), sent };
}

/** Blinded elements, whether the proof holds and holds not once it is changed, and outputs. */
function stepsOf({ Input, Blind, EvaluationElement, Proof, publicKey }) {
  const split = (value) => value.split(",").map((one) => Buffer.from(one, "hex"));
  const scalars = split(Blind).map((one) => BigInt(`0x${one.reverse().toString("hex")}`));
  const blinded = split(Input).map((x, place) => blind(x, scalars[place]));
  const evaluated = split(EvaluationElement).map(decode);
  const [proof, key] = [Buffer.from(Proof.proof, "hex"), decode(Buffer.from(publicKey, "hex"))];
  const holds = proofHolds(key, blinded, evaluated, proof);
  proof[40] ^= 1;
  return {
    blinded: blinded.map((one) => one.toHex()).join(),
    proof: [holds, proofHolds(key, blinded, evaluated, proof)],
    outputs: split(Input)
      .map((x, place) => finalize(x, scalars[place], evaluated[place]).toString("hex"))
      .join(),
  };
}
