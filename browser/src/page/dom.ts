/** The page's elements: those that are there, and copies of its templates, filled with text and never with markup. */

export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found as Kind;
}

/** Show and hide: absent elements are out of the reading order, too. */
export function shown(element: HTMLElement, whether: boolean): void {
  element.hidden = !whether;
}

/** A copy of a template, whose places are found by `data-slot`. */
export class Copy {
  readonly fragment: DocumentFragment;

  constructor(template: string) {
    this.fragment = document.importNode(byId<HTMLTemplateElement>(template).content, true);
  }

  slot(name: string): HTMLElement {
    const found = this.fragment.querySelector<HTMLElement>(`[data-slot="${name}"]`);
    if (found === null) throw new Error(`the template has no ${name}`);
    return found;
  }

  /** Write a text, or take its element away where there is none. */
  text(name: string, text: string | null): void {
    const element = this.slot(name);
    if (text === null) element.remove();
    else element.textContent = text;
  }

  /** Take a part away. */
  without(name: string): void {
    this.slot(name).remove();
  }

  /** Put copies, elements or words into a part. */
  fill(name: string, parts: readonly (Copy | Node | string)[]): void {
    this.slot(name).append(...parts.map((part) => (part instanceof Copy ? part.fragment : part)));
  }
}

/** A small element with text in it. */
export function element(tag: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
