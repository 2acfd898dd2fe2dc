import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { openSnapshot, type Seen } from "../src/protocol/envelope.ts";
import type { Code } from "../src/protocol/refusal.ts";
import { isSigned } from "../src/protocol/signed.ts";
import { digits, drained, ENVELOPE, envelope, enveloped, hex, NOW, PROTOCOL, refused } from "./protocol_vectors.ts";
import { ROOT_KEY, text, utf8, type Change, type Json } from "./protocol_vectors.ts";

const BEFORE = { id: "0".repeat(32), sha256: "0".repeat(64) };
const SNAPSHOT: Json = JSON.parse(PROTOCOL.snapshot.text);

const open = (data: Uint8Array, now: Date = NOW, seen?: Seen) => drained(openSnapshot(data, ROOT_KEY, now, seen));
const says =
  (values: Json): Change =>
  (snapshot) =>
    void Object.assign(snapshot, values);
const buckets =
  (values: Json): Change =>
  (snapshot) =>
    void Object.assign(snapshot.buckets, values);
const leak =
  (values: Json): Change =>
  (snapshot) =>
    void Object.assign(snapshot.leaks[0], values);
const manifest =
  (values: Json): Change =>
  (_, manifests) =>
    void Object.assign(manifests[0]!, values);
const everywhere =
  (values: Json): Change =>
  (snapshot, manifests) =>
    [snapshot, ...manifests].forEach((table) => Object.assign(table, values));
const keys = (values: Json): Change => everywhere({ keys: [{ ...SNAPSHOT.keys[0], ...values }] });

test("the vectors' snapshot opens", () => {
  const { snapshot, seen } = open(ENVELOPE);
  assert.equal(snapshot.id, SNAPSHOT.id);
  assert.equal(snapshot.publicKey, PROTOCOL.public_key);
  assert.deepEqual(
    snapshot.leaks.map(({ told }) => told.slug),
    PROTOCOL.sealed.map((one: Json) => one.slug),
  );
  assert.deepEqual(
    snapshot.leaks.map(({ manifest }) => digits(manifest.sealId)),
    PROTOCOL.sealed.map((one: Json) => one.seal_id),
  );
  assert.deepEqual(
    snapshot.leaks.map(({ manifest }) => manifest.cellBytes),
    [2, 4],
  );
  assert.equal(snapshot.answerBytes, SNAPSHOT.buckets.answer_bytes);
  assert.equal(snapshot.madeAt.toISOString(), SNAPSHOT.made_at.replace("Z", ".000Z"));
  assert.equal(seen.number, 1);
});

const ACCEPTED: Record<string, Change> = {
  "as it is": () => {},
  "a predecessor": says({ number: 2, predecessor: BEFORE }),
  "the last number": says({ number: 2 ** 31, predecessor: BEFORE }),
  "letters of other scripts": leak({ title: "\u00dcn\u00efcode \ud83d\ude00 \u2028" }),
  "every character that JSON may escape": leak({
    title: Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join(""),
  }),
  "no dates": leak({ breach_date: null, published_date: "2019" }),
  "the first year": leak({ breach_date: "0001" }),
  "a leap day": leak({ breach_date: "2020-02-29" }),
  "a field type that nobody knows yet": manifest({ field_sets: [["phone", "shoe_size"], [], ["email"]] }),
  "no field sets": manifest({ field_sets: [] }),
  "nobody in a leak": manifest({ members: {} }),
  "a name of prototypes as a title": leak({ title: "__proto__" }),
};

for (const [name, change] of Object.entries(ACCEPTED))
  test(`a snapshot opens: ${name}`, () => void open(envelope(change)));

const REFUSED: Record<string, readonly [Code, Change]> = {
  "another format": ["protocol-refused", says({ format: "floodmark/snapshot/2" })],
  "mode 0": ["protocol-refused", everywhere({ mode: 0 })],
  "mode true": ["protocol-refused", everywhere({ mode: true })],
  "canon 2": ["protocol-refused", everywhere({ canon: 2 })],
  "another suite": ["protocol-refused", everywhere({ suite: "P256-SHA256" })],
  "canon 2 of a manifest alone": ["protocol-refused", manifest({ canon: 2 })],
  "another format of a manifest": ["protocol-refused", manifest({ format: "floodmark/manifest/2" })],
  "mode 0 of a manifest alone": ["protocol-refused", manifest({ mode: 0 })],
  "another suite of a manifest alone": ["protocol-refused", manifest({ suite: "P256-SHA256" })],
  "epoch 0": ["snapshot-broken", everywhere({ epoch: 0 })],
  "an epoch beyond the last": ["snapshot-broken", everywhere({ epoch: 2 ** 31 })],
  "epoch true": ["snapshot-broken", everywhere({ epoch: true })],
  "another epoch of a manifest": ["wrong-epoch", manifest({ epoch: 2 })],
  "another epoch of the snapshot": ["wrong-epoch", says({ epoch: 2 })],
  "another key of a manifest": ["wrong-epoch", manifest({ keys: keysOf(otherKey()) })],
  "a manifest's slug that is another's": ["snapshot-broken", manifest({ slug: "another" })],
  "a manifest that is not synthetic where its leak is": ["snapshot-broken", manifest({ synthetic: false })],
  "the identity as key": ["snapshot-broken", keys({ public_key: "00".repeat(32), shares: ["00".repeat(32)] })],
  "no element as key": ["snapshot-broken", keys({ public_key: "ff".repeat(32), shares: ["ff".repeat(32)] })],
  "the identity as the snapshot's key": ["snapshot-broken", says({ keys: keysOf("00".repeat(32)) })],
  "two shares": ["snapshot-broken", keys({ n: 2 })],
  "shares that are not the key": ["snapshot-broken", keys({ shares: [otherKey()] })],
  "no keys": ["snapshot-broken", everywhere({ keys: [] })],
  "epoch 0 of a manifest alone": ["manifest-broken", manifest({ epoch: 0 })],
  "no keys of a manifest alone": ["manifest-broken", manifest({ keys: [] })],
  "the identity as a manifest's key": ["manifest-broken", manifest({ keys: keysOf("00".repeat(32)) })],
  "two shares of a manifest's key": ["manifest-broken", manifest({ keys: [{ ...SNAPSHOT.keys[0], n: 2 }] })],
  "two keys": ["snapshot-broken", everywhere({ keys: [SNAPSHOT.keys[0], SNAPSHOT.keys[0]] })],
  "a key with a name more": ["snapshot-broken", keys({ more: 1 })],
  "expired at this second": ["snapshot-expired", says({ expires_at: PROTOCOL.snapshot.now })],
  "of the future": [
    "snapshot-from-the-future",
    says({ made_at: "2026-11-24T00:00:01Z", expires_at: "2027-01-01T00:00:00Z" }),
  ],
  "expired before it was made": ["snapshot-broken", says({ expires_at: SNAPSHOT.made_at })],
  "a day that no month has": ["snapshot-broken", says({ made_at: "2026-02-30T10:00:00Z" })],
  "a year before the first": ["snapshot-broken", says({ made_at: "0000-02-03T10:00:00Z" })],
  "a twenty-fifth hour": ["snapshot-broken", says({ made_at: "2026-11-21T24:00:00Z" })],
  "a time with a fraction": ["snapshot-broken", says({ made_at: "2026-11-21T12:00:00.0Z" })],
  "a time of another zone": ["snapshot-broken", says({ made_at: "2026-11-21T12:00:00+00:00" })],
  "a time of another form": ["snapshot-broken", says({ made_at: "2026-11-22 12:00:00Z" })],
  "a time with a line feed": ["snapshot-broken", says({ made_at: "2026-11-21T12:00:00Z\n" })],
  "no time": ["snapshot-broken", says({ made_at: null })],
  "a manifest's time of another form": ["manifest-broken", manifest({ sealed_at: "yesterday" })],
  "number 0": ["snapshot-broken", says({ number: 0 })],
  "a number beyond the last": ["snapshot-broken", says({ number: 2 ** 31 + 1, predecessor: BEFORE })],
  "a number that is text": ["snapshot-broken", says({ number: "1" })],
  "number 2 without a predecessor": ["snapshot-broken", says({ number: 2 })],
  "number 1 with a predecessor": ["snapshot-broken", says({ predecessor: BEFORE })],
  "a predecessor with a name more": ["snapshot-broken", says({ number: 2, predecessor: { ...BEFORE, more: 1 } })],
  "a predecessor without a hash": ["snapshot-broken", says({ number: 2, predecessor: { id: BEFORE.id, sha256: "" } })],
  "an id in upper case": ["snapshot-broken", says({ id: "A".repeat(32) })],
  "an id with a line feed": ["snapshot-broken", says({ id: `${"a".repeat(32)}\n` })],
  "a name more": ["snapshot-broken", says({ more: 1 })],
  "a name of prototypes more": [
    "snapshot-broken",
    (snapshot) => void Object.defineProperty(snapshot, "__proto__", { value: 1, enumerable: true }),
  ],
  "a name less": ["snapshot-broken", (snapshot) => void delete snapshot.id],
  "a name more of a leak": ["snapshot-broken", leak({ more: 1 })],
  "a name more of a manifest": ["manifest-broken", manifest({ more: 1 })],
  "a name more of the buckets": ["snapshot-broken", buckets({ more: 1 })],
  "no leaks": [
    "snapshot-broken",
    (snapshot, manifests) => {
      snapshot.leaks = [];
      manifests.length = 0;
      Object.assign(snapshot.buckets, { answer_bytes: 512, bytes: 512 * 65_536 });
    },
  ],
  "leaks that are no list": [
    "snapshot-broken",
    (snapshot, manifests) => {
      snapshot.leaks = "";
      manifests.length = 0;
    },
  ],
  "a slug twice": [
    "snapshot-broken",
    (snapshot, manifests) => {
      snapshot.leaks[1].slug = manifests[1]!.slug = snapshot.leaks[0].slug;
    },
  ],
  "a seal twice": [
    "snapshot-broken",
    (_, manifests) => {
      manifests[1]!.seal_id = manifests[0]!.seal_id;
    },
  ],
  "another length of answers": ["snapshot-broken", buckets({ answer_bytes: SNAPSHOT.buckets.answer_bytes + 1 })],
  "another length of answers, and of all of them": [
    "snapshot-broken",
    buckets({ answer_bytes: 512, bytes: 512 * 65_536 }),
  ],
  "another size of buckets": ["snapshot-broken", buckets({ bytes: 5 })],
  "a root in upper case": ["snapshot-broken", buckets({ root: "A".repeat(64) })],
  "a hash that is short": ["snapshot-broken", buckets({ sha256: "a".repeat(63) })],
  "no title": ["snapshot-broken", leak({ title: null })],
  "half a pair in a title": ["snapshot-broken", leak({ title: "\ud83d" })],
  "the other half of a pair in a description": ["snapshot-broken", leak({ description: "x\ude00" })],
  "verified 1": ["snapshot-broken", leak({ verified: 1 })],
  "a thirteenth month": ["snapshot-broken", leak({ breach_date: "2019-13" })],
  "a thirtieth of February": ["snapshot-broken", leak({ published_date: "2019-02-30" })],
  "a date in words": ["snapshot-broken", leak({ breach_date: "soon" })],
  "a date that is a number": ["snapshot-broken", leak({ breach_date: 2019 })],
  "a year before the first of a leak": ["snapshot-broken", leak({ breach_date: "0000" })],
  "a slug with a slash": ["snapshot-broken", leak({ slug: "../etc" })],
  "fifteen rows": ["manifest-broken", manifest({ m: 15 })],
  "rows that are text": ["manifest-broken", manifest({ m: "16" })],
  "cells of three bytes": ["manifest-broken", manifest({ cell_bytes: 3 })],
  "another size of rows": ["manifest-broken", manifest({ rows: { bytes: 5, sha256: "0".repeat(64) } })],
  "rows without a hash": ["manifest-broken", (_, [one]) => void delete one!.rows.sha256],
  "a seal in upper case": ["manifest-broken", manifest({ seal_id: "A".repeat(32) })],
  "an unknown kind": ["manifest-broken", manifest({ members: { phone: 3, shoe: 2 } })],
  "fewer than none": ["manifest-broken", manifest({ members: { phone: -1 } })],
  "members that are a list": ["manifest-broken", manifest({ members: [] })],
  "more members than rows": ["manifest-broken", manifest({ members: { phone: 65_536 * 16, email: 1 } })],
  "kinds in another order": ["manifest-broken", manifest({ members: { email: 2, phone: 3 } })],
  "field sets that are text": ["manifest-broken", manifest({ field_sets: "phone" })],
  "a field set that is text": ["manifest-broken", manifest({ field_sets: ["phone"] })],
  "a field type twice": ["manifest-broken", manifest({ field_sets: [["phone", "phone"]] })],
  "a field type in upper case": ["manifest-broken", manifest({ field_sets: [["Phone"]] })],
  "a field type with a tag in it": ["manifest-broken", manifest({ field_sets: [["<b>"]] })],
  "a field type that is a number": ["manifest-broken", manifest({ field_sets: [[1]] })],
  "more field sets than two bytes can say": [
    "manifest-broken",
    manifest({ field_sets: Array.from({ length: 65_537 }, () => []) }),
  ],
  "names in another order": [
    "manifest-broken",
    (_, manifests) => {
      manifests[0] = Object.fromEntries(Object.entries(manifests[0]!).reverse());
    },
  ],
};

for (const [name, [code, change]] of Object.entries(REFUSED)) {
  test(`a snapshot is refused, however well it is signed: ${name}`, () => {
    assert.throws(() => open(envelope(change)), refused(code));
  });
}

const FORMS: Record<string, (table: unknown) => string> = {
  "white space": (table) => `${JSON.stringify(table, undefined, 1)}\n`,
  "no line feed": (table) => text(table).trimEnd(),
  "two line feeds": (table) => `${text(table)}\n`,
  "a decimal": (table) => text(table).replace('"canon":1', '"canon":1.0'),
  "an exponent": (table) => text(table).replace('"canon":1', '"canon":1e0'),
  "minus zero": (table) => text(table).replace(/"phone":[0-9]+/, '"phone":-0'),
  "a name twice": (table) => text(table).replace('"canon":1', '"canon":1,"canon":1'),
  "a name twice, of which the first is another": (table) => text(table).replace('"canon":1', '"canon":2,"canon":1'),
  "an escape that is not needed": (table) => text(table).replace('"canon"', '"c\\u0061non"'),
  "a slash that is escaped": (table) => text(table).replace("floodmark/", "floodmark\\/"),
  "an escape in upper case": (table) => text(table).replace("made-up", "made\\u002Dup"),
  "a number too large to be exact": (table) => text(table).replace(/"bytes":[0-9]+/, '"bytes":9007199254740993'),
};

for (const [name, form] of Object.entries(FORMS)) {
  test(`the same in another form is refused: ${name}`, () => {
    assert.throws(
      () => open(envelope(undefined, form)),
      (error: { code?: string }) => /^(snapshot|manifest)-broken$/.test(error.code ?? ""),
    );
  });
}

test("lists in lists are refused, too, where somebody signed them", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const snapshot = PROTOCOL.snapshot.text.replace(/"keys":\[\{.*?\}\]/, `"keys":${deep}`);
  assert.throws(() => open(enveloped(snapshot)), refused("snapshot-broken"));
});

test("a manifest that its signature does not fit is refused", () => {
  const snapshot = JSON.parse(PROTOCOL.snapshot.text);
  snapshot.leaks[1].signature = snapshot.leaks[0].signature;
  assert.throws(() => open(enveloped(text(snapshot))), refused("snapshot-broken"));
});

test("a snapshot's signature is none of a manifest's, nor of another text", () => {
  const envelope = JSON.parse(PROTOCOL.snapshot.envelope);
  const [leak] = SNAPSHOT.leaks;
  const swapped = { ...envelope, snapshot: leak.manifest, signature: leak.signature };
  assert.throws(() => open(utf8(text(swapped))), refused("snapshot-broken"));
  const changed = { ...envelope, snapshot: envelope.snapshot.replace('"number":1', '"number":2') };
  assert.throws(() => open(utf8(text(changed))), refused("snapshot-broken"));
});

test("a snapshot under another root key is refused, whoever it says it is", () => {
  const stranger = ed25519.getPublicKey(new Uint8Array(32));
  assert.throws(() => drained(openSnapshot(ENVELOPE, stranger, NOW)), refused("wrong-root-key"));
  const posing = PROTOCOL.snapshot.envelope.replace(PROTOCOL.root_key, digits(stranger));
  assert.throws(() => open(utf8(posing)), refused("wrong-root-key"));
  assert.throws(() => drained(openSnapshot(utf8(posing), stranger, NOW)), refused("snapshot-broken"));
});

test("a signature that only some verifiers take is none", () => {
  const identity = Uint8Array.of(1, ...new Uint8Array(31));
  const anything = Uint8Array.of(...identity, ...new Uint8Array(32));
  assert.ok(ed25519.verify(anything, utf8("anything"), identity)); // by the rules of ZIP 215
  assert.ok(!isSigned("floodmark/snapshot/1", "anything", anything, identity));
});

test("a signature of another length, or by a key that is none, is none", () => {
  assert.ok(!isSigned("floodmark/snapshot/1", "anything", new Uint8Array(63), ROOT_KEY));
  assert.ok(!isSigned("floodmark/snapshot/1", "anything", new Uint8Array(64), new Uint8Array(31)));
  assert.ok(!isSigned("floodmark/snapshot/1", "anything", new Uint8Array(64), new Uint8Array(32).fill(255)));
});

const ENVELOPES: Record<string, readonly [Code, (envelope: string) => string]> = {
  nothing: ["snapshot-broken", () => ""],
  "a page": ["snapshot-broken", () => "<!doctype html>"],
  "lists in lists": ["snapshot-broken", () => "[".repeat(100_000)],
  "another format": ["protocol-refused", (one) => one.replace("signed/1", "signed/2")],
  "another format in another form": ["protocol-refused", (one) => ` ${one.replace("signed/1", "signed/2")}`],
  "white space": ["snapshot-broken", (one) => one.replace(",", ", ")],
  "a line feed more": ["snapshot-broken", (one) => `${one}\n`],
  "no line feed": ["snapshot-broken", (one) => one.trimEnd()],
  "a name more": ["snapshot-broken", (one) => one.replace("}\n", ',"more":1}\n')],
  "a name twice": ["snapshot-broken", (one) => one.replace('"snapshot":', '"snapshot":"","snapshot":')],
  "a snapshot that is no text": [
    "snapshot-broken",
    (one) => one.replace(/"snapshot":".*","public/, '"snapshot":{},"public'),
  ],
  "text that goes on after its end": ["snapshot-broken", (one) => one.replace('","public', '","","public')],
  "an escape that is not needed": ["snapshot-broken", (one) => one.replace("{\\", "\\u007b\\")],
  "a signature in upper case": [
    "snapshot-broken",
    (one) => one.replace(/[0-9a-f]{128}/, (digits) => digits.toUpperCase()),
  ],
  "a mark of byte order": ["snapshot-broken", (one) => `\ufeff${one}`],
};

for (const [name, [code, lie]] of Object.entries(ENVELOPES)) {
  test(`an envelope is refused: ${name}`, () =>
    assert.throws(() => open(utf8(lie(PROTOCOL.snapshot.envelope))), refused(code)));
}

test("an envelope that is no UTF-8 is refused", () => {
  const bytes = ENVELOPE.slice();
  bytes[bytes.length >> 1] = 0xff;
  assert.throws(() => open(bytes), refused("snapshot-broken"));
});

test("an envelope with any bit flipped is refused", () => {
  for (let place = 0; place < ENVELOPE.length; place += 41) {
    const changed = ENVELOPE.slice();
    changed[place]! ^= 1 << (place % 8);
    assert.throws(() => open(changed), { name: "Refusal" });
  }
});

test("an envelope of more than 64 MiB is refused unread", () => {
  assert.throws(() => open(new Uint8Array(64 * 2 ** 20 + 1)), refused("limit-exceeded"));
});

test("a snapshot has its time: up to the second of its end, and from a day before it was made", () => {
  const [made, expires] = [Date.parse(SNAPSHOT.made_at), Date.parse(SNAPSHOT.expires_at)];
  const day = 24 * 3600 * 1000;
  open(ENVELOPE, new Date(expires - 1));
  open(ENVELOPE, new Date(made - day));
  assert.throws(() => open(ENVELOPE, new Date(expires)), refused("snapshot-expired"));
  assert.throws(() => open(ENVELOPE, new Date(made - day - 1)), refused("snapshot-from-the-future"));
});

test("a snapshot older than one that was seen is refused, and another under its number", () => {
  const later = envelope(says({ number: 2, predecessor: BEFORE }));
  const { seen } = open(ENVELOPE);
  open(ENVELOPE, NOW, seen);
  const next = open(later, NOW, seen).seen;
  assert.throws(() => open(ENVELOPE, NOW, next), refused("snapshot-older"));
  const other = envelope(says({ number: 2, predecessor: BEFORE, id: "b".repeat(32) }));
  assert.throws(() => open(other, NOW, next), refused("snapshot-older"));
});

function keysOf(key: string): Json[] {
  return [{ t: 1, n: 1, public_key: key, shares: [key] }];
}

/** Another element than the key. */
function otherKey(): string {
  return digits(hex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"));
}
