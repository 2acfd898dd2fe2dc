"""Compile the numbering plans of `phonenumbers` (libphonenumber's metadata) into ranges of integers.

    python tools/compile_numbering.py            # writes src/floodmark/identifiers/data/numbering_plan.{npz,json}
    python tools/compile_numbering.py --check    # compiles again and compares, exit code 1 on a difference

A typed number without its plus is an integer, and an integer tells its digits and their count. A national form
gets the digit 1 in front, so that its leading zeros survive. What `phonenumbers.parse`, `region_code_for_number`
and `number_type` make of a typed number depends on its first digits and on its length only, hence the integers
fall into ranges with one outcome each; within a range the result is the integer plus a constant (a national
prefix taken off, a calling code put in front, …).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import phonenumbers
from numbering_patterns import Automaton, Cube, Undetermined, match_start
from phonenumbers import PhoneMetadata, phonenumberutil

DATA = Path(__file__).parents[1] / "src" / "floodmark" / "identifiers" / "data"
MOST_DIGITS = 19  # of an international number: the longest that all fit in an unsigned 64-bit integer
MOST_NATIONAL_DIGITS = 18  # one fewer, for the digit in front
KINDS = (
    "unknown",
    "mobile",
    "fixed_line",
    "fixed_line_or_mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
REASONS = (
    "",
    "unassigned",
    "too_short",
    "too_long",
    "wrong_length",
    "local_only",
    "unknown_calling_code",
    "not_a_number",
    "no_region",
    "lost_digits",
)
DESCRIPTIONS = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
LENGTH_REASONS = {
    phonenumbers.ValidationResult.IS_POSSIBLE: "unassigned",
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "local_only",
    phonenumbers.ValidationResult.TOO_SHORT: "too_short",
    phonenumbers.ValidationResult.TOO_LONG: "too_long",
    phonenumbers.ValidationResult.INVALID_LENGTH: "wrong_length",
}
# China's prefixes with one of 210 carriers in them (1179000 …) would be most of the compiled plan.
DIALLED_ABROAD = {"CN": "00"}
NOT_POSSIBLE = ("too_short", "local_only", "wrong_length")


@dataclass(frozen=True)
class Outcome:
    """What a typed number is; `again` names the table in which the result is to be looked up in turn."""

    region: str = "ZZ"
    kind: str = "unknown"
    reason: str = ""
    number: bool = True
    again: str = ""


TYPED, SIGNIFICANT = "+", "="  # as typed after a plus; without any prefix, as in E.164
AS_TYPED, AS_SIGNIFICANT = Outcome(again=TYPED), Outcome(again=SIGNIFICANT)


def nothing(reason: str) -> Outcome:
    return Outcome(reason=reason, number=False)


@cache
def plan_of(region: str, calling_code: int) -> Any:
    return PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)


def length_reason(plan: Any, length: int) -> str:
    return LENGTH_REASONS[phonenumberutil._test_number_length("0" * length, plan)]


class CallingCode:
    """The regions that share one calling code, main region first, and all their patterns."""

    def __init__(self, calling_code: int) -> None:
        self.calling_code = calling_code
        self.regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling_code]
        self.plans = {region: plan_of(region, calling_code) for region in self.regions}
        self.main = self.plans[self.regions[0]]
        self.automaton = Automaton()
        for region, plan in self.plans.items():
            for name in ("general_desc", "fixed_line", "mobile", *DESCRIPTIONS):
                description = getattr(plan, name)
                if description is not None and description.national_number_pattern:
                    self.automaton.add((region, name), description.national_number_pattern)
            if plan.leading_digits is not None:
                self.automaton.add((region, "leading_digits"), plan.leading_digits, prefix=True)

    def general(self, region: str, text: Cube) -> bool:
        """Whether the region's general description matches, lengths left aside (`_match_national_number`)."""
        return bool(self.automaton.settled(text, region, lambda tags: (region, "general_desc") in tags))

    def classify(self, text: Cube) -> Outcome:
        """Region and kind of a national significant number (`region_code_for_number`, `number_type`)."""
        length = len(text)
        return self.automaton.settled(text, length, lambda tags: self._classify(tags, length))  # type: ignore[return-value]

    def _classify(self, tags: frozenset[Any], length: int) -> Outcome:
        kind, region = "unknown", "ZZ"
        for candidate in self.regions:
            kind = self._kind(candidate, tags, length)
            if len(self.regions) == 1:
                region = candidate
            elif self.plans[candidate].leading_digits is not None:
                region = candidate if (candidate, "leading_digits") in tags else "ZZ"
            else:
                region = candidate if kind != "unknown" else "ZZ"
            if region != "ZZ":
                break
        if region == "ZZ":
            kind = "unknown"
        return Outcome(region, kind, "" if kind != "unknown" else length_reason(self.main, length))

    def _kind(self, region: str, tags: frozenset[Any], length: int) -> str:
        plan = self.plans[region]

        def matches(name: str) -> bool:
            lengths = getattr(plan, name).possible_length if (region, name) in tags else ()
            return (region, name) in tags and (not lengths or length in lengths)

        if not matches("general_desc"):
            return "unknown"
        for name in DESCRIPTIONS:
            if matches(name):
                return name
        same = plan.same_mobile_and_fixed_line_pattern
        if matches("fixed_line"):
            return "fixed_line_or_mobile" if same or matches("mobile") else "fixed_line"
        return "mobile" if not same and matches("mobile") else "unknown"

    def strip(self, region: str, text: Cube) -> Cube:
        """Without national prefix and carrier code (`_maybe_strip_national_prefix_carrier_code`)."""
        plan = self.plans[region]
        pattern = plan.national_prefix_for_parsing
        if len(text) == 0 or not pattern:
            return text
        match = match_start(pattern, text)
        if match is None:
            return text
        rule = plan.national_prefix_transform_rule
        if rule and match.spans[-1] is not None:
            stripped = transformed(text, rule, match.spans, match.end)
        else:
            stripped = text.after(match.end)
        if self.general(region, text) and not self.general(region, stripped):
            return text
        return stripped

    def read(self, region: str, text: Cube) -> tuple[Cube, Outcome]:
        """The last steps of `parse`, from the digits after the calling code, or all in a national form."""
        if len(text) < 2:
            return text, nothing("too_short")
        stripped = self.strip(region, text)
        if length_reason(self.plans[region], len(stripped)) in NOT_POSSIBLE:
            stripped = text
        return stripped, self.unreadable(stripped) or AS_SIGNIFICANT

    def unreadable(self, text: Cube) -> Outcome | None:
        """Why a national significant number of this length is none, or None."""
        if len(text) < 2:
            return nothing("too_short")
        if len(text) > 17 or len(text) + len(str(self.calling_code)) > MOST_DIGITS:
            return nothing("too_long")
        return None


@cache
def calling_code_of(calling_code: int) -> CallingCode:
    return CallingCode(calling_code)


def transformed(text: Cube, rule: str, spans: tuple[tuple[int, int] | None, ...], end: int) -> Cube:
    """`rule` filled in with the groups, and the text after the match behind it."""
    known = ""
    pieces: list[str | tuple[int, int]] = []
    for piece in re.findall(r"\\\d|[^\\]+", rule):
        span = spans[int(piece[1:]) - 1] if piece.startswith("\\") else None
        pieces.append(span if span is not None else piece)
    pieces.append((end, len(text)))
    while len(pieces) > 1 and isinstance(pieces[-2], tuple) and pieces[-2][1] == pieces[-1][0]:
        pieces[-2:] = [(pieces[-2][0], len(text))]
    for piece in pieces[:-1]:
        if isinstance(piece, tuple) and piece[1] > len(text.known):
            raise Undetermined
        known += text.known[slice(*piece)] if isinstance(piece, tuple) else piece
    rest = text.after(pieces[-1][0])  # type: ignore[arg-type]
    return Cube(known + rest.known, rest.free)


def read_significant(calling_code: int, text: Cube) -> tuple[str, Outcome]:
    """Digits in place of the known ones, calling code included, and what the number is; nothing is stripped."""
    plan = calling_code_of(calling_code)
    return f"{calling_code}{text.known}", plan.unreadable(text) or plan.classify(text)


def read_international(calling_code: int, text: Cube) -> tuple[str, Outcome]:
    """The same for what is typed after a plus."""
    plan = calling_code_of(calling_code)
    result, outcome = plan.read(plan.regions[0], text)
    return f"{calling_code}{result.known}", plan.classify(
        text
    ) if result == text and outcome.number else outcome


def read_national(region: str, text: Cube) -> tuple[str, Outcome]:
    """The same for what is typed in a region, without a plus (`_maybe_extract_country_code` and on)."""
    plan = plan_of(region, 0)
    calling_code = str(plan.country_code)
    code = calling_code_of(plan.country_code)
    abroad = DIALLED_ABROAD.get(region, plan.international_prefix)
    match = match_start(abroad, text) if abroad else None
    if match is not None:
        rest = text.after(match.end)
        if len(rest) == 0:
            return "", nothing("too_short")
        if not rest.known:
            raise Undetermined
        if rest.known[0] != "0":
            return rest.known, AS_TYPED if len(rest) > 2 else nothing("too_short")
    if len(text) >= len(calling_code):
        if len(text.known) < len(calling_code) and calling_code.startswith(text.known):
            raise Undetermined
        if text.known.startswith(calling_code):
            rest = code.strip(region, text.after(len(calling_code)))
            if length_reason(plan, len(text)) == "too_long" or (
                not code.general(region, text) and code.general(region, rest)
            ):
                return calling_code + rest.known, AS_TYPED
    result, outcome = code.read(region, text)
    return calling_code + result.known, outcome


Reader = Callable[[Cube], tuple[str, Outcome]]


def ranges(reader: Reader, front: str, digits: int, known: str = "") -> Iterator[tuple[int, Outcome, int]]:
    """Ranges of the integers made of `front` and `digits` typed digits, in order.

    Yields:
        First integer of the range, its outcome, and the constant that leads from the integer to the result.
    """
    free = digits - len(known)
    try:
        result, outcome = reader(Cube(known, free))
    except Undetermined:
        if free == 0:
            raise
        for digit in "0123456789":
            yield from ranges(reader, front, digits, known + digit)
        return
    start = int(front + known) * 10**free
    yield start, outcome, (int(result) * 10**free - start if outcome.number else 0)


def merged(pieces: Iterator[tuple[int, Outcome, int]]) -> list[tuple[int, Outcome, int]]:
    """The ranges with neighbours of one outcome and constant made one."""
    kept: list[tuple[int, Outcome, int]] = []
    for piece in pieces:
        if not kept or kept[-1][1:] != piece[1:]:
            kept.append(piece)
    return kept


def international_ranges(
    calling_codes: tuple[int, ...], read: Callable[[int, Cube], tuple[str, Outcome]] = read_international
) -> list[tuple[int, Outcome, int]]:
    """All integers, from 0 on."""

    def pieces() -> Iterator[tuple[int, Outcome, int]]:
        yield 0, nothing("too_short"), 0
        for total in range(1, MOST_DIGITS + 1):
            blocks = []
            for calling_code in calling_codes:
                rest = total - len(str(calling_code))
                if rest >= 0:
                    blocks.append(
                        (calling_code * 10**rest, (calling_code + 1) * 10**rest, calling_code, rest)
                    )
            blocks.sort()
            for block, (start, end, calling_code, rest) in enumerate(blocks):
                if block == 0 and start > 10 ** (total - 1):
                    yield 10 ** (total - 1), nothing("unknown_calling_code"), 0
                yield from ranges(lambda text, code=calling_code: read(code, text), str(calling_code), rest)
                if block + 1 == len(blocks) or blocks[block + 1][0] > end:
                    yield end, nothing("unknown_calling_code"), 0
            if not blocks:
                yield 10 ** (total - 1), nothing("unknown_calling_code"), 0
        yield 10**MOST_DIGITS, nothing("too_long"), 0

    return merged(pieces())


def national_ranges(region: str) -> list[tuple[int, Outcome, int]]:
    """All integers that are a 1 and at least one digit typed in the region."""

    def pieces() -> Iterator[tuple[int, Outcome, int]]:
        yield 0, nothing("too_short"), 0
        for digits in range(1, MOST_NATIONAL_DIGITS + 1):
            yield from ranges(lambda text: read_national(region, text), "1", digits)
            yield 2 * 10**digits, nothing("not_a_number"), 0
        yield 10 ** (MOST_NATIONAL_DIGITS + 1), nothing("too_long"), 0

    return merged(pieces())


def compile_plan(
    calling_codes: tuple[int, ...] | None = None, regions: tuple[str, ...] | None = None
) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """Header and arrays of the compiled plan; a subset of calling codes and regions compiles quickly."""
    calling_codes = calling_codes or tuple(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
    regions = tuple(sorted(phonenumbers.SUPPORTED_REGIONS)) if regions is None else regions
    tables = [
        international_ranges(calling_codes, read_international),
        international_ranges(calling_codes, read_significant),
        *(national_ranges(region) for region in regions),
    ]
    names = ("ZZ", *sorted({"001", *phonenumbers.SUPPORTED_REGIONS}))
    met = {outcome for table in tables for _, outcome, _ in table} | set(map(nothing, REASONS[1:]))

    def row(one: Outcome) -> tuple[int, ...]:
        again = ("", TYPED, SIGNIFICANT).index(one.again)
        return (
            again,
            int(one.number),
            names.index(one.region),
            KINDS.index(one.kind),
            REASONS.index(one.reason),
        )

    rows = sorted(map(row, met))
    place = {one: rows.index(row(one)) for one in met}
    shifts = sorted({shift for table in tables for _, _, shift in table} - {0})
    shift_place = {0: 0} | {shift: index + 1 for index, shift in enumerate(shifts)}
    flat = [piece for table in tables for piece in table]
    header = {
        "format": 1,
        "source": "libphonenumber metadata, Apache-2.0, through the Python package phonenumbers",
        "metadata_version": phonenumbers.__version__,
        "regions": list(names),
        "kinds": list(KINDS),
        "reasons": list(REASONS),
        "calling_codes": list(calling_codes),
        "tables": [TYPED, SIGNIFICANT, *regions],
        "outcome_columns": ["again", "number", "region", "kind", "reason"],
    }
    arrays = {
        "outcomes": np.array(rows, np.uint16),
        "shifts": np.array([shift % 2**64 for shift in (0, *shifts)], np.uint64),
        "bounds": np.cumsum([0, *map(len, tables)]).astype(np.uint32),
        "starts": np.array([start for start, _, _ in flat], np.uint64),
        "codes": np.array([place[outcome] for _, outcome, _ in flat], np.uint16),
        "shift_codes": np.array([shift_place[shift] for _, _, shift in flat], np.uint32),
    }
    return header, arrays


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    header, arrays = compile_plan()
    text = "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(header[key])}" for key in header) + "\n}\n"
    if not check:
        DATA.mkdir(parents=True, exist_ok=True)
        (DATA / "numbering_plan.json").write_text(text, encoding="utf-8")
        np.savez_compressed(DATA / "numbering_plan.npz", **arrays)
        print(
            f"{len(arrays['starts'])} ranges, {len(arrays['outcomes'])} outcomes, metadata {header['metadata_version']}"
        )
        return 0
    with np.load(DATA / "numbering_plan.npz") as stored:
        same = set(stored.files) == set(arrays) and all(
            np.array_equal(stored[key], arrays[key]) for key in arrays
        )
    same = same and (DATA / "numbering_plan.json").read_text(encoding="utf-8") == text
    print("numbering plan is current" if same else "numbering plan differs: run tools/compile_numbering.py")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
