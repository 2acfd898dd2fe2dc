/** The field: what was typed, as it is understood while somebody types, and what is wrong with it when it is sent. */

import type { Asked, Refused } from "../canon/read.ts";
import { countryName, countryOf, fillPicker, sharesItsCode } from "./countries.ts";
import type { PageData } from "./data.ts";
import { byId, shown } from "./dom.ts";
import { readTyped } from "./pasted.ts";
import { filled } from "./words.ts";

const QUIET = 500; // milliseconds without a key after which what was understood is said

/** What is asked about, and whether it was typed as it is dialled within a country. */
export interface AskedHere extends Asked {
  readonly national: boolean;
}

export class Typed {
  readonly #data: PageData;
  readonly #field = byId<HTMLInputElement>("identifier");
  readonly #picker = byId<HTMLSelectElement>("country");
  readonly #hint = byId("identifier-hint");
  readonly #announce: (text: string) => void;
  readonly #preset: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onEdit - told when somebody has changed what is typed or chosen */
  constructor(data: PageData, announce: (text: string) => void, onEdit: () => void) {
    this.#data = data;
    this.#announce = announce;
    fillPicker(this.#picker, data);
    this.#preset = this.#picker.value;
    const edited = () => {
      onEdit();
      this.#changed();
    };
    this.#field.addEventListener("input", edited);
    this.#picker.addEventListener("change", edited);
  }

  /** What is asked about; null where it is nothing that can be, which is then said and the field focused. */
  asked(): AskedHere | null {
    clearTimeout(this.#timer);
    const one = this.#read();
    if (!("problem" in one)) {
      this.#understood(one);
      return { ...one, national: this.#national() };
    }
    const control = one.problem === "needs-country" ? this.#picker : this.#field;
    shown(byId("country-field"), this.#national());
    this.#complain(this.#problem(one), control);
    this.#announce(this.#problem(one)); // the focus may be there already, and then says nothing
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

  /** Empty the field, for another identifier. */
  clear(): void {
    this.#field.value = "";
    this.#changed();
  }

  /** Leave nothing behind, for another person. */
  reset(): void {
    this.#picker.value = this.#preset;
    this.clear();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    shown(byId("country-field"), this.#national());
    this.#complain("", this.#field);
    this.#complain("", this.#picker);
    const one = this.#read();
    const understood = this.#understood("problem" in one ? null : one);
    this.#announce("");
    if (understood) this.#timer = setTimeout(() => this.#announce(understood), QUIET);
  }

  #read(): Asked | Refused {
    return readTyped(this.#field.value, this.#picker.value || null);
  }

  /** Whether it looks like a number as it is dialled within a country, or is read by the country that was chosen. */
  #national(): boolean {
    const text = this.#field.value.trim();
    if (/^[(\p{Nd}]/u.test(text) && !text.includes("@") && !text.startsWith("00")) return true;
    const anywhere = readTyped(text, null);
    if ("problem" in anywhere && anywhere.problem === "needs-country") return true;
    return this.#picker.value !== "" && meaning(this.#read()) !== meaning(anywhere);
  }

  #understood(one: Asked | null): string {
    const texts = this.#data.texts.readAs;
    const country = one?.kind === "phone" ? countryOf(one.shown, this.#data) : null;
    const form = country === null ? texts[one?.kind ?? "phone"] : texts.phoneOf;
    const name = country === null ? "" : countryName(country, this.#data);
    const text = one === null ? "" : filled(form, { shown: one.shown, country: name });
    this.#hint.textContent = text || this.#hint.dataset["idle"]!;
    this.#hint.classList.toggle("understood", text !== "");
    return text;
  }

  #problem({ problem, part, country }: Refused): string {
    const texts = this.#data.texts.problems;
    const certain = country !== undefined && (!sharesItsCode(country) || this.#picker.value === country);
    const ofCountry = texts[`${problem}-of`];
    if (certain && ofCountry !== undefined) return filled(ofCountry, { country: countryName(country, this.#data) });
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

/** What two readings of one text are compared by. */
function meaning(one: Asked | Refused): string {
  return "problem" in one ? one.problem : one.data.join();
}
