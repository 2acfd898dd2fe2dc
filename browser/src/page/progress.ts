/** How far a check is: said in words, and as a bar. */

import type { Sent } from "../protocol/check.ts";
import type { PageData } from "./data.ts";
import { byId, shown } from "./dom.ts";
import { filled, type Words } from "./words.ts";

export class Progress {
  readonly #data: PageData;
  readonly #words: Words;
  readonly #announce: (text: string) => void;
  #buckets = 0;
  #steps = 0;

  constructor(data: PageData, words: Words, announce: (text: string) => void) {
    this.#data = data;
    this.#words = words;
    this.#announce = announce;
    shown(byId("progress"), true);
    byId<HTMLProgressElement>("progress-bar").value = 0;
  }

  /** A request is about to be sent. */
  sent({ ask }: Sent): void {
    const text = this.#data.texts.steps[ask];
    if (ask !== "bucket") return this.#say(text, true);
    this.#buckets += 1;
    const values = { n: this.#words.number(this.#buckets), most: this.#words.number(this.#data.fetched) };
    this.#say(filled(text, values), this.#buckets === 1);
  }

  end(): void {
    shown(byId("progress"), false);
  }

  #say(text: string, aloud: boolean): void {
    this.#steps += 1;
    byId("progress-text").textContent = text;
    byId<HTMLProgressElement>("progress-bar").value = this.#steps;
    if (aloud) this.#announce(text);
  }
}
