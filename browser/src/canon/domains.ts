/**
 * Domain names as canon 1 writes them: UTS-46 ToASCII, non-transitional, with CheckBidi, CheckJoiners and
 * UseSTD3ASCIIRules, without CheckHyphens, by the tables of the pinned `idna` and of Unicode 14.0.
 */

import { bidirectional, hasRightToLeft, isMark, joinersFit } from "./labels.ts";
import { mapped } from "./mapping.ts";
import { decode, encode } from "./punycode.ts";

const LONGEST_LABEL = 63;

export interface Domain {
  /** In lower case, with `xn--` labels. */
  readonly ascii: string;
  /** The same for people. */
  readonly unicode: string;
}

/** A domain name; null where UTS-46 calls it invalid. */
export function domainName(domain: string): Domain | null {
  const name = mapped(domain);
  if (name === null) return null;
  const labels: string[] = [];
  for (const label of name.split(".")) {
    const unicode = toUnicode(label);
    if (unicode === null) return null;
    labels.push(unicode);
  }
  if (labels.some(hasRightToLeft) && !labels.every(bidirectional)) return null;
  const ascii = labels.map((label) => (isAscii(label) ? label : `xn--${encode(label)}`));
  if (ascii.some((label) => label.length > LONGEST_LABEL)) return null;
  return { ascii: ascii.join("."), unicode: labels.join(".") };
}

/** One mapped label with its `xn--` undone; null where it is not one that UTS-46 would have made. */
function toUnicode(label: string): string | null {
  let unicode: string | null = label;
  if (label.startsWith("xn--")) {
    unicode = isAscii(label) ? decode(label.slice(4)) : null;
    if (unicode === null || isAscii(unicode) || mapped(unicode) !== unicode) return null;
  }
  return unicode === "" || isMark(unicode.codePointAt(0)!) || !joinersFit(unicode) ? null : unicode;
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
