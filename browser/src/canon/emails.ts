/** An e-mail address as typed, to canon 1. */

import { asked } from "./asked.ts";
import type { Asked, Refused } from "./asked.ts";
import { fitsLocalPart } from "./characters.ts";
import { domainName } from "./domains.ts";
import { nfc } from "./normalisation.ts";

const LONGEST = 254; // bytes
const LONGEST_LOCAL = 64;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Alphabets with letters that look like Latin ones: phonetic, Greek, Cyrillic, Armenian, Cherokee, Lisu. A name in them is
// shown in ASCII, too.
const LIKE_LATIN =
  /[\u0250-\u02af\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1d00-\u1dbf\u1f00-\u1fff\u2de0-\u2dff\ua4d0-\ua4ff\ua640-\ua69f\uab30-\uabbf]/;

/** @param text of a bounded length, trimmed, with an @ and without halves of surrogate pairs */
export function email(text: string): Asked | Refused {
  const parts = nfc(text).split("@");
  if (parts.length !== 2) return { problem: "not-an-email", part: "whole" };
  const [typedLocal, typedDomain] = parts as [string, string];
  const local = typedLocal.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const size = bytes(local);
  if (size < 1 || size > LONGEST_LOCAL || !Array.from(local).every((one) => fitsLocalPart(one.codePointAt(0)!))) {
    return { problem: "not-an-email", part: "local" };
  }
  const domain = domainName(typedDomain.replace(/\.$/, ""));
  // A name whose last label is a number is an address in disguise (WHATWG URL, "ends in a number").
  if (domain === null || !DOMAIN.test(domain.ascii) || /\.[0-9]+$/.test(domain.ascii)) {
    return { problem: "not-an-email", part: "domain" };
  }
  const canonical = `${local}@${domain.ascii}`;
  if (bytes(canonical) > LONGEST) return { problem: "not-an-email", part: "whole" };
  const besides = LIKE_LATIN.test(domain.unicode) ? ` (${domain.ascii})` : "";
  return asked("email", canonical, `${local}@${domain.unicode}${besides}`);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
