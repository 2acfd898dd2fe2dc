"""Compile mobile number ranges of the countries of the synthetic twins into `synth/data/plans.json`.

Reads the metadata of the `phonenumbers` package. A pattern becomes a finite automaton over digits, and the
automaton is walked for prefixes whose every completion is a valid mobile number of that country and of no
other that shares its calling code. So a range holds valid numbers only, by construction; a sample of each is
then put to the library itself.

Run: python tools/compile_synth_plans.py [COUNTRY...] (all, which takes minutes, or a few into the present file)
"""

from __future__ import annotations

import csv
import json
import random
import re._constants as sre
import re._parser as sre_parser
import sys
from functools import cache
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneMetadata

DATA = Path(__file__).parents[1] / "src/floodmark/synth/data"
RANGES_KEPT = 64
INVALID_KEPT = 4
DIGITS = range(10)


class Automaton:
    """Deterministic automaton of a regular expression over the digits 0 to 9.

    States are frozen sets of nodes of a Thompson construction; node 0 is the only accepting one.
    """

    def __init__(self, pattern: str) -> None:
        self.edges: list[list[tuple[frozenset[int] | None, int]]] = [[]]
        self.start = self._closure({self._build(list(sre_parser.parse(pattern)), 0)})
        self.step = cache(self._step)
        self.all_match = cache(self._all_match)
        self.some_match = cache(self._some_match)

    def _node(self) -> int:
        self.edges.append([])
        return len(self.edges) - 1

    def _build(self, items: list, goal: int) -> int:
        for op, argument in reversed(items):
            goal = self._build_one(op, argument, goal)
        return goal

    def _build_one(self, op: object, argument: object, goal: int) -> int:
        if op is sre.LITERAL:
            return self._edge(frozenset([int(chr(argument))]), goal)
        if op is sre.IN:
            return self._edge(self._members(argument), goal)
        if op is sre.SUBPATTERN:
            return self._build(list(argument[3]), goal)
        if op is sre.BRANCH:
            node = self._node()
            for choice in argument[1]:
                self.edges[node].append((None, self._build(list(choice), goal)))
            return node
        if op is sre.MAX_REPEAT:
            low, high, body = argument
            for count in range(int(high), 0, -1):
                inner = self._build(list(body), goal)
                if count > low:
                    node = self._node()
                    self.edges[node] += [(None, inner), (None, goal if count == high else self.exit)]
                    if count == high:
                        self.exit = goal
                    inner = node
                goal = inner
            return goal
        raise ValueError(f"the metadata uses a construct that this tool does not know: {op}")

    def _edge(self, digits: frozenset[int], goal: int) -> int:
        node = self._node()
        self.edges[node].append((digits, goal))
        return node

    def _members(self, items: list) -> frozenset[int]:
        found: set[int] = set()
        for op, argument in items:
            if op is sre.LITERAL:
                found.add(int(chr(argument)))
            elif op is sre.RANGE:
                found |= {int(chr(c)) for c in range(argument[0], argument[1] + 1)}
            elif op is sre.CATEGORY and argument is sre.CATEGORY_DIGIT:
                found |= set(DIGITS)
            else:
                raise ValueError(f"the metadata uses a class that this tool does not know: {op}")
        return frozenset(found)

    def _closure(self, nodes: set[int]) -> frozenset[int]:
        seen, queue = set(nodes), list(nodes)
        while queue:
            for digits, goal in self.edges[queue.pop()]:
                if digits is None and goal not in seen:
                    seen.add(goal)
                    queue.append(goal)
        return frozenset(seen)

    def _step(self, state: frozenset[int], digit: int) -> frozenset[int]:
        return self._closure({g for n in state for d, g in self.edges[n] if d is not None and digit in d})

    def _all_match(self, state: frozenset[int], left: int) -> bool:
        if left == 0:
            return 0 in state
        return bool(state) and all(self.all_match(self.step(state, d), left - 1) for d in DIGITS)

    def _some_match(self, state: frozenset[int], left: int) -> bool:
        if left == 0:
            return 0 in state
        return bool(state) and any(self.some_match(self.step(state, d), left - 1) for d in DIGITS)


def merged(blocks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Blocks (first, last) that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(blocks):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def automaton(description: object) -> Automaton | None:
    """Automaton of a number description; None where the region has no such numbers."""
    pattern = getattr(description, "national_number_pattern", None)
    return None if pattern in (None, "NA") else Automaton(pattern)


TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


def numbers_of(region: str) -> str:
    """One pattern for the numbers of every type that a region has: what makes a number the region's own."""
    metadata = PhoneMetadata.metadata_for_region(region)
    found = {getattr(getattr(metadata, name), "national_number_pattern", None) for name in TYPES} - {
        None,
        "NA",
    }
    return "|".join(f"(?:{pattern})" for pattern in sorted(found))


def valid_blocks(region: str, length: int) -> list[tuple[int, int]]:
    """Blocks of national numbers of `length` digits, all valid mobile numbers of `region` alone."""
    metadata = PhoneMetadata.metadata_for_region(region)
    mobile, general = automaton(metadata.mobile), automaton(metadata.general_desc)
    if mobile is None or general is None:
        return []
    sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]
    # The library asks the regions of a calling code in order, so only earlier ones can take a number away.
    others = [Automaton(numbers_of(r)) for r in sharing[: sharing.index(region)]]
    blocks: list[tuple[int, int]] = []

    def walk(prefix: int, left: int, states: tuple[frozenset[int], ...]) -> None:
        if not mobile.some_match(states[0], left):
            return
        alone = not any(o.some_match(s, left) for o, s in zip(others, states[2:], strict=True))
        if alone and mobile.all_match(states[0], left) and general.all_match(states[1], left):
            blocks.append((prefix * 10**left, (prefix + 1) * 10**left - 1))
        elif left > 2:
            machines = (mobile, general, *others)
            for d in DIGITS:
                walk(
                    prefix * 10 + d,
                    left - 1,
                    tuple(m.step(s, d) for m, s in zip(machines, states, strict=True)),
                )

    walk(0, length, (mobile.start, general.start, *(other.start for other in others)))
    return merged(blocks)


def invalid_blocks(region: str, length: int) -> list[tuple[int, int]]:
    """Blocks of `length` digits that no region with this calling code has numbers in."""
    metadata = PhoneMetadata.metadata_for_region(region)
    sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]
    machines = [automaton(PhoneMetadata.metadata_for_region(r).general_desc) for r in sharing]
    machines = [machine for machine in machines if machine is not None]
    blocks = []
    for prefix in range(10, 1000):
        digits = str(prefix)
        left = length - len(digits)
        states = [machine.start for machine in machines]
        for digit in digits:
            states = [m.step(s, int(digit)) for m, s in zip(machines, states, strict=True)]
        if not any(m.some_match(s, left) for m, s in zip(machines, states, strict=True)):
            blocks.append((prefix * 10**left, (prefix + 1) * 10**left - 1))
    return merged(blocks)


def region_of(number: int) -> str | None:
    """Region that the library gives a valid number, None for an invalid one."""
    try:
        parsed = phonenumbers.parse(f"+{number}", None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(parsed) if phonenumbers.is_valid_number(parsed) else None


def holds(block: tuple[int, int], region: str | None, picks: random.Random) -> bool:
    """Whether the library agrees on both ends and a sample of a block."""
    numbers = [*block, *(picks.randint(*block) for _ in range(60))]
    return all(region_of(number) == region for number in numbers)


def full(block: tuple[int, int], code: int, length: int) -> tuple[int, int]:
    """A block of national numbers with the calling code before them."""
    return code * 10**length + block[0], code * 10**length + block[1]


def valid_ranges(region: str) -> list[tuple[int, int]]:
    """The largest ranges of full numbers that are valid mobile numbers of a country, ascending."""
    metadata = PhoneMetadata.metadata_for_region(region)
    lengths = metadata.mobile.possible_length or metadata.general_desc.possible_length
    found = [full(b, metadata.country_code, n) for n in lengths if n > 0 for b in valid_blocks(region, n)]
    kept = sorted(sorted(found, key=lambda b: b[0] - b[1])[:RANGES_KEPT])
    picks = random.Random(region)
    if wrong := [b for b in kept if not holds(b, region, picks)]:
        raise ValueError(f"{region}: the library does not agree on {len(wrong)} ranges")
    return kept


def invalid_ranges(region: str) -> list[tuple[int, int]]:
    """The largest ranges of full numbers that look like those of a country and are no numbers, ascending."""
    metadata = PhoneMetadata.metadata_for_region(region)
    length = max(metadata.mobile.possible_length or metadata.general_desc.possible_length)
    found = [full(b, metadata.country_code, length) for b in invalid_blocks(region, length)]
    if not found:
        # Every prefix is in use: one digit too many makes a number that no plan has.
        length = max(metadata.general_desc.possible_length) + 1
        leads = [(d * 10 ** (length - 1), (d + 1) * 10 ** (length - 1) - 1) for d in range(1, 10)]
        found = [full(b, metadata.country_code, length) for b in leads]
    picks = random.Random(region)
    found = [b for b in found if holds(b, None, picks)]
    return sorted(sorted(found, key=lambda b: b[0] - b[1])[:INVALID_KEPT])


def plan(region: str) -> dict[str, object]:
    """Ranges of full numbers (calling code included) of one country."""
    code = PhoneMetadata.metadata_for_region(region).country_code
    return {"calling_code": code, "valid": valid_ranges(region), "invalid": invalid_ranges(region)}


def main() -> None:
    """Write the ranges of every country that a twin may have."""
    with (DATA / "countries.csv").open(encoding="utf-8") as lines:
        regions = sorted({row["country"] for row in csv.DictReader(lines)})
    known = json.loads((DATA / "plans.json").read_text(encoding="utf-8"))["plans"] if sys.argv[1:] else {}
    plans = {r: plan(r) if r in sys.argv[1:] or r not in known else known[r] for r in regions}
    for region, found in plans.items():
        room = sum(high - low + 1 for low, high in found["valid"])
        print(
            region, found["calling_code"], len(found["valid"]), room, len(found["invalid"]), file=sys.stderr
        )
    header = {"source": f"phonenumbers {phonenumbers.__version__} (libphonenumber metadata, Apache-2.0)"}
    rows = ",\n".join(f'  "{region}": {json.dumps(found)}' for region, found in plans.items())
    text = json.dumps(header)[:-1] + ',\n "plans": {\n' + rows + "\n}}\n"
    (DATA / "plans.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
