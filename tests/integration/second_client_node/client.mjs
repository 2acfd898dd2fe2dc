/**
 * A client of protocol 1, written from docs/reference/protocol.md alone: nothing here is Floodmark's.
 *
 * It shows that the page is enough for a server, too. Where page and code differ, one of them is wrong, and not this.
 */

import { createHash, createHmac, randomInt } from "node:crypto";
import { decode, evaluateAt } from "./evaluation.mjs";
import { checkSignature, count, day, demand, hexadecimal, named, readJson, time, utf8 } from "./files.mjs";

const [BUCKETS, PATH_BYTES, TAG_BYTES, HEADER_BYTES, DAY] = [65_536, 16 * 32, 6, 128, 86_400_000];
const KINDS = ["phone", "email", "profile_id", "username"];
const names = (text) => text.split(/\s+/);
const MANIFEST = names(
  "format suite mode canon epoch seal_id slug synthetic sealed_at members field_sets cell_bytes m rows keys",
);
const SNAPSHOT = names("format id number made_at expires_at predecessor suite mode canon epoch keys leaks buckets");
const FLAGS = names("verified fabricated spam_list malware stealer_log synthetic");
const LEAK = [...names("slug title domain description breach_date published_date"), ...FLAGS, "manifest", "signature"];
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

// Section 3: rows

const bucketOf = (y) => y.readUInt16BE(0);
const strideOf = (manifest) => manifest.m * (TAG_BYTES + manifest.cell_bytes);

/** The field set that one bucket's rows hold of `y`. */
function lookUp(rows, manifest, y) {
  const width = manifest.cell_bytes;
  const k = createHmac("sha256", y.subarray(32, 64))
    .update("floodmark/seal/1")
    .update(Buffer.from(manifest.seal_id, "hex"))
    .digest();
  for (let at = 0; at < rows.length; at += TAG_BYTES + width) {
    if (!rows.subarray(at, at + TAG_BYTES).equals(k.subarray(0, TAG_BYTES))) continue;
    const number = (rows.readUIntBE(at + TAG_BYTES, width) ^ k.readUIntBE(TAG_BYTES, width)) >>> 0;
    if (number < manifest.field_sets.length) return manifest.field_sets[number];
  }
  return undefined;
}

// Section 4: the manifest

function readSuite(table, format) {
  const said = [table.format, table.suite, table.mode, table.canon];
  demand(
    said.every((one, place) => one === [format, "ristretto255-SHA512", 1, 1][place]),
    "another format, suite, mode or canon",
  );
}

function readKeys(keys) {
  demand(Array.isArray(keys) && keys.length === 1, "more or fewer keys than one");
  const key = named(keys[0], ["t", "n", "public_key", "shares"]);
  demand(
    key.t === 1 && key.n === 1 && Array.isArray(key.shares) && key.shares.join() === key.public_key,
    "several shares",
  );
  decode(hexadecimal(key.public_key, 32));
  return key.public_key;
}

function readManifest(text) {
  const manifest = named(readJson(text), MANIFEST);
  readSuite(manifest, "floodmark/manifest/1");
  count(manifest.epoch, 1, 2 ** 31 - 1);
  hexadecimal(manifest.seal_id, 16);
  demand(/^[a-z0-9][a-z0-9-]{0,63}$/.test(manifest.slug) && typeof manifest.slug === "string", "no slug");
  demand(typeof manifest.synthetic === "boolean", "neither synthetic nor not");
  time(manifest.sealed_at);
  manifest.publicKey = readKeys(manifest.keys);
  demand([2, 4].includes(manifest.cell_bytes), "other cells");
  count(manifest.m, 16);
  demand(manifest.members instanceof Map, "no members");
  const kinds = KINDS.filter((kind) => manifest.members.has(kind));
  const members = Object.values(named(manifest.members, kinds)).reduce((sum, one) => sum + count(one), 0);
  demand(members <= BUCKETS * manifest.m, "more members than rows");
  demand(Array.isArray(manifest.field_sets), "no field sets");
  demand(manifest.field_sets.length <= Math.min(2 ** 22, 256 ** manifest.cell_bytes), "too many field sets");
  for (const set of manifest.field_sets) {
    demand(Array.isArray(set) && new Set(set).size === set.length, "no field set");
    demand(
      set.every((type) => typeof type === "string" && /^[a-z][a-z0-9_]{0,39}$/.test(type)),
      "no field type",
    );
  }
  const rows = named(manifest.rows, ["bytes", "sha256"]);
  demand(rows.bytes === HEADER_BYTES + BUCKETS * strideOf(manifest), "another size of rows");
  hexadecimal(rows.sha256, 32);
  return manifest;
}

// Section 5: the snapshot

/** The snapshot in an envelope, after all that a client refuses. */
export function openSnapshot(envelope, root, now) {
  demand(envelope.length <= 64 * 2 ** 20, "too long");
  const signed = named(readJson(utf8(envelope)), ["format", "snapshot", "public_key", "signature"]);
  demand(signed.format === "floodmark/signed/1" && typeof signed.snapshot === "string", "another envelope");
  demand(hexadecimal(signed.public_key, 32).equals(root), "another root key");
  checkSignature(root, hexadecimal(signed.signature, 64), "floodmark/snapshot/1", signed.snapshot);
  const snapshot = named(readJson(signed.snapshot), SNAPSHOT);
  readSuite(snapshot, "floodmark/snapshot/1");
  hexadecimal(snapshot.id, 16);
  demand((count(snapshot.number, 1, 2 ** 31) === 1) === (snapshot.predecessor === null), "another predecessor");
  if (snapshot.predecessor !== null) {
    const before = named(snapshot.predecessor, ["id", "sha256"]);
    demand(hexadecimal(before.id, 16) && hexadecimal(before.sha256, 32), "no predecessor");
  }
  const [made, expires] = [time(snapshot.made_at), time(snapshot.expires_at)];
  demand(made < expires && now < expires && made - now <= DAY, "out of its time");
  count(snapshot.epoch, 1, 2 ** 31 - 1);
  snapshot.publicKey = readKeys(snapshot.keys);
  demand(Array.isArray(snapshot.leaks) && snapshot.leaks.length > 0, "no leaks");
  const leaks = snapshot.leaks.map((leak) => readLeak(leak, snapshot, root));
  for (const name of ["slug", "seal_id"])
    demand(new Set(leaks.map((leak) => leak[name])).size === leaks.length, `a ${name} twice`);
  const buckets = named(snapshot.buckets, ["answer_bytes", "root", "bytes", "sha256"]);
  demand(
    buckets.answer_bytes === leaks.reduce((sum, leak) => sum + strideOf(leak), PATH_BYTES),
    "another length of answers",
  );
  demand(buckets.bytes === BUCKETS * buckets.answer_bytes, "another size of buckets");
  demand(hexadecimal(buckets.root, 32) && hexadecimal(buckets.sha256, 32), "no hashes");
  return { ...snapshot, leaks, buckets };
}

/** The manifest of a leak. */
function readLeak(value, snapshot, root) {
  const leak = named(value, LEAK);
  demand(
    LEAK.slice(0, 4).every((name) => typeof leak[name] === "string"),
    "no text",
  );
  day(leak.breach_date);
  day(leak.published_date);
  demand(
    FLAGS.every((name) => typeof leak[name] === "boolean"),
    "neither true nor false",
  );
  demand(typeof leak.manifest === "string", "no manifest");
  checkSignature(root, hexadecimal(leak.signature, 64), "floodmark/manifest/1", leak.manifest);
  const manifest = readManifest(leak.manifest);
  demand(manifest.epoch === snapshot.epoch && manifest.publicKey === snapshot.publicKey, "another epoch or key");
  demand(manifest.slug === leak.slug && manifest.synthetic === leak.synthetic, "another leak");
  return manifest;
}

/** The rows of every leak in an answer, once its path has led to the root. */
export function rowsOf(snapshot, bucket, answer) {
  demand(answer.length === snapshot.buckets.answer_bytes, "an answer of another length");
  const [rows, path] = [answer.subarray(0, -PATH_BYTES), answer.subarray(-PATH_BYTES)];
  let reached = sha256(Buffer.of(0), rows);
  for (let level = 0; level < 16; level += 1) {
    const sibling = path.subarray(32 * level, 32 * level + 32);
    reached = (bucket >> level) & 1 ? sha256(Buffer.of(1), sibling, reached) : sha256(Buffer.of(1), reached, sibling);
  }
  demand(reached.toString("hex") === snapshot.buckets.root, "a path that leads elsewhere");
  let at = 0;
  return snapshot.leaks.map((leak) => rows.subarray(at, (at += strideOf(leak))));
}

// Section 6: a check

/**
 * For each input: slug and field types of every leak that holds it.
 *
 * `ask(method, path, headers, body)` gives the status, headers and body of an answer.
 */
export async function check(ask, root, inputs, now) {
  const snapshot = openSnapshot((await asked(ask, 200, "GET", "/v1/snapshot")).body, root, now);
  const post = async (body) =>
    (await asked(ask, 200, "POST", "/v1/evaluate", { "Content-Type": "application/json" }, body)).body;
  const outputs = await evaluateAt(post, snapshot.epoch, decode(Buffer.from(snapshot.publicKey, "hex")), inputs);
  const wanted = new Set(outputs.map(bucketOf));
  while (wanted.size < 4 * inputs.length) wanted.add(randomInt(BUCKETS));
  const order = [...wanted].map((bucket) => [randomInt(2 ** 47), bucket]).sort(([a], [b]) => a - b);
  const rows = new Map();
  for (const [, bucket] of order) rows.set(bucket, rowsOf(snapshot, bucket, await answerFor(ask, snapshot, bucket)));
  return outputs.map((y) =>
    snapshot.leaks.flatMap((leak, place) => {
      const types = lookUp(rows.get(bucketOf(y))[place], leak, y);
      return types === undefined ? [] : [[leak.slug, types]];
    }),
  );
}

async function answerFor(ask, snapshot, bucket) {
  const { answer_bytes: size, bytes } = snapshot.buckets;
  const [first, last] = [bucket * size, (bucket + 1) * size - 1];
  const padded = (place) => String(place).padStart(String(bytes).length, "0");
  const path = `/v1/snapshots/${snapshot.id}/buckets.bin`;
  const answer = await asked(ask, 206, "GET", path, { Range: `bytes=${padded(first)}-${padded(last)}` });
  demand(answer.headers["content-range"] === `bytes ${first}-${last}/${bytes}`, "another range");
  return answer.body;
}

async function asked(ask, status, method, path, headers = {}, body = undefined) {
  const answer = await ask(method, path, headers, body);
  demand(answer.status === status, `status ${answer.status} of ${method}`);
  return answer;
}
