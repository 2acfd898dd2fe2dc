"""Fates of lines, put together into spans."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.chunks import find_lines
from floodmark.dumps.fates import ACCEPTED, QUARANTINED, REPAIRED, SKIPPED, Fates
from floodmark.dumps.layouts import AMBIGUOUS, REASONS

EMPTY = pl.DataFrame({"a": []}, schema={"a": pl.String})
FATES = [
    (ACCEPTED, "", "accepted"),
    (REPAIRED, "quotes-as-text", "repaired"),
    (QUARANTINED, "broken-quotes", "quarantined"),
    (QUARANTINED, "line-too-long", "quarantined"),
    (SKIPPED, "blank", "skipped"),
]
LINES = st.binary(max_size=5).map(lambda line: line.replace(b"\n", b""))


def fates_of(text: bytes, start: int = 0) -> Fates:
    return Fates(start, find_lines(text, "lf"))


@given(st.lists(st.tuples(LINES, st.integers(0, 4)), max_size=20), st.integers(0, 10**12))
def test_spans_are_the_runs_of_one_fate_and_partition_the_chunk(
    lines: list[tuple[bytes, int]], start: int
) -> None:
    text = b"".join(line + b"\n" for line, _ in lines)
    fates = fates_of(text, start)
    for number, (_, which) in enumerate(lines):
        fate, reason, _ = FATES[which]
        fates.mark(np.array([number]), fate, reason)
    batch = fates.batch(EMPTY)
    wanted, at = [], start
    for which, run in itertools.groupby(lines, key=lambda pair: pair[1]):
        sizes = [len(line) + 1 for line, _ in run]
        if which:
            wanted.append((FATES[which][2], FATES[which][1], at, sum(sizes), len(sizes)))
        at += sum(sizes)
    assert [(s.kind, s.reason, s.start, s.size, s.lines) for s in batch.spans] == wanted
    assert batch.accepted_bytes + sum(span.size for span in batch.spans) == len(text)
    assert batch.accepted_lines + sum(span.lines for span in batch.spans) == len(lines)
    assert batch.start == start


def test_all_lines_begin_as_accepted_and_their_line_ends_are_counted() -> None:
    batch = fates_of(b"ab\r\ncd\r\n").batch(EMPTY)
    assert (batch.accepted_lines, batch.accepted_bytes, batch.spans) == (2, 8, ())


def test_a_chunk_without_lines_has_no_spans() -> None:
    batch = fates_of(b"").batch(EMPTY)
    assert (batch.accepted_lines, batch.accepted_bytes, batch.spans) == (0, 0, ())


def test_lines_are_marked_by_mask_or_by_number() -> None:
    by_mask, by_number = fates_of(b"a\nb\nc\n"), fates_of(b"a\nb\nc\n")
    by_mask.mark(np.array([True, False, True]), SKIPPED, "blank")
    by_number.mark(np.array([0, 2]), SKIPPED, "blank")
    assert by_mask.batch(EMPTY).spans == by_number.batch(EMPTY).spans


def test_a_later_mark_replaces_an_earlier_one() -> None:
    fates = fates_of(b"a\n")
    fates.mark(np.array([0]), QUARANTINED, "line-too-long")
    fates.mark(np.array([0]), SKIPPED, "blank")
    (span,) = fates.batch(EMPTY).spans
    assert (span.kind, span.reason) == ("skipped", "blank")


@pytest.mark.parametrize(
    ("kept", "reason", "wanted"),
    [
        (True, 0, []),
        (True, 1, [("repaired", REASONS[1])]),
        (False, AMBIGUOUS, [("quarantined", "ambiguous-delimiters")]),
    ],
)
def test_what_layouts_decide_becomes_the_fate_of_the_line(
    kept: bool, reason: int, wanted: list[tuple[str, str]]
) -> None:
    fates = fates_of(b"a\nb\n")
    fates.note(np.array([1]), np.array([kept]), np.array([reason], np.uint8))
    assert [(span.kind, span.reason) for span in fates.batch(EMPTY).spans] == wanted


def test_decisions_are_noted_only_at_their_own_places() -> None:
    fates = fates_of(b"a\nb\nc\n")
    fates.mark(np.array([1]), SKIPPED, "blank")
    fates.note(np.array([0, 2]), np.array([True, False]), np.array([0, AMBIGUOUS], np.uint8))
    assert fates.fates.tolist() == [ACCEPTED, SKIPPED, QUARANTINED]
