/** One leak that somebody is in: what of theirs, when, how sure that is; all of it text that others may have written. */

import type { FoundLeak } from "../protocol/check.ts";
import { fieldName, type PageData, type Sureness } from "./data.ts";
import { Copy, element } from "./dom.ts";
import { plain } from "./plain.ts";
import { filled, type Words } from "./words.ts";

// As many characters as the command line shows.
const LONGEST_TITLE = 120;
const LONGEST_DESCRIPTION = 2000;
const LONGEST_DOMAIN = 253;
const BADGES: Readonly<Record<Sureness, string>> = {
  verified: "badge badge-good",
  unverified: "badge",
  fabricated: "badge badge-warn",
  spamList: "badge",
  malware: "badge badge-bad",
  synthetic: "badge badge-warn",
};

export function leakCard(leak: FoundLeak, data: PageData, words: Words): Copy {
  const texts = data.texts.result;
  const copy = new Copy("leak-template");
  const sure = sureness(leak);
  copy.text("title", titleOf(leak));
  copy.fill("badges", sure.map((one) => badge(texts.sure[one][0], BADGES[one])));
  copy.fill("fields", leak.fieldTypes.map((label) => element("li", fieldName(label, data))));
  copy.text("when", when(leak, data, words));
  copy.text("sure", sure.map((one) => texts.sure[one][1]).join(" "));
  row(copy, "domain", plain(leak.domain, LONGEST_DOMAIN));
  row(copy, "description", plain(leak.description, LONGEST_DESCRIPTION));
  return copy;
}

/** A leak's name for people. */
export function titleOf(leak: Pick<FoundLeak, "title" | "slug">): string {
  return plain(leak.title, LONGEST_TITLE) || leak.slug;
}

function when({ breachDate, publishedDate }: FoundLeak, data: PageData, words: Words): string {
  const texts = data.texts.result;
  const taken = breachDate === null ? texts.takenUnknown : filled(texts.taken, { date: words.partial(breachDate) });
  const published =
    publishedDate === null ? texts.publishedUnknown : filled(texts.published, { date: words.partial(publishedDate) });
  return `${taken}; ${published}`;
}

/** How sure anybody is of a leak, what matters most first. */
function sureness(leak: FoundLeak): Sureness[] {
  const real = leak.synthetic ? "synthetic" : leak.fabricated ? "fabricated" : leak.verified ? "verified" : "unverified";
  const found: Sureness[] = [real];
  if (leak.spamList) found.push("spamList");
  if (leak.malware || leak.stealerLog) found.push("malware");
  return found;
}

/** A fact in its row, which goes where there is nothing to say. */
function row(copy: Copy, name: string, text: string): void {
  if (text) copy.text(name, text);
  else copy.without(`${name}-row`);
}

function badge(text: string, className: string): HTMLElement {
  const made = document.createElement("li");
  made.append(element("span", text, className));
  return made;
}
