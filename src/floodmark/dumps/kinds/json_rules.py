"""Where a JSON text stops to be JSON: pairs of neighbouring marks that no valid text has."""

from __future__ import annotations

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
ROOT = 0  # stands for the mark before the text
CLASSES = np.zeros(256, np.uint8)
ALL = (ROOT, BRACE, BRACKET, END_BRACE, END_BRACKET, COMMA, COLON, OPENING, CLOSING)
CLASSES[list(ALL)] = np.arange(len(ALL))
VALUE = (BRACE, BRACKET, OPENING)
# By the container that a mark leaves us in: which marks may follow it. What is neither mark nor blank between two
# marks is a number or a word, and is looked at when the record is read.
MAY_FOLLOW: dict[int, dict[int, tuple[int, ...]]] = {
    ROOT: {
        ROOT: VALUE,
        END_BRACE: (*VALUE, COMMA),
        END_BRACKET: (*VALUE, COMMA),
        CLOSING: (*VALUE, COMMA),
        COMMA: VALUE,
    },
    BRACE: {
        BRACE: (OPENING, END_BRACE),
        COMMA: (OPENING, END_BRACE),
        COLON: (*VALUE, COMMA, END_BRACE),
        CLOSING: (COLON, COMMA, END_BRACE),
        END_BRACE: (COMMA, END_BRACE),
        END_BRACKET: (COMMA, END_BRACE),
    },
    BRACKET: {
        BRACKET: (*VALUE, COMMA, END_BRACKET),
        COMMA: (*VALUE, COMMA, END_BRACKET),
        CLOSING: (COMMA, END_BRACKET),
        END_BRACE: (COMMA, END_BRACKET),
        END_BRACKET: (COMMA, END_BRACKET),
    },
}


def _table() -> NDArray[np.bool_]:
    allowed = np.zeros((len(ALL), len(ALL), len(ALL)), np.bool_)
    for container, rules in MAY_FOLLOW.items():
        for mark, following in rules.items():
            allowed[CLASSES[container], CLASSES[mark], CLASSES[list(following)]] = True
        allowed[CLASSES[container], CLASSES[OPENING], CLASSES[CLOSING]] = True
    return allowed


ALLOWED = _table()


def first_fault(stack: bytes, last: int, kinds: NDArray[np.uint8]) -> int | None:
    r"""Number of the first mark that cannot stand where it stands, or that is nested too deeply.

    Args:
        stack: brackets that are open before the first mark, outermost first.
        last: the mark before the first one; `ROOT` at the beginning of the text.
        kinds: the marks.

    Examples:
        >>> def of(text):
        ...     return first_fault(b"", ROOT, np.frombuffer(text, np.uint8))
        >>> of(b"[{\"':\"'},{}]"), of(b"{\"'\"':}"), of(b"[{]}]"), of(b"{{}}")
        (None, 3, 2, 1)
    """
    if not len(kinds):
        return None
    held = np.frombuffer(stack + bytes([last]), np.uint8)
    marks = np.concatenate([held, kinds])
    base = len(stack)
    depths = np.concatenate([np.arange(1, base + 1), [base], base + np.cumsum(STEPS[kinds], dtype=np.int64)])
    beyond = np.flatnonzero((depths < 0) | (depths > DEEPEST))
    usable = int(beyond[0]) if len(beyond) else len(marks)
    containers = _containers(marks[:usable], depths[:usable].astype(np.int16))
    classes = CLASSES[marks]
    fine = ALLOWED[
        CLASSES[containers[base : usable - 1]], classes[base : usable - 1], classes[base + 1 : usable]
    ]
    wrong = np.flatnonzero(~fine)
    if len(wrong):
        return int(wrong[0])
    return usable - base - 1 if len(beyond) else None


def _containers(marks: NDArray[np.uint8], depths: NDArray[np.int16]) -> NDArray[np.uint8]:
    """The bracket that each mark leaves us in: the last one opened at its depth."""
    order = np.argsort(depths, kind="stable")
    sorted_marks = marks[order]
    opens = (sorted_marks == BRACE) | (sorted_marks == BRACKET)
    latest = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0))
    found = np.empty(len(order), np.uint8)
    found[order] = sorted_marks[latest]
    found[depths == 0] = ROOT
    return found
