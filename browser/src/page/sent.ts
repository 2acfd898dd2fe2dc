/** What was sent, to the byte, and what each party learnt of it, in the words of the threat model. */

import type { Asked } from "../canon/read.ts";
import type { Checked, Sent } from "../protocol/check.ts";
import { countryName, crowdOf } from "./countries.ts";
import type { PageData } from "./data.ts";
import { Copy } from "./dom.ts";
import { filled, type Words } from "./words.ts";

export interface Asking extends Pick<Asked, "kind" | "shown"> {
  /** Addresses of the servers that took part. */
  readonly source: string;
  readonly evaluator: string;
  /** Whether it was typed as it is dialled within a country, so that the one that was chosen decided. */
  readonly national: boolean;
}

const FEW = 100; // others on a list, below which the page says that they are few

export function fillSent(copy: Copy, checked: Checked, asking: Asking, data: PageData, words: Words): void {
  const texts = data.texts.sent;
  copy.text("sent-intro", words.counted(texts.intro, checked.sent.length));
  copy.fill("learnt", learnt(asking, data, words));
  copy.fill("requests", checked.sent.map((sent) => request(sent, data, words)));
  const elsewhere = [asking.source, asking.evaluator].some((one) => new URL(one).origin !== location.origin);
  copy.text("sent-added", texts.added);
  copy.text("sent-preflight", elsewhere ? texts.preflight : null);
}

function learnt(asking: Asking, data: PageData, words: Words): Copy[] {
  const texts = data.texts.sent;
  const [evaluator, host] = [nameOf(asking.evaluator), nameOf(asking.source)];
  const guessing = ({ who, what }: { who: string; what: Record<Asking["kind"], string> }) => ({ who, what: what[asking.kind] });
  const parties =
    evaluator === host
      ? [part(guessing(texts.one), host)]
      : [part(texts.evaluator, evaluator), part(texts.host, host), part(guessing(texts.both), "")];
  const crowd = new Copy("learnt-template");
  crowd.text("who", texts.crowd.who);
  const [what, note] = crowdText(asking, data, words);
  crowd.text("what", what);
  crowd.text("note", note);
  return [...parties, crowd, part(texts.nobody, "")];
}

/** How long the list is on which somebody is, and what else there is to say of it. */
function crowdText(asking: Asking, data: PageData, words: Words): [string, string] {
  const texts = data.texts.sent.crowd;
  if (asking.kind === "email") return [texts.email, texts.again];
  const { callingCode, country, counted } = crowdOf(asking.shown, data);
  if (country === null) return [`${filled(texts.unknown, { code: `+${callingCode}` })} ${texts.here}`, texts.again];
  const name = countryName(country, data);
  if (counted === null) return [`${filled(texts.uncounted, { country: name })} ${texts.here}`, texts.again];
  const others = (counted.subscriptions * data.fetched) / data.buckets;
  const values = {
    n: words.about(Math.round(others)),
    country: name,
    all: words.about(counted.subscriptions, 3),
    year: String(counted.year),
  };
  const few = others < FEW ? ` ${texts.few}` : "";
  const text = words.counted(texts.phone, Math.round(others), values);
  return [`${text}${few} ${texts.here}`, `${texts.again} ${texts.source}`];
}

function part({ who, what }: { readonly who: string; readonly what: string }, host: string): Copy {
  const copy = new Copy("learnt-template");
  copy.text("who", filled(who, { host }));
  copy.text("what", filled(what, { host }));
  copy.without("note");
  return copy;
}

function request(sent: Sent, data: PageData, words: Words): Copy {
  const copy = new Copy("request-template");
  const text = bytesOf(sent);
  copy.text("what", data.texts.sent[sent.ask]);
  copy.text("length", filled(data.texts.sent.bytes, { n: words.number(new TextEncoder().encode(text).length) }));
  copy.text("bytes", text);
  return copy;
}

/** A request as HTTP/1.1 writes it: what this page set of it. */
export function bytesOf({ method, path, to, headers, body }: Sent): string {
  const set = headers.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, `Host: ${new URL(to).host}`, ...set, "", body].join("\r\n");
}

function nameOf(address: string): string {
  return new URL(address).host;
}
