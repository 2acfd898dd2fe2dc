/** Why a check ended without an answer: in plain words, with a next step. */

import { Refusal } from "../protocol/check.ts";
import type { PageData, RefusalTexts } from "./data.ts";
import { byId, shown } from "./dom.ts";
import { filled, type Words } from "./words.ts";

/** Codes that mean the same to somebody who is not a developer. */
const SAME: Readonly<Record<string, string>> = {
  "snapshot-broken": "answer-broken",
  "manifest-broken": "answer-broken",
  "evaluation-broken": "broken",
  "bad-element": "broken",
  "limit-exceeded": "broken",
  "not-an-identifier": "fault",
};

/** Codes that are nobody's fault and pass by themselves; all others are a reason to be wary. */
const PASSING = ["offline", "too-slow", "stopped", "budget-spent", "wrong-epoch", "snapshot-expired", "server-failed"];

const DAY = 86_400; // seconds

/** Show it, and move to its heading. */
export function showRefusal(error: unknown, data: PageData, words: Words): void {
  const passing = error instanceof Refusal && PASSING.includes(error.code);
  byId("refusal").className = passing ? "notice notice-warn" : "notice notice-bad";
  const { title, text, next } = textsOf(error, data, words);
  byId("refusal-title").textContent = title;
  byId("refusal-text").textContent = text;
  byId("refusal-next").textContent = next;
  shown(byId("retry"), passing); // a server that lies is not to be asked until it has what it wants
  byId("refusal").hidden = false;
  byId("refusal-title").focus();
}

function textsOf(error: unknown, data: PageData, words: Words): RefusalTexts {
  const all = data.texts.refusals;
  if (!(error instanceof Refusal)) return all["fault"]!;
  const wait = error.code === "budget-spent" ? error.retryAfter : undefined;
  if (wait) {
    const texts = all[wait > DAY ? "budget-spent-for-days" : "budget-spent-until"]!;
    const values = { wait: words.wait(wait, data.texts.waits), when: words.moment(new Date(Date.now() + wait * 1000)) };
    return { ...texts, next: filled(texts.next, values) };
  }
  return all[SAME[error.code] ?? error.code] ?? all["fault"]!;
}
