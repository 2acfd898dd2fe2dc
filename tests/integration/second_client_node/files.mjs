/** Files as docs/reference/protocol.md gives them a form; what has another is refused. Nothing here is Floodmark's. */

import { createPublicKey, verify } from "node:crypto";

export class Refused extends Error {}

export function demand(holds, reason) {
  if (!holds) throw new Refused(reason);
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const WORD = /true|false|null/y;
const ANY_STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
// In the one form: ASCII as it is, the short escapes, and \uXXXX in lower case for whatever is neither.
const ONE_STRING =
  /"(?:[ !#-[\]-~]|\\["\\bfnrt]|\\u00(?:0[0-7bef]|1[0-9a-f]|7f|[89a-f][0-9a-f])|\\u(?:0[1-9a-f]|[1-9a-f][0-9a-f])[0-9a-f]{2})*"/y;

/** A value in JSON: objects as `Map`, in which every name is once; numbers are integers. */
export function readJson(text, { oneForm = true } = {}) {
  let at = 0;

  function take(pattern) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
  const space = () => oneForm || take(SPACE);
  const next = (character) => {
    space();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };

  function string() {
    space();
    const found = take(oneForm ? ONE_STRING : ANY_STRING);
    demand(found !== undefined, "no string");
    const value = JSON.parse(found);
    demand(!/\p{Surrogate}/u.test(value), "half a pair");
    return value;
  }

  function list(depth) {
    const found = [];
    if (next("]")) return found;
    do found.push(value(depth + 1));
    while (next(","));
    demand(next("]"), "a list without an end");
    return found;
  }

  function object(depth) {
    const found = new Map();
    if (next("}")) return found;
    do {
      const name = string();
      demand(!found.has(name), "a name twice");
      demand(next(":"), "a name without a value");
      found.set(name, value(depth + 1));
    } while (next(","));
    demand(next("}"), "an object without an end");
    return found;
  }

  function value(depth) {
    demand(depth < 100, "too deep");
    space();
    if (next("{")) return object(depth);
    if (next("[")) return list(depth);
    if (text[at] === '"') return string();
    const word = take(WORD);
    if (word !== undefined) return JSON.parse(word);
    const number = take(NUMBER);
    demand(number !== undefined && !/[.eE0-9]/.test(text[at] ?? ""), "no value");
    demand(number !== "-0" && Number.isSafeInteger(Number(number)), "no integer");
    return Number(number);
  }

  const found = value(0);
  if (oneForm) demand(next("\n"), "no line feed");
  else space();
  demand(at === text.length, "something after the end");
  return found;
}

export function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("no UTF-8");
  }
}

/** An object with these names in this order. */
export function named(value, names) {
  demand(value instanceof Map && [...value.keys()].join() === names.join(), "other names, or in another order");
  return Object.fromEntries(value);
}

export function hexadecimal(value, bytes) {
  demand(typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value), "other digits");
  return Buffer.from(value, "hex");
}

export function count(value, least = 0, most = Number.MAX_SAFE_INTEGER) {
  demand(Number.isSafeInteger(value) && value >= least && value <= most, "no number, or one out of its range");
  return value;
}

/** Milliseconds of a time. */
export function time(value) {
  const parts = typeof value === "string" && /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(value);
  demand(parts, "no time");
  const [hour, minute, second] = parts.slice(2).map(Number);
  demand(hour < 24 && minute < 60 && second < 60, "no time of a day");
  return dayNumber(parts[1]) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** A date, or the year or month of one, or null. */
export function day(value) {
  if (value === null) return;
  demand(typeof value === "string" && /^\d{4}(-\d\d(-\d\d)?)?$/.test(value), "no date");
  dayNumber(value.padEnd(10, "-01"));
}

/** Days since 1970, of a date that there is. */
function dayNumber(text) {
  const [year, month, day] = text.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  demand(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1], "no day");
  const before =
    (year - 1) * 365 + Math.floor((year - 1) / 4) - Math.floor((year - 1) / 100) + Math.floor((year - 1) / 400);
  return before + lengths.slice(0, month - 1).reduce((sum, one) => sum + one, 0) + day - 1 - 719_162;
}

export function checkSignature(root, signature, context, message) {
  const key = createPublicKey({
    format: "jwk",
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(root).toString("base64url") },
  });
  const signed = Buffer.concat([Buffer.from(`${context}\0`), Buffer.from(message)]);
  demand(verify(null, signed, key, signature), "another signature");
}
