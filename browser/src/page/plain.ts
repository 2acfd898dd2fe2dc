/**
 * Texts that others wrote, made safe to show: as `floodmark.reports.labels.plain` does it for the command line.
 *
 * What is shown is text and never markup; but characters that do not show can turn the order of those that do.
 */

// White space as Python has it: without U+FEFF, with the separators of records.
const SPACES = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** Without control, format (bidirectional, zero-width) and unassigned characters, cut to so many characters. */
export function plain(text: string, longest: number): string {
  const spaced = Array.from(text).slice(0, 16 * longest).join("").replace(SPACES, " ");
  const kept = Array.from(spaced.replace(/\p{C}/gu, "").trim());
  return kept.length <= longest ? kept.join("") : `${kept.slice(0, longest - 1).join("")}\u2026`;
}
