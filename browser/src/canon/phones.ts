/** A telephone number as typed, to E.164 in today's numbering. */

import { asked } from "./asked.ts";
import type { Asked, Problem, Refused } from "./asked.ts";
import { callingCodes, origin } from "./countries.ts";
import { international, national, renumbered } from "./plan.ts";
import type { Outcome } from "./plan.ts";
import { typed } from "./typed.ts";
import type { Typed } from "./typed.ts";

const MOST_DIGITS = 19;
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
  if (country === null && !found.plus && !found.digits.startsWith("00")) return { problem: "needs-country" };
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
function read({ digits, plus }: Typed, country: string | null): Outcome {
  const abroad = abroadOutcome(digits, plus);
  if (country === null || (plus && abroad.reason !== "unknown_calling_code")) return abroad;
  const home = national(digits, country);
  return home.reason !== "valid" && abroad.reason === "valid" ? abroad : home;
}

function abroadOutcome(digits: string, plus: boolean): Outcome {
  const dialled = !plus && /^00(?!0)/.test(digits) ? digits.slice(2) : digits;
  if (dialled.startsWith("0")) return { number: null, reason: "unknown_calling_code" };
  return dialled.length > MOST_DIGITS ? { number: null, reason: "too_long" } : international(dialled);
}

function refused(outcome: Outcome, found: Typed, country: string | null): Refused {
  const problem = PROBLEMS[outcome.reason]!;
  const from = outcome.number === null ? null : origin(outcome.number);
  if (from !== null && from.country !== null) return { problem, country: from.country, callingCode: from.callingCode };
  if (from !== null) return { problem, callingCode: from.callingCode };
  if (country === null || found.plus) return { problem };
  return { problem, country, callingCode: callingCodes().get(country)! };
}

/** With a space behind the calling code. */
function shown(number: string): string {
  const { callingCode } = origin(number)!;
  return `+${callingCode} ${number.slice(callingCode.length)}`;
}
