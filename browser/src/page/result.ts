/** What was found: one sentence first, then the leaks, what to do, and who learnt what. */

import type { Checked } from "../protocol/check.ts";
import { advice } from "./advice.ts";
import { adviceGroups } from "./advice_list.ts";
import type { PageData } from "./data.ts";
import { byId, Copy } from "./dom.ts";
import { leakCard } from "./leak_card.ts";
import { fillSent, type Asking } from "./sent.ts";
import { fillVerdict } from "./verdict.ts";
import { filled, type Words } from "./words.ts";

/** Show the answer and move to its heading. */
export function showResult(checked: Checked, asking: Asking, data: PageData, words: Words, again: () => void): void {
  const copy = new Copy("result-template");
  fillVerdict(copy, checked, asking, data, words);
  fillLeaks(copy, checked, data, words);
  fillSent(copy, checked, asking, data, words);
  fillSnapshot(copy, checked, data, words);
  copy.slot("again").addEventListener("click", again);
  copy.slot("print").addEventListener("click", () => print());
  const place = byId("result");
  place.replaceChildren(copy.fragment);
  place.hidden = false;
  byId("result-title").focus();
}

function fillLeaks(copy: Copy, { leaks }: Checked, data: PageData, words: Words): void {
  if (leaks.length === 0) {
    copy.without("leaks");
    copy.without("advice");
    return;
  }
  const told = advice(leaks.flatMap((leak) => leak.fieldTypes), data.advising);
  if (!leaks.every((leak) => leak.synthetic)) copy.without("drill");
  copy.fill("leak-list", leaks.map((leak) => leakCard(leak, data, words)));
  copy.fill("advice-groups", adviceGroups(told, data, words));
  copy.slot("in-page").addEventListener("click", jump);
}

function fillSnapshot(copy: Copy, { snapshot }: Checked, data: PageData, words: Words): void {
  const { number, madeAt, expiresAt, id } = snapshot;
  const values = { number: words.number(number), made: words.day(madeAt), expires: words.day(expiresAt) };
  copy.text("snapshot", filled(data.texts.result.snapshot, values));
  copy.text("snapshot-id", id);
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
