/** What to do, by when to do it; what is for today is open. */

import type { Advice } from "./advice.ts";
import { fieldName, type PageData } from "./data.ts";
import { Copy } from "./dom.ts";
import { filled, type Words } from "./words.ts";

const OPEN = "today";

export function adviceGroups(told: readonly Advice[], data: PageData, words: Words): Copy[] {
  const urgencies = [...new Set(told.map((one) => one.urgency))];
  return urgencies.map((urgency) => {
    const copy = new Copy("advice-group-template");
    copy.text("heading", data.advising.headings[urgency]!);
    copy.fill("items", told.filter((one) => one.urgency === urgency).map((one) => item(one, data, words)));
    return copy;
  });
}

function item({ urgency, title, text, because }: Advice, data: PageData, words: Words): Copy {
  const copy = new Copy("advice-template");
  const fields = words.list(because.map((label) => fieldName(label, data)));
  copy.slot("details").toggleAttribute("open", urgency === OPEN);
  copy.text("title", title);
  copy.text("text", text);
  copy.text("because", because.length > 0 ? filled(data.texts.result.because, { fields }) : null);
  return copy;
}
