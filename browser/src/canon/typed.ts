/** From a text to the digits that were typed: signs, labels, brackets and extensions off (docs/reference/phones.md). */

import { DIGITS, SIGNS, ZEROS } from "./data/characters.ts";
import { once, unpack } from "./packing.ts";

/** Digits as typed, leading zeros kept; `plus` says that they are international. */
export interface Typed {
  readonly digits: string;
  readonly plus: boolean;
}

export type NoDigits = "blank" | "not_a_number" | "lost_digits";

// Unicode's White_Space: `\s` of JavaScript has U+FEFF besides and lacks U+0085.
const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const S = `[${SPACE}]`;
const D = `[${DIGITS}]`;

const LEADING = new RegExp(`^[${SPACE}'"=]+`);
const TRAILING = new RegExp(`[${SPACE}'"]+$`);
const LABEL = new RegExp(
  `^(?:(?:tel|telephone|phone|mobile|mob|cell|fax|sms|callto|whatsapp|wa|p|t|m)${S}*[.:]+${S}*(?://)?|wa\\.me/)`,
  "iu",
);
const CONTEXT = new RegExp(`;phone-context=(\\+[${DIGITS}().\\- ]+)`, "iu");
const EXTENSION = new RegExp(
  `${S}*(?:(?:;[a-z\\-]+(?:=[^;]*)?)+` +
    `|(?:[,;]+|ext(?:ensi[oó]n|n)?|xtn?|int|anexo|доб|x|#|~)[.:]?${S}*${D}{1,9}${S}*#?)$`,
  "iu",
);
const SPREADSHEET = new RegExp(`^\\+?(${D}+)(?:[.,](${D}*))?[eE]\\+?([0-9]{1,2})$`, "u");
const WHOLE = new RegExp(`^(\\+?${D}{5,})[.,]0{0,2}$`, "u");
const SEPARATORS = new RegExp(`[${SPACE}().\\-/[\\]_]`, "g");

/** What was typed, or why that is no number. The text has a bounded length, for the patterns look at it often. */
export function typed(text: string): Typed | NoDigits {
  let cell = folded(text).replace(LEADING, "").replace(TRAILING, "").replace(LABEL, "");
  const context = CONTEXT.exec(cell);
  if (context) cell = (cell.startsWith("+") ? "" : context[1]!) + cell;
  cell = cell.replace(CONTEXT, "");
  if (cell === "") return "blank";
  const plain =
    spreadsheet(cell) ?? WHOLE.exec(cell)?.[1] ?? cell.replace(EXTENSION, "").replace(SEPARATORS, "");
  if (plain === "lost") return "lost_digits";
  // Digits of scripts after Unicode 14.0 count as digits above, but nothing says what they are worth.
  if (cell.startsWith("-") || !/^\+*[0-9]+$/.test(plain)) return "not_a_number";
  return { digits: plain.replace(/^\++/, ""), plus: plain.startsWith("+") };
}

/** All digits of `4.47911123456E+11`, `lost` where the exponent asks for more than there are, else null. */
function spreadsheet(cell: string): string | null {
  const match = SPREADSHEET.exec(cell);
  if (!match) return null;
  const fraction = match[2] ?? "";
  const exponent = Number(match[3]);
  if (fraction.length < exponent || /[1-9]/.test(fraction.slice(exponent))) return "lost";
  return match[1]! + fraction.slice(0, exponent);
}

/** Digits and signs of other scripts in ASCII, invisible marks left out. */
function folded(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Array.from(text, (one) => folds().get(one) ?? one).join("");
}

const folds = once(() => {
  const every = new Map<string, string>();
  let zero = 0;
  for (const step of unpack(ZEROS)) {
    zero += step;
    for (let digit = 0; digit < 10; digit++) every.set(String.fromCodePoint(zero + digit), String(digit));
  }
  for (const group of SIGNS.split(" ")) {
    const sign = group.charAt(0) < "\x7f" ? group.charAt(0) : "";
    for (const one of group.slice(sign.length)) every.set(one, sign);
  }
  return every;
});
