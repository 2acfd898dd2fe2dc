/** The answer in a sentence: found, not found, or nothing known; never one where there was none. */

import type { Checked, FoundLeak } from "../protocol/check.ts";
import { countryName, countryOf } from "./countries.ts";
import type { PageData, ResultTexts } from "./data.ts";
import type { Copy } from "./dom.ts";
import { titleOf } from "./leak_card.ts";
import type { Asking } from "./sent.ts";
import type { Words } from "./words.ts";

const OUTCOMES = ["found", "clear", "unknown"] as const;

export function fillVerdict(copy: Copy, checked: Checked, asking: Asking, data: PageData, words: Words): void {
  const texts = data.texts.result;
  const { kind, national } = asking;
  const { leaks, lookedIn, notLookedIn } = checked;
  const outcome = leaks.length > 0 ? "found" : notLookedIn.length === 0 ? "clear" : "unknown";
  copy.slot("verdict").classList.add(`verdict-${outcome}`);
  for (const other of OUTCOMES) if (other !== outcome) copy.without(`icon-${other}`);
  const said = {
    found: [words.counted(texts.found, leaks.length), ...ofFound(leaks, texts)],
    clear: [words.counted(texts.notFound, lookedIn), texts.notFoundText, national ? texts.otherCountry : null],
    unknown:
      lookedIn === 0
        ? [texts.nothingKnown, texts.nothingKnownText[kind], texts.nothingKnownNext[kind]]
        : [inSome(checked, texts, words), texts.notFoundText, national ? texts.otherCountry : null],
  } as const;
  const [title, text, next] = said[outcome];
  copy.text("for", identity(asking, data));
  copy.text("title", title);
  copy.text("text", text);
  copy.text("next", next);
  if (outcome !== "found") copy.without("in-page");
  if (lookedIn === 0 || notLookedIn.length === 0) copy.without("not-looked-in");
  else copy.fill("not-looked-in", words.listed(texts.notLookedIn[kind], "leaks", notLookedIn.map(titleOf)));
}

/** What the answer is about, with the country that a number was read in: another's would be another number. */
function identity({ kind, shown }: Asking, data: PageData): string {
  const country = kind === "phone" ? countryOf(shown, data) : null;
  return country === null ? shown : `${shown}, ${countryName(country, data)}`;
}

function inSome({ lookedIn, notLookedIn }: Checked, texts: ResultTexts, words: Words): string {
  return words.counted(texts.notFoundInSome, lookedIn + notLookedIn.length, { looked: words.number(lookedIn) });
}

/** What it means to be in these leaks, and what to think where none of them is known to be real. */
function ofFound(leaks: readonly FoundLeak[], texts: ResultTexts): [string, string | null] {
  if (leaks.every((leak) => leak.synthetic)) return [texts.foundSynthetic, null];
  const doubtful = leaks.filter((leak) => leak.synthetic || leak.fabricated || !leak.verified);
  if (doubtful.length === 0) return [texts.foundText, null];
  return [texts.foundUnsure, doubtful.length === leaks.length ? texts.foundDoubtful : texts.foundMixed];
}
