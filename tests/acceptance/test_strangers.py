"""Lines and files that once loaded under the wrong column, and what became of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from floodmark.dumps import Dump, read

CITIES = ["London", "Paris", "Berlin", "Madrid", "Rome", "Cairo", "Istanbul", "Lagos"]
NAMES = ["Mary", "John", "Anna", "Peter", "Fatima", "Ahmed", "Olga", "Ivan", "Maria", "Jose", "Laura", "Paul"]
ROWS = range(60)


def city(i: int) -> str:
    return CITIES[i % 8]


def name(i: int) -> str:
    return NAMES[i % 12]


def phone(i: int) -> str:
    return f"+4474927{i * 7919 % 100000:05}"


def user(i: int) -> str:
    return f"{name(i).lower()}{i * 37}"


def day(i: int) -> str:
    return f"{1950 + i % 50}-{1 + i % 12:02}-{1 + i % 28:02}"


def dump(folder: Path, lines: list[str]) -> Dump:
    path = folder / "dump.txt"
    path.write_text("\n".join(lines) + "\n")
    return read(path)


@pytest.mark.parametrize(
    ("good", "damaged"),
    [
        ([f"{city(i)};{i * 7 % 90};{phone(i)};{user(i)}" for i in ROWS], "Dublin;28;+447444761262;;paul1012"),
        ([f"{city(i)}|{user(i)}|{phone(i)}|male" for i in ROWS], "Dublin|sara9298|+447465620062||male"),
        (
            [f"{city(i)}\t{user(i)}\t{phone(i)}\tGB" for i in ROWS],
            "Paris\tsara2804\t+447457573744\t+447457573744\tGB",
        ),
        ([f"{phone(i)},{city(i)},{day(i)},{name(i)}" for i in ROWS], "+447445634976,1970-07-26,,John"),
        ([f"{phone(i)},{city(i)},{day(i)},{name(i)}" for i in ROWS], ",+447445634976,1970-07-26,John"),
        ([f"{phone(i)},{city(i)},{day(i)},{name(i)}" for i in ROWS], "+447445634976,Rome,,1970-07-26"),
    ],
)
def test_no_number_or_date_is_left_in_a_column_of_words(
    tmp_path: Path, good: list[str], damaged: str
) -> None:
    found = dump(tmp_path, [*good, damaged])
    assert sum(frame.height for frame in found) == len(good)
    assert found.accounting.lines["quarantined"] == 1


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        ([":".join([hashlib.sha256(b"%d" % i).hexdigest(), name(i), city(i), phone(i)]) for i in ROWS], 4),
        ([f"{city(i)}|{phone(i)}|{name(i)}{i}@mail.example" for i in ROWS], 3),
        ([f"{user(i)}|{name(i)}{i}@mail.example" for i in ROWS], 2),
    ],
)
def test_a_line_that_ends_or_begins_like_one_long_cell_is_still_cut(
    tmp_path: Path, lines: list[str], columns: int
) -> None:
    assert len(dump(tmp_path, lines).grammar.columns) == columns


def test_a_json_key_that_one_line_has_is_not_repeated_as_a_name(tmp_path: Path) -> None:
    lines = [f'{{"{person}": "+90532123450{i}"}}' for i, person in enumerate(NAMES[:5])]
    assert dump(tmp_path, lines).grammar.names == [f"column_{i}" for i in range(1, 6)]


def test_a_json_object_that_repeats_a_key_is_quarantined(tmp_path: Path) -> None:
    found = dump(
        tmp_path,
        ['{"phone": "+447400000001"}'] * 5 + ['{"phone": "+447400000002", "phone": "+447400000003"}'],
    )
    assert sum(frame.height for frame in found) == 5
    assert found.accounting.lines["quarantined"] == 1
