/** The snapshot, format `floodmark/snapshot/1` (protocol 1, section 5): which sealed leaks answers come from. */

import { PAUSE, type Steps } from "./asking.ts";
import { Form, HEX_16, HEX_32, HEX_64 } from "./form.ts";
import { named, readOneForm } from "./json.ts";
import { checkProtocol, MOST_EPOCH, parseManifest, publicKeyOf, SLUG, type Manifest } from "./manifest.ts";
import { BUCKETS } from "./rows.ts";
import { PATH_BYTES } from "./tree.ts";

const MOST_NUMBER = 2 ** 31;
const NAMES = ("format id number made_at expires_at predecessor " + "suite mode canon epoch keys leaks buckets").split(
  " ",
);
const LEAK_NAMES = (
  "slug title domain description breach_date published_date " +
  "verified fabricated spam_list malware stealer_log synthetic manifest signature"
).split(" ");
const form: Form = new Form("snapshot-broken");

/** What a snapshot says of a leak; nobody has cleaned its texts: write them as text, never as HTML. */
export interface ToldLeak {
  readonly slug: string;
  readonly title: string;
  /** Whose data it is said to be; may be empty. */
  readonly domain: string;
  readonly description: string;
  /** `2019`, `2019-08`, `2019-08-31`, or null where nobody knows. */
  readonly breachDate: string | null;
  readonly publishedDate: string | null;
  readonly verified: boolean;
  readonly fabricated: boolean;
  readonly spamList: boolean;
  readonly malware: boolean;
  readonly stealerLog: boolean;
  readonly synthetic: boolean;
}

export interface SnapshotLeak {
  readonly told: ToldLeak;
  readonly manifest: Manifest;
  /** The manifest's exact text, which is signed. */
  readonly manifestText: string;
  readonly signature: Uint8Array;
}

export interface Snapshot {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly number: number;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly epoch: number;
  /** Of the epoch, 64 hexadecimal digits. */
  readonly publicKey: string;
  /** In the order in which an answer has their rows. */
  readonly leaks: readonly SnapshotLeak[];
  readonly answerBytes: number;
  /** Size of buckets.bin. */
  readonly bucketsBytes: number;
  /** Of the tree over all buckets, 64 hexadecimal digits. */
  readonly root: string;
}

/** A snapshot from its exact text; its signature, those of its manifests and its dates are another matter. */
export function* parseSnapshot(text: string): Steps<Snapshot> {
  const value = readOneForm(text, form.code);
  checkProtocol(value, "floodmark/snapshot/1");
  const table = named(value, NAMES, form.code);
  const id = form.text(table.id, HEX_16);
  const number = form.number(table.number, 1, MOST_NUMBER);
  const [madeAt, expiresAt] = [form.moment(table.made_at), form.moment(table.expires_at)];
  checkPredecessor(number, table.predecessor);
  const epoch = form.number(table.epoch, 1, MOST_EPOCH);
  const publicKey = publicKeyOf(table.keys, form);
  const leaks: SnapshotLeak[] = [];
  for (const leak of form.list(table.leaks)) {
    leaks.push(leakOf(leak));
    yield PAUSE;
  }
  checkOnce(leaks);
  form.demand(expiresAt > madeAt, "a snapshot that expired before it was made");
  const answerBytes = leaks.reduce((sum, { manifest }) => sum + manifest.stride, PATH_BYTES);
  const root = rootOf(table.buckets, answerBytes);
  const sizes = { answerBytes, bucketsBytes: BUCKETS * answerBytes };
  return { id, number, madeAt, expiresAt, epoch, publicKey, leaks, ...sizes, root };
}

function checkPredecessor(number: number, value: unknown): void {
  form.demand((number === 1) === (value === null), "a number that does not fit the predecessor");
  if (value === null) return;
  const before = named(value, ["id", "sha256"], form.code);
  form.text(before.id, HEX_16);
  form.text(before.sha256, HEX_32);
}

/** The root of the tree over buckets that have the sizes that follow from the leaks. */
function rootOf(value: unknown, answerBytes: number): string {
  const buckets = named(value, ["answer_bytes", "root", "bytes", "sha256"], form.code);
  form.text(buckets.sha256, HEX_32);
  form.demand(buckets.answer_bytes === answerBytes, "another length of answers");
  form.demand(form.number(buckets.bytes, 0) === BUCKETS * answerBytes, "another size of buckets");
  return form.text(buckets.root, HEX_32);
}

function leakOf(value: unknown): SnapshotLeak {
  const table = named(value, LEAK_NAMES, form.code);
  const manifestText = form.words(table.manifest);
  const told: ToldLeak = {
    slug: form.text(table.slug, SLUG),
    title: form.words(table.title),
    domain: form.words(table.domain),
    description: form.words(table.description),
    breachDate: form.date(table.breach_date),
    publishedDate: form.date(table.published_date),
    verified: form.flag(table.verified),
    fabricated: form.flag(table.fabricated),
    spamList: form.flag(table.spam_list),
    malware: form.flag(table.malware),
    stealerLog: form.flag(table.stealer_log),
    synthetic: form.flag(table.synthetic),
  };
  const signature = form.bytes(table.signature, HEX_64);
  const manifest = parseManifest(manifestText);
  form.demand(told.slug === manifest.slug && told.synthetic === manifest.synthetic, "the manifest of another leak");
  return { told, manifest, manifestText, signature };
}

function checkOnce(leaks: readonly SnapshotLeak[]): void {
  form.demand(leaks.length > 0, "no leaks");
  form.demand(new Set(leaks.map(({ manifest }) => manifest.slug)).size === leaks.length, "a slug twice");
  form.demand(new Set(leaks.map(({ manifest }) => String(manifest.sealId))).size === leaks.length, "a seal twice");
}
