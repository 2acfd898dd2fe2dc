"""The compiled numbering plans as decision diagrams over digits, for the browser.

A table is, for each count of digits, a tree: which digit comes next leads on, until the rest makes no difference.
Equal subtrees are one node, over all tables, which is what makes 190,000 ranges fit into 31 kB. A leaf is the end
(valid, or why not) or an edit of the digits (a national prefix off, a calling code in front) and the table to go on
with. The calling code of the table's own country is written `C`, so that countries that dial alike share their nodes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from browser_packing import pack

from floodmark.identifiers import numbering
from floodmark.identifiers.numbering import MOST_DIGITS, MOST_NATIONAL_DIGITS, SIGNIFICANT, TYPED
from floodmark.identifiers.phones_renumbered import renumber, renumberings

Children = tuple[int, ...]  # ten; a leaf is the complement of its number


@dataclass
class Diagram:
    """Nodes and leaves of all tables; `roots` has the tables in order, each a root for every count of digits."""

    nodes: dict[Children, int] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)
    roots: list[list[int]] = field(default_factory=list)

    def leaf(self, text: str) -> int:
        return ~self.leaves.setdefault(text, len(self.leaves))

    def node(self, children: Children) -> int:
        if children[0] < 0 and len(set(children)) == 1:
            return children[0]
        return self.nodes.setdefault(children, len(self.nodes))

    def packed(self) -> dict[str, str]:
        """Nodes in the order in which a walk from the roots meets them, so that the first mention needs no number.

        `tokens`: 0 a node not met before, which follows; 1 a node met before; else a leaf. `shapes`: for each new node,
        which of the digits 1 to 9 differ from the digit before, as 9 bits. `back`: numbers of nodes met before.
        """
        by_number = list(self.nodes)
        numbers: dict[int, int] = {}
        tokens: list[int] = []
        shapes: list[int] = []
        back: list[int] = []

        def visit(one: int) -> None:
            if one < 0:
                tokens.append(ranks[~one] + 2)
            elif one in numbers:
                tokens.append(1)
                back.append(numbers[one])
            else:
                tokens.append(0)
                numbers[one] = len(numbers)
                children = by_number[one]
                changes = [a != b for a, b in pairwise(children)]
                shapes.append(sum(bit << at for at, bit in enumerate(changes)))
                for change, child in zip([True, *changes], children, strict=True):
                    if change:
                        visit(child)

        uses = [0] * len(self.leaves)
        for children in self.nodes:
            for child in set(children):
                if child < 0:
                    uses[~child] += 1
        ordered = sorted(range(len(uses)), key=lambda leaf: -uses[leaf])
        ranks = {leaf: rank for rank, leaf in enumerate(ordered)}
        for roots in self.roots:
            for root in roots:
                visit(root)
        texts = list(self.leaves)
        return {
            "leaves": " ".join(texts[leaf] for leaf in ordered),
            "tokens": pack(tokens),
            "shapes": pack(shapes),
            "back": pack(back),
        }


@dataclass
class Table:
    """Ranges of integers as `numbering` has them, being made into a tree."""

    diagram: Diagram
    starts: list[int]
    outcomes: list[str]  # of each range, or where to go on
    shifts: list[int]
    calling_code: str = ""  # of a national table, whose integers have a 1 in front

    def roots(self) -> list[int]:
        """A root for every count of digits, from 0 of a national form, else from 1."""
        if self.calling_code:
            return [self._tree(10**count, count) for count in range(MOST_NATIONAL_DIGITS + 1)]
        return [self._international(count) for count in range(1, MOST_DIGITS + 1)]

    def _international(self, count: int) -> int:
        trees = [self._tree(digit * 10 ** (count - 1), count - 1) for digit in range(1, 10)]
        return self.diagram.node((trees[0], *trees))  # no number begins with 0

    def _tree(self, first: int, free: int) -> int:
        """Of the integers from `first` on that differ in the last `free` digits."""
        low = bisect_right(self.starts, first) - 1
        high = bisect_left(self.starts, first + 10**free) - 1
        if low == high:
            return self._leaf(low, first, free)
        step = 10 ** (free - 1)
        return self.diagram.node(tuple(self._tree(first + digit * step, free - 1) for digit in range(10)))

    def _leaf(self, at: int, first: int, free: int) -> int:
        outcome = self.outcomes[at]
        if outcome in (TYPED, SIGNIFICANT):
            after = str((first + self.shifts[at]) % 2**64)
            before = str(first)[1:] if self.calling_code else str(first)
            outcome += edit(before[: len(before) - free], after[: len(after) - free], self.calling_code)
        return self.diagram.leaf(outcome)


def edit(before: str, after: str, calling_code: str) -> str:
    """How `after` comes of `before`, whatever follows both: `keep,insert,from,to,rest`.

    The first `keep` digits, the inserted ones, the digits `from` … `to` again, then all from `rest` on.

    >>> edit("0111512", "5491112", "54")
    '0,C9,1,3,5'
    """
    own = calling_code != "" and after.startswith(calling_code)
    after = after[len(calling_code) :] if own else after
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    keep = 0
    while not own and keep < min(len(before), len(after)) and before[keep] == after[keep]:
        keep += 1
    after = after[keep:]
    start = end = 0
    for size in range(len(after), 0, -1):
        found = before.find(after[-size:], keep)
        if found >= 0:
            start, end, after = found, found + size, after[:-size]
            break
    return f"{keep},{'C' if own else ''}{after},{start},{end},{len(before)}"


def compile_diagram(calling_codes: dict[str, str]) -> Diagram:
    """All tables: after a plus, as E.164, renumbered, then the national ones in the order of `calling_codes`."""
    diagram = Diagram()
    for name in (TYPED, SIGNIFICANT):
        diagram.roots.append(_table(diagram, name, "").roots())
    diagram.roots.append(_renumbered(diagram).roots())
    for region, calling_code in calling_codes.items():
        diagram.roots.append(_table(diagram, region, calling_code).roots())
    return diagram


def _table(diagram: Diagram, name: str, calling_code: str) -> Table:
    ranges, known = numbering.table(name), numbering.outcomes()
    names = []
    for code in ranges.codes.tolist():
        reason = numbering.REASONS[known.reason[code]] or "valid"
        number = known.number[code] or known.valid[code]
        final = reason if number else f"no:{reason}"
        names.append({0: final, 1: TYPED, 2: SIGNIFICANT}[int(known.again[code])])
    return Table(diagram, _integers(ranges.starts), names, _integers(ranges.shifts), calling_code)


def _renumbered(diagram: Diagram) -> Table:
    """Old numbers as an edit, all others as `current`."""
    bounds = {0}
    for one in renumberings():
        free = 10 ** (one.digits - len(one.old))
        bounds |= {int(one.old) * free, (int(one.old) + 1) * free}
    starts = sorted(bounds)
    moved = renumber(np.array(starts, np.uint64))
    shifts = [(int(new) - old) % 2**64 for old, new in zip(starts, moved, strict=True)]
    return Table(diagram, starts, [SIGNIFICANT if shift else "current" for shift in shifts], shifts)


def _integers(array: Any) -> list[int]:
    return [int(one) for one in array.tolist()]
