"""Column types on held-out columns (`column_types/README.md`): floors, well below what the benchmark reports."""

from __future__ import annotations

from functools import cache

import pytest

from .column_types.kinds import KINDS
from .column_types.measure import Judged, accuracy, calibration_error, judged
from .column_types.tables import CELLS, table
from .column_types.words import LANGUAGES, PARTS, words

TABLES = 60
ROWS = 80


@cache
def columns() -> tuple[Judged, ...]:
    return tuple(judged("report", TABLES, rows=ROWS))


def test_most_columns_that_no_rule_was_written_against_get_the_right_type() -> None:
    assert accuracy(columns())[0] >= 0.87


def test_names_of_columns_help() -> None:
    headed = [column for column in columns() if column.headed]
    assert accuracy(headed)[0] >= 0.93


def test_what_is_claimed_is_mostly_right_and_confidences_say_how_often() -> None:
    claims = [column for column in columns() if column.claimed]
    assert sum(column.right for column in claims) / len(claims) >= 0.9
    assert calibration_error(columns()) <= 0.09


def test_password_hashes_are_named_by_kind() -> None:
    hashes = [
        column
        for column in columns()
        if column.said == "password_hash" and column.truth.form in column.truth.kind.hash_kind
    ]
    assert hashes
    assert all(column.hash_right for column in hashes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_share_no_word(language: str) -> None:
    lists = [set(words("family", language, part)) for part in PARTS]
    assert all(lists)
    assert not lists[0] & lists[1] and not lists[0] & lists[2] and not lists[1] & lists[2]


def test_a_table_is_decided_by_its_seed() -> None:
    assert len(CELLS) == 6 and len(KINDS) > 60
    first, again = table(7, "report", 20), table(7, "report", 20)
    assert first.cells.equals(again.cells) and first.names == again.names
