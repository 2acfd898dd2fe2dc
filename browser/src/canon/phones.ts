/** A telephone number as typed, to E.164 in today's numbering. */

import { asked } from "./asked.ts";
import type { Asked, Problem, Refused } from "./asked.ts";
import { callingCodes, origin } from "./countries.ts";
import { international, national, renumbered } from "./plan.ts";
import type { Outcome } from "./plan.ts";
import { typed } from "./typed.ts";
import type { Typed } from "./typed.ts";

const PROBLEMS: Readonly<Record<string, Problem>> = {
  blank: "empty",
  not_a_number: "not-a-phone",
  lost_digits: "lost-digits",
  unknown_calling_code: "unknown-calling-code",
  too_short: "too-short",
  too_long: "too-long",
  wrong_length: "wrong-length",
  local_only: "area-code-missing",
  unassigned: "unassigned",
};

/**
 * @param text of a bounded length, without halves of surrogate pairs
 * @param country where it is dialled, or null: then it has a plus, 00, or begins with its calling code
 */
export function phone(text: string, country: string | null): Asked | Refused {
  const found = typed(text);
  if (typeof found === "string") return { problem: PROBLEMS[found]! };
  const outcome = current(read(found, country));
  if (outcome.reason === "valid") return asked("phone", `+${outcome.number}`, shown(outcome.number!));
  if (country === null && fromAbroad(found) === null) return { problem: "needs-country" };
  return refused(outcome, found, country);
}

/** As `phones.current` in Python: an old number that is no longer valid is the number that it has become. */
function current(outcome: Outcome): Outcome {
  if (outcome.reason === "valid" || outcome.number === null) return outcome;
  const number = renumbered(outcome.number);
  if (number === outcome.number) return outcome;
  const now = international(number);
  return now.reason === "valid" ? now : outcome;
}

/** As `phones_reading` in Python. */
function read(found: Typed, country: string | null): Outcome {
  const abroad = international(fromAbroad(found) ?? found.digits);
  if (country === null || (found.plus && abroad.reason !== "unknown_calling_code")) return abroad;
  const home = national(found.digits, country);
  return home.reason !== "valid" && abroad.reason === "valid" ? abroad : home;
}

/** The digits that begin with a calling code, where a plus or 00 says so. */
function fromAbroad({ digits, plus }: Typed): string | null {
  if (plus) return digits;
  return /^00(?!0)/.test(digits) ? digits.slice(2) : null;
}

function refused(outcome: Outcome, found: Typed, country: string | null): Refused {
  const problem = PROBLEMS[outcome.reason]!;
  const number = outcome.number ?? fromAbroad(found);
  const from = number === null ? null : origin(number);
  if (from !== null && from.country !== null) return { problem, country: from.country, callingCode: from.callingCode };
  if (from !== null) return { problem, callingCode: from.callingCode };
  if (country === null || number !== null) return { problem };
  return { problem, country, callingCode: callingCodes().get(country)! };
}

/** In groups of three that are easy to compare, the last of two to four; each country's own groups are in no table here. */
function shown(number: string): string {
  const { callingCode } = origin(number)!;
  return `+${callingCode} ${number.slice(callingCode.length).replace(/[0-9]{3}(?=[0-9]{2})/g, "$& ")}`;
}
