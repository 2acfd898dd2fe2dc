/**
 * What to do when data of some field types has leaked, chosen here so that nobody needs to be asked.
 *
 * The same choice as `floodmark.notices.advising.advice`, from the same catalogue.
 */

export interface Entry {
  readonly slug: string;
  readonly urgency: string;
  /** Labels of which any calls for it; none: every leak does. */
  readonly for: readonly string[];
  /** Lists of labels, of each of which one has to be there, too. */
  readonly with: readonly (readonly string[])[];
  /** Slugs of what is left out beside it. */
  readonly instead_of: readonly string[];
  readonly title: string;
  readonly text: string;
}

export interface Catalogue {
  /** Labels of all field types, in the order of their numbers. */
  readonly types: readonly string[];
  /** What stands above the advice of an urgency. */
  readonly headings: Readonly<Record<string, string>>;
  /** In the order in which it is given. */
  readonly advice: readonly Entry[];
}

export interface Advice {
  readonly slug: string;
  readonly urgency: string;
  readonly title: string;
  readonly text: string;
  /** Labels of the leaked types that its rule names. */
  readonly because: readonly string[];
}

/** The advice for exactly these field types; one that the catalogue does not know counts as `unknown`. */
export function advice(fieldTypes: readonly string[], catalogue: Catalogue): Advice[] {
  const leaked = new Set(fieldTypes.map((label) => (catalogue.types.includes(label) ? label : "unknown")));
  const any = (labels: readonly string[]) => labels.some((label) => leaked.has(label));
  const called = catalogue.advice.filter(
    (entry) => (entry.for.length > 0 ? any(entry.for) : leaked.size > 0) && entry.with.every(any),
  );
  const leftOut = new Set(called.flatMap((entry) => entry.instead_of));
  return called
    .filter((entry) => !leftOut.has(entry.slug))
    .map(({ slug, urgency, title, text, ...rule }) => {
      const named = new Set([...rule.for, ...rule.with.flat()]);
      const because = catalogue.types.filter((label) => named.has(label) && leaked.has(label));
      return { slug, urgency, title, text, because };
    });
}
