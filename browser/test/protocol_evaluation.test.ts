import assert from "node:assert/strict";
import { test } from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { blindOne, finalised, requestBody } from "../src/protocol/evaluation.ts";
import { Refusal } from "../src/protocol/refusal.ts";
import {
  digits,
  drawing,
  drawn,
  evaluated,
  hex,
  PROTOCOL,
  PUBLIC_KEY,
  refused,
  RFC9497,
  utf8,
  type Json,
} from "./protocol_vectors.ts";

const INPUT = utf8("email:ada@example.org");
const ORDER = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"; // of the group, little-endian
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const [voprf] = RFC9497.filter((suite) => suite.mode === 1);

for (const vector of voprf!.vectors.filter((one: Json) => one.Batch === 1)) {
  test(`a vector of RFC 9497 comes out, of ${vector.Input.length / 2} bytes`, () => {
    const blinded = blindOne(hex(vector.Input), drawing(vector.Blind));
    assert.equal(digits(blinded.element), vector.BlindedElement);
    const answer = answerOf({ share: 1, elements: [vector.EvaluationElement], proof: vector.Proof.proof });
    assert.equal(digits(finalised(blinded, answer, voprf!.pkSm)), vector.Output);
  });
}

test("the library's batches are those of RFC 9497", () => {
  const [vector] = voprf!.vectors.filter((one: Json) => one.Batch === 2);
  const [inputs, blinds, blinded, evaluated] = ["Input", "Blind", "BlindedElement", "EvaluationElement"].map((name) =>
    vector[name].split(",").map(hex),
  );
  const items = inputs.map((input: Uint8Array, place: number) => ({
    ...{ input, blind: blinds[place], blinded: blinded[place], evaluated: evaluated[place] },
  }));
  const outputs = ristretto255_oprf.voprf.finalizeBatch(items, hex(voprf!.pkSm), hex(vector.Proof.proof));
  assert.equal(outputs.map(digits).join(), vector.Output);
});

for (const item of PROTOCOL.check.inputs) {
  test(`the evaluation of ${item.input} is that of the protocol's vectors`, () => {
    const blinded = blindOne(utf8(item.input), drawing(item.blind));
    assert.ok(JSON.parse(PROTOCOL.check.request).elements.includes(digits(blinded.element)));
    const answer = answerOf(evaluated(requestBody(1, blinded.element)));
    assert.equal(digits(finalised(blinded, answer, PUBLIC_KEY)), item.output);
  });
}

test("an answer is read in any spelling of JSON", () => {
  const blinded = blindOne(INPUT, random);
  const { share, elements, proof } = evaluated(requestBody(1, blinded.element));
  const spelled = `\t[\n {"proof": "${proof}" , "sh\\u0061re" : ${share},"elements" :["${elements[0]}" ] } ]\r\n`;
  assert.equal(finalised(blinded, utf8(spelled), PUBLIC_KEY).length, 64);
});

test("a request says nothing of the input but that there is one, in as many bytes for each", () => {
  const inputs = [INPUT, utf8("phone:+12025550143"), utf8(`email:${"x".repeat(240)}@example.org`)];
  const bodies = inputs.map((input) => requestBody(1, blindOne(input, random).element));
  assert.ok(bodies.every((body) => /^\{"epoch":1,"elements":\["[0-9a-f]{64}"\]\}$/.test(body)));
  assert.equal(new Set([...bodies, ...inputs.map((input) => requestBody(1, blindOne(input, random).element))]).size, 6);
});

function answerOf(share: unknown): Uint8Array {
  return utf8(JSON.stringify([share]));
}

/** Refused answers: from an honest share, what comes instead. */
const BROKEN: Record<string, (share: Json) => string> = {
  "no JSON": () => "<html>",
  nothing: () => "",
  "an object": (share) => JSON.stringify(share),
  "no share": () => "[]",
  "two shares": (share) => JSON.stringify([share, share]),
  "another share": (share) => JSON.stringify([{ ...share, share: 2 }]),
  "a share that is true": (share) => JSON.stringify([{ ...share, share: true }]),
  "a share with a fraction": (share) => JSON.stringify([share]).replace('"share":1', '"share":1.0'),
  "a share with an exponent": (share) => JSON.stringify([share]).replace('"share":1', '"share":1e0'),
  "a name more": (share) => JSON.stringify([{ ...share, key: PUBLIC_KEY }]),
  "a name less": ({ proof }) => JSON.stringify([{ share: 1, proof }]),
  "a name twice": (share) => JSON.stringify([share]).replace('"share":1', '"share":1,"share":1'),
  "a name twice, in another spelling": (share) =>
    JSON.stringify([share]).replace('"share":1', '"share":1,"shar\\u0065":1'),
  "a name of prototypes": (share) => JSON.stringify([share]).replace('"share":1', '"share":1,"__proto__":{}'),
  "a share that is null": () => "[null]",
  "a share that is a list": () => "[[1,2,3]]",
  "no elements": (share) => JSON.stringify([{ ...share, elements: [] }]),
  "an element more": (share) => JSON.stringify([{ ...share, elements: [...share.elements, ...share.elements] }]),
  "elements that are text": (share) => JSON.stringify([{ ...share, elements: share.elements[0] }]),
  "an element in upper case": (share) =>
    JSON.stringify([{ ...share, elements: [share.elements[0].toUpperCase().replace(/^../, "AA")] }]),
  "an element that is short": (share) => JSON.stringify([{ ...share, elements: [share.elements[0].slice(2)] }]),
  "an element with a line feed": (share) => JSON.stringify([{ ...share, elements: [`${share.elements[0]}\n`] }]),
  "a proof that is short": (share) => JSON.stringify([{ ...share, proof: share.proof.slice(2) }]),
  "a number for a proof": (share) => JSON.stringify([{ ...share, proof: 1 }]),
  "lists in lists": () => "[".repeat(500),
  "a mark of byte order": (share) => `\ufeff${JSON.stringify([share])}`,
};

for (const [name, lie] of Object.entries(BROKEN)) {
  test(`an answer is refused as broken: ${name}`, () => {
    const blinded = blindOne(INPUT, random);
    const share = evaluated(requestBody(1, blinded.element));
    assert.throws(() => finalised(blinded, utf8(lie(share)), PUBLIC_KEY), refused("evaluation-broken"));
  });
}

test("an answer that is no UTF-8 is refused as broken", () => {
  const blinded = blindOne(INPUT, random);
  assert.throws(() => finalised(blinded, Uint8Array.of(0x22, 0xff, 0x22), PUBLIC_KEY), refused("evaluation-broken"));
});

for (const element of ["00".repeat(32), "ff".repeat(32), `01${"00".repeat(31)}`, ORDER.replace(/^../, "ec")]) {
  test(`what is no element, or the identity, is refused: ${element.slice(0, 4)}…${element.slice(-2)}`, () => {
    const blinded = blindOne(INPUT, random);
    const share = { ...evaluated(requestBody(1, blinded.element)), elements: [element] };
    assert.throws(() => finalised(blinded, answerOf(share), PUBLIC_KEY), refused("bad-element"));
  });
}

/** Proofs that do not hold: from an honest answer and what was blinded. */
const UNPROVEN: Record<string, (body: string) => Json> = {
  zeros: (body) => ({ ...evaluated(body), proof: "00".repeat(64) }),
  "scalars that are not reduced": (body) => ({ ...evaluated(body), proof: ORDER + ORDER }),
  "the response not reduced": (body) => ({
    ...evaluated(body),
    proof: evaluated(body).proof.slice(0, 64) + "ff".repeat(32),
  }),
  "a proof of another answer to the same": (body) => ({ ...evaluated(body), elements: [JSON.parse(body).elements[0]] }),
  "a proof of before": () => evaluated(requestBody(1, blindOne(INPUT, random).element)),
  "another key": (body) => {
    const { secretKey, publicKey } = ristretto255_oprf.voprf.generateKeyPair();
    return evaluated(body, digits(secretKey), digits(publicKey));
  },
  "another key, with the epoch's named": (body) => {
    return evaluated(body, digits(ristretto255_oprf.voprf.generateKeyPair().secretKey));
  },
};

for (const [name, lie] of Object.entries(UNPROVEN)) {
  test(`a proof that does not hold is refused: ${name}`, () => {
    const blinded = blindOne(INPUT, random);
    const answer = answerOf(lie(requestBody(1, blinded.element)));
    assert.throws(() => finalised(blinded, answer, PUBLIC_KEY), refused("proof-failed"));
  });
}

test("an answer that is changed anywhere is refused, or is the same answer in another spelling", () => {
  const blinded = blindOne(INPUT, random);
  const honest = answerOf(evaluated(requestBody(1, blinded.element)));
  const output = digits(finalised(blinded, honest, PUBLIC_KEY));
  const byte = drawn(9);
  let refusals = 0;
  for (let round = 0; round < 600; round += 1) {
    const changed = Array.from(honest);
    const [high, low, kind, value] = byte(4) as unknown as [number, number, number, number];
    const place = (high * 256 + low) % changed.length;
    if (kind < 100) changed[place] = value;
    else if (kind < 180) changed.splice(place, 0, [0x20, 0x22, 0x2c, 0x30, 0x5b, 0x5c, 0x7d, 0x00][value % 8]!);
    else changed.splice(place, 1 + (value % 3));
    try {
      assert.equal(digits(finalised(blinded, Uint8Array.from(changed), PUBLIC_KEY)), output);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
      refusals += 1;
    }
  }
  assert.ok(refusals > 400);
});

test("a proof with any bit flipped is refused", () => {
  const blinded = blindOne(INPUT, random);
  const share = evaluated(requestBody(1, blinded.element));
  for (let bit = 0; bit < 512; bit += 37) {
    const proof = hex(share.proof);
    proof[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(
      () => finalised(blinded, answerOf({ ...share, proof: digits(proof) }), PUBLIC_KEY),
      refused("proof-failed"),
    );
  }
});
