/** What was found: one sentence first, then the leaks, what to do, and who learnt what. */

import type { Checked, FoundLeak } from "../protocol/check.ts";
import { advice, type Advice } from "./advice.ts";
import { fieldName, type PageData, type Sureness } from "./data.ts";
import { byId, Copy, element } from "./dom.ts";
import { plain } from "./plain.ts";
import { fillSent, type Asking } from "./sent.ts";
import { filled, type Words } from "./words.ts";

// As many characters as the command line shows.
const LONGEST_TITLE = 120;
const LONGEST_DESCRIPTION = 2000;
const LONGEST_DOMAIN = 253;
type Outcome = "found" | "clear" | "unknown";
const BADGES: Readonly<Record<Sureness, string>> = {
  verified: "badge badge-good",
  unverified: "badge",
  fabricated: "badge badge-warn",
  spamList: "badge",
  malware: "badge badge-bad",
  synthetic: "badge badge-warn",
};

/** Show the answer and move to its heading. */
export function showResult(checked: Checked, asking: Asking, data: PageData, words: Words, again: () => void): void {
  const told = advice(checked.leaks.flatMap((leak) => leak.fieldTypes), data.advising);
  const copy = new Copy("result-template");
  verdict(copy, checked, asking, data, words);
  if (checked.leaks.length > 0) {
    copy.fill("leak-list", checked.leaks.map((leak) => card(leak, data, words)));
    copy.fill("advice-groups", groups(told, data, words));
  } else {
    copy.without("leaks");
    copy.without("advice");
  }
  const skipped = checked.lookedIn > 0 ? checked.notLookedIn.map(titleOf) : [];
  const texts = data.texts.result;
  copy.text("not-looked-in", skipped.length > 0 ? filled(texts.notLookedIn[asking.kind], { leaks: words.list(skipped) }) : null);
  fillSent(copy, checked, asking, data, words);
  const { number, madeAt, expiresAt, id } = checked.snapshot;
  const values = { number: words.number(number), made: words.day(madeAt), expires: words.day(expiresAt) };
  copy.text("snapshot", filled(texts.snapshot, values));
  copy.text("snapshot-id", id);
  if (checked.leaks.length > 0) copy.slot("in-page").addEventListener("click", jump);
  copy.slot("again").addEventListener("click", again);
  copy.slot("print").addEventListener("click", () => print());
  const place = byId("result");
  place.replaceChildren(copy.fragment);
  place.hidden = false;
  byId("result-title").focus();
}

/** Go to a part of the answer without an address of its own: the browser's history is not to tell that there is one. */
function jump(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null) return;
  event.preventDefault();
  const heading = byId(link.hash.slice(1));
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}

function verdict(copy: Copy, checked: Checked, { kind, shown }: Asking, data: PageData, words: Words): void {
  const texts = data.texts.result;
  const { leaks, lookedIn } = checked;
  const outcome: Outcome = leaks.length > 0 ? "found" : lookedIn > 0 ? "clear" : "unknown";
  copy.slot("verdict").classList.add(`verdict-${outcome}`);
  for (const other of ["found", "clear", "unknown"]) if (other !== outcome) copy.without(`icon-${other}`);
  const said = {
    found: [words.counted(texts.found, leaks.length), texts.foundText, doubts(leaks, data)],
    clear: [words.counted(texts.notFound, lookedIn), texts.notFoundText, null],
    unknown: [texts.nothingKnown, texts.nothingKnownText[kind], texts.nothingKnownNext[kind]],
  } as const;
  const [title, text, next] = said[outcome];
  copy.text("for", shown);
  copy.text("title", title);
  copy.text("text", next !== null && next === texts.foundSynthetic ? null : text);
  copy.text("next", next);
  if (outcome !== "found") copy.without("in-page");
}

/** What to say where none of the leaks is known to be real. */
function doubts(leaks: readonly FoundLeak[], data: PageData): string | null {
  if (leaks.every((leak) => leak.synthetic)) return data.texts.result.foundSynthetic;
  return leaks.every((leak) => leak.fabricated || !leak.verified) ? data.texts.result.foundDoubtful : null;
}

function titleOf(leak: Pick<FoundLeak, "title" | "slug">): string {
  return plain(leak.title, LONGEST_TITLE) || leak.slug;
}

function card(leak: FoundLeak, data: PageData, words: Words): Copy {
  const texts = data.texts.result;
  const copy = new Copy("leak-template");
  const sure = sureness(leak);
  copy.text("title", titleOf(leak));
  copy.fill("badges", sure.map((one) => item(texts.sure[one][0], BADGES[one])));
  copy.fill("fields", leak.fieldTypes.map((label) => element("li", fieldName(label, data))));
  const taken = leak.breachDate === null ? texts.takenUnknown : filled(texts.taken, { date: words.partial(leak.breachDate) });
  const published =
    leak.publishedDate === null ? texts.publishedUnknown : filled(texts.published, { date: words.partial(leak.publishedDate) });
  copy.text("when", `${taken}; ${published}`);
  copy.text("sure", sure.map((one) => texts.sure[one][1]).join(" "));
  for (const [name, text] of [["domain", plain(leak.domain, LONGEST_DOMAIN)], ["description", plain(leak.description, LONGEST_DESCRIPTION)]] as const) {
    if (text) copy.text(name, text);
    else copy.without(`${name}-row`);
  }
  return copy;
}

/** How sure anybody is of a leak, what matters most first. */
function sureness(leak: FoundLeak): Sureness[] {
  const real: Sureness = leak.fabricated ? "fabricated" : leak.verified ? "verified" : "unverified";
  const more: [boolean, Sureness][] = [
    [leak.spamList, "spamList"],
    [leak.malware || leak.stealerLog, "malware"],
  ];
  return [...(leak.synthetic ? (["synthetic"] as const) : [real]), ...more.filter(([so]) => so).map(([, one]) => one)];
}

function groups(told: readonly Advice[], data: PageData, words: Words): Copy[] {
  const urgencies = [...new Set(told.map((one) => one.urgency))];
  return urgencies.map((urgency) => {
    const copy = new Copy("advice-group-template");
    copy.text("heading", data.advising.headings[urgency]!);
    copy.fill("items", told.filter((one) => one.urgency === urgency).map((one) => adviceItem(one, data, words)));
    return copy;
  });
}

function adviceItem({ urgency, title, text, because }: Advice, data: PageData, words: Words): Copy {
  const copy = new Copy("advice-template");
  const fields = words.list(because.map((label) => fieldName(label, data)));
  copy.slot("details").toggleAttribute("open", urgency === "today");
  copy.text("title", title);
  copy.text("text", text);
  copy.text("because", because.length > 0 ? filled(data.texts.result.because, { fields }) : null);
  return copy;
}

function item(text: string, className: string): HTMLElement {
  const made = document.createElement("li");
  made.append(element("span", text, className));
  return made;
}
