/** The field: what was typed, as it is understood while somebody types, and what is wrong with it when it is sent. */

import { read, type Asked, type Refused } from "../canon/read.ts";
import { countryOf, fillPicker } from "./countries.ts";
import type { PageData } from "./data.ts";
import { byId, shown } from "./dom.ts";
import { filled } from "./words.ts";

const QUIET = 500; // milliseconds without a key after which what was understood is said

export class Typed {
  readonly #data: PageData;
  readonly #field = byId<HTMLInputElement>("identifier");
  readonly #picker = byId<HTMLSelectElement>("country");
  readonly #hint = byId("identifier-hint");
  readonly #announce: (text: string) => void;
  readonly #names: ReadonlyMap<string, string>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(data: PageData, announce: (text: string) => void) {
    this.#data = data;
    this.#announce = announce;
    this.#names = new Map(data.countries);
    fillPicker(this.#picker, data);
    this.#field.addEventListener("input", () => this.#changed());
    this.#picker.addEventListener("change", () => this.#changed());
  }

  /** What is asked about; null where it is nothing that can be, which is then said and the field focused. */
  asked(): Asked | null {
    clearTimeout(this.#timer);
    const one = this.#read();
    if (!("problem" in one)) {
      this.#understood(one);
      return one;
    }
    const control = one.problem === "needs-country" ? this.#picker : this.#field;
    shown(byId("country-field"), this.#national() || control === this.#picker);
    this.#complain(this.#problem(one), control);
    control.focus();
    control.parentElement?.scrollIntoView({ block: "nearest" });
    return null;
  }

  /** Whether somebody can type. */
  set busy(busy: boolean) {
    this.#field.readOnly = busy;
    this.#picker.disabled = busy;
  }

  focus(): void {
    this.#field.focus();
    this.#field.select();
  }

  /** Leave nothing behind. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#field.value = "";
    this.#changed();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    shown(byId("country-field"), this.#national());
    this.#complain("", this.#field);
    this.#complain("", this.#picker);
    const one = this.#read();
    const understood = this.#understood("problem" in one ? null : one);
    if (understood) this.#timer = setTimeout(() => this.#announce(understood), QUIET);
  }

  #read(): Asked | Refused {
    return read(this.#field.value, this.#picker.value || null);
  }

  /** Whether it looks like a number as it is dialled within a country. */
  #national(): boolean {
    const text = this.#field.value.trim();
    return /^[(\p{Nd}]/u.test(text) && !text.includes("@") && !/^[+＋]|^00/.test(text);
  }

  #understood(one: Asked | null): string {
    const texts = this.#data.texts.readAs;
    const country = one?.kind === "phone" ? countryOf(one.shown, this.#picker.value || null) : null;
    const name = country === null ? undefined : this.#names.get(country);
    const form = name === undefined ? texts[one?.kind ?? "phone"] : texts.phoneOf;
    const text = one === null ? "" : filled(form, { shown: one.shown, country: name ?? "" });
    this.#hint.textContent = text || this.#hint.dataset["idle"]!;
    this.#hint.classList.toggle("understood", text !== "");
    return text;
  }

  #problem({ problem, part, country }: Refused): string {
    const texts = this.#data.texts.problems;
    const name = country === undefined ? undefined : this.#names.get(country);
    const ofCountry = texts[`${problem}-of`];
    if (name !== undefined && ofCountry !== undefined) return filled(ofCountry, { country: name });
    return texts[`${problem}-${part ?? ""}`] ?? texts[problem]!;
  }

  #complain(text: string, control: HTMLElement): void {
    const place = byId(`${control.id}-error`);
    place.textContent = text;
    shown(place, text !== "");
    if (text === "") control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  }
}
