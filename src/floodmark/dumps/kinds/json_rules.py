"""How deep a JSON text is nested at each of its marks, and where it stops to be JSON."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.kinds.json_tokens import (
    BRACE,
    BRACKET,
    CLOSING,
    COLON,
    COMMA,
    END_BRACE,
    END_BRACKET,
    OPENING,
    STEPS,
)

DEEPEST = 500
ROOT = 0  # stands for the mark before the text, and for the container of what no bracket encloses
CLASSES = np.zeros(256, np.uint8)
ALL = (ROOT, BRACE, BRACKET, END_BRACE, END_BRACKET, COMMA, COLON, OPENING, CLOSING)
CLASSES[list(ALL)] = np.arange(len(ALL))
VALUE = (BRACE, BRACKET, OPENING)
ENDS = (END_BRACE, END_BRACKET, COMMA)
# Which marks may follow a mark, wherever it stands. What is neither mark nor blank between two marks is a number or a
# word, and is looked at when the record is read.
MAY_FOLLOW: dict[int, tuple[int, ...]] = {
    ROOT: VALUE,
    BRACE: (OPENING, END_BRACE),
    BRACKET: (*VALUE, COMMA, END_BRACKET),
    COMMA: (*VALUE, *ENDS),
    COLON: (*VALUE, COMMA, END_BRACE),
    OPENING: (CLOSING,),
    CLOSING: (COLON, *ENDS),
    END_BRACE: (*ENDS, BRACE, BRACKET),
    END_BRACKET: (*ENDS, BRACE, BRACKET),
}
PAIRS = np.zeros(256, np.bool_)
for _mark, _following in MAY_FOLLOW.items():
    PAIRS[CLASSES[_mark] * 16 + CLASSES[list(_following)]] = True
KEY_BEGUN = bytes([OPENING, CLOSING])
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Nested:
    """Brackets and commas among some marks.

    Attributes:
        marks: their numbers, int64.
        depths: brackets that are open after each, int64.
        fault: number of the first mark that cannot stand where it stands, or that is nested too deeply; those before it
            are in order.
    """

    marks: Places
    depths: Places
    fault: int | None


class Nesting:
    """Which brackets are open, and the last marks.

    Args:
        stack: brackets that are open, outermost first.
        last: the mark before.
    """

    def __init__(self, stack: bytes = b"", last: int = ROOT) -> None:
        self.stack = stack
        # The last mark, or all from a comma or brace on whose key is not whole yet.
        self.tail = bytes([last])

    def take(self, kinds: NDArray[np.uint8]) -> Nested:
        r"""Take in marks; of no use any more after a fault.

        Args:
            kinds: marks as in `Tokens.kinds`.

        Examples:
            >>> def fault_of(marks):
            ...     return Nesting().take(np.frombuffer(marks, np.uint8)).fault
            >>> fault_of(b"[{\"':\"'},{}]"), fault_of(b"{\"'\"':}"), fault_of(b"[{]}]"), fault_of(b"{{}}")
            (None, 1, 2, 1)
        """
        held = len(self.tail)
        marks = np.concatenate([np.frombuffer(self.tail, np.uint8), kinds])
        codes = CLASSES[marks]
        every = np.flatnonzero((codes > CLASSES[ROOT]) & (codes < CLASSES[COLON]))
        first = int(np.searchsorted(every, held))
        depths = np.full(len(every), len(self.stack))
        depths[first:] += np.cumsum(STEPS[marks[every[first:]]], dtype=np.int64)
        containers = _containers(self.stack, marks[every], depths)
        faults = np.concatenate(
            [
                np.flatnonzero(~PAIRS[codes[:-1] * 16 + codes[1:]]) + 1,
                _colons_without_key(marks, held),
                _members_of_other_kind(marks, every, containers[1:]),
                _ends_of_other_kind(marks, every, containers[:-1], first),
                every[depths > DEEPEST],
            ]
        )
        fault = max(int(faults.min()) - held, 0) if len(faults) else None
        if fault is None:
            self._go_on(marks, marks[every], depths, first)
        return Nested(every[first:] - held, depths[first:], fault)

    def _go_on(
        self, marks: NDArray[np.uint8], brackets: NDArray[np.uint8], depths: Places, first: int
    ) -> None:
        """Remember what is open, and the last marks."""
        if first < len(depths):
            kept = bytearray(self.stack[: int(depths[first:].min())])
            opens = STEPS[brackets] > 0
            for depth in range(len(kept) + 1, int(depths[-1]) + 1):
                # The last bracket that was opened at this depth is the one that is open there.
                kept.append(int(brackets[np.flatnonzero(opens & (depths == depth))[-1]]))
            self.stack = bytes(kept)
        tail = marks[-3:].tobytes()
        at = next(
            (at for at in range(len(tail)) if KEY_BEGUN.startswith(tail[at + 1 :]) and tail[at] in b",{"), -1
        )
        self.tail = tail[at:]


def _containers(stack: bytes, brackets: NDArray[np.uint8], depths: Places) -> NDArray[np.uint8]:
    """The bracket that encloses what follows each bracket or comma: the last one opened at its depth.

    One more stands before them: what encloses the first.
    """
    marks = np.concatenate([np.frombuffer(bytes([ROOT]) + stack, np.uint8), brackets])
    levels = np.concatenate([np.arange(len(stack) + 1), depths])
    order = np.argsort(np.clip(levels, -1, DEEPEST + 1).astype(np.int16), kind="stable")
    ordered = marks[order]
    opens = (ordered == BRACE) | (ordered == BRACKET) | (ordered == ROOT)
    latest = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0))
    found = np.empty(len(order), np.uint8)
    found[order] = ordered[latest]
    return found[len(stack) :]


def _colons_without_key(marks: NDArray[np.uint8], held: int) -> Places:
    """Colons that do not follow a brace or comma and one string."""
    colons = np.flatnonzero(marks[held:] == COLON) + held
    before = marks[np.maximum(colons - 3, 0)]
    wrong: Places = colons[(colons < 3) | ((before != COMMA) & (before != BRACE))]
    return wrong


def _members_of_other_kind(marks: NDArray[np.uint8], every: Places, containers: NDArray[np.uint8]) -> Places:
    """What follows a comma or brace, where it has a key in a list, or none in an object."""
    begins = (marks[every] == COMMA) | (marks[every] == BRACE)
    places, inside = every[begins], containers[begins]
    padded = np.concatenate([marks, np.zeros(3, np.uint8)])
    keyed = padded[places + 3] == COLON
    follows = padded[places + 1]
    unknown = (places + 3 >= len(marks)) & ((follows == OPENING) | (follows == ROOT))
    empty = (marks[places] == BRACE) & (follows == END_BRACE)
    wrong = (keyed != (inside == BRACE)) & (inside != ROOT) & ~unknown & ~empty
    after: Places = places[wrong] + 1
    return after


def _ends_of_other_kind(
    marks: NDArray[np.uint8], every: Places, before: NDArray[np.uint8], first: int
) -> Places:
    """Brackets that close another kind than is open."""
    kinds = marks[every]
    wrong = ((kinds == END_BRACE) & (before != BRACE)) | ((kinds == END_BRACKET) & (before != BRACKET))
    wrong[:first] = False
    ends: Places = every[wrong]
    return ends
