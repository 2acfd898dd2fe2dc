/** The answer in a sentence: found, not found, or nothing known; never one where there was none. */

import type { Checked, FoundLeak } from "../protocol/check.ts";
import type { PageData, ResultTexts } from "./data.ts";
import type { Copy } from "./dom.ts";
import type { Asking } from "./sent.ts";
import type { Words } from "./words.ts";

const OUTCOMES = ["found", "clear", "unknown"] as const;

export function fillVerdict(copy: Copy, checked: Checked, { kind, shown }: Asking, data: PageData, words: Words): void {
  const texts = data.texts.result;
  const { leaks, lookedIn } = checked;
  const outcome = leaks.length > 0 ? "found" : lookedIn > 0 ? "clear" : "unknown";
  copy.slot("verdict").classList.add(`verdict-${outcome}`);
  for (const other of OUTCOMES) if (other !== outcome) copy.without(`icon-${other}`);
  const said = {
    found: [words.counted(texts.found, leaks.length), ...ofFound(leaks, texts)],
    clear: [words.counted(texts.notFound, lookedIn), texts.notFoundText, null],
    unknown: [texts.nothingKnown, texts.nothingKnownText[kind], texts.nothingKnownNext[kind]],
  } as const;
  const [title, text, next] = said[outcome];
  copy.text("for", shown);
  copy.text("title", title);
  copy.text("text", text);
  copy.text("next", next);
  if (outcome !== "found") copy.without("in-page");
}

/** What it means to be in these leaks, and what to think where none of them is known to be real. */
function ofFound(leaks: readonly FoundLeak[], texts: ResultTexts): [string, string | null] {
  if (leaks.every((leak) => leak.synthetic)) return [texts.foundSynthetic, null];
  const doubtful = leaks.every((leak) => leak.synthetic || leak.fabricated || !leak.verified);
  return [texts.foundText, doubtful ? texts.foundDoubtful : null];
}
