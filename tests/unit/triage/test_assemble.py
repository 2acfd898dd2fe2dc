"""From sums to the published profile."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from floodmark.dumps import Accounting, Column, Grammar, Span
from floodmark.identifiers import FieldType as F
from floodmark.identifiers import phones
from floodmark.triage import assemble
from floodmark.triage.assemble import FileResult
from floodmark.triage.dates import DateTally
from floodmark.triage.frequent import FrequentCounter
from floodmark.triage.observe import Observed


def grammar(*columns: tuple[str, F], header: bool = True) -> Grammar:
    found = tuple(Column(i, name, kind, 0.9) for i, (name, kind) in enumerate(columns))
    return Grammar("delimited", "plain", "utf-8", False, ",", None, "lf", header, 0, (), found, 0.9)


def result(read: Grammar, **parts: object) -> FileResult:
    observed = Observed.empty(len(read.columns))
    for name, value in parts.items():
        setattr(observed, name, value)
    return FileResult("dump.csv", 9, "ab" * 32, read, Accounting(), observed)


def test_shares_and_reasons_come_from_the_accounting() -> None:
    file = FileResult("dump.csv", 100, None)
    file.accounting.accept(5, 60)
    file.accounting.add(Span("quarantined", "too-few-cells", 60, 10))
    file.accounting.add(Span("quarantined", "broken-quotes", 70, 20, lines=3))
    file.accounting.add(Span("skipped", "header", 90, 10))
    found = assemble.file_profile(file)
    assert (found.lines.total, found.bytes.total, found.bytes.quarantined) == (10, 100, 30)
    assert [(one.reason, one.lines, one.offsets) for one in found.quarantine] == [
        ("broken-quotes", 3, [70]),
        ("too-few-cells", 1, [60]),
    ]
    assert found.grammar is None


def test_a_type_that_several_columns_hold_has_rows_and_no_sum_of_cells() -> None:
    two = grammar(("a", F.GENDER), ("b", F.GENDER), ("c", F.PHONE))
    file = result(
        two, rows=10, sets=Counter({1: 4, 3: 2}), kind_valid=Counter(phone=2), valid=np.array([4, 5, 2])
    )
    found = {field.type: (field.rows, field.valid, field.columns) for field in assemble.fields([file], 10)}
    assert found == {"gender": (6, None, ["a", "b"]), "phone": (2, 2, ["c"])}


def test_minors_come_from_the_fullest_column_of_birth_dates() -> None:
    two = grammar(("a", F.BIRTH_DATE), ("b", F.BIRTH_DATE))
    file = result(two, dates={0: DateTally(rows=2, minors=2), 1: DateTally(rows=9, minors=3, perhaps=1)})
    found = assemble.minors([file], "2021-04-03")
    assert found is not None
    assert (found.rows, found.minors, found.low, found.high) == (9, 3, 3, 4)
    assert assemble.minors([result(grammar(("a", F.PHONE)))], "2021-04-03") is None


def test_countries_without_a_number_are_left_out() -> None:
    regions = np.zeros(len(phones.REGIONS), np.int64)
    regions[[phones.REGIONS.index("EG"), phones.REGIONS.index("DE")]] = 3, 7
    found = assemble.countries([result(grammar(("a", F.PHONE)), regions=regions)], regions)
    assert [(one.country, one.phones) for one in found] == [("DE", 7), ("EG", 3)]


def test_rare_domains_are_counted_and_not_named() -> None:
    counter = FrequentCounter()
    counter.add(pl.Series(["example.org", "family-name.example"]), pl.Series([9, 4]))
    found = assemble.domains(counter)
    assert found.top == [{"domain": "example.org", "rows": 9}]
    assert (found.distinct, found.other_rows) == (2, 4)


def test_field_sets_of_files_are_joined_by_type_and_not_by_column() -> None:
    one = result(grammar(("a", F.PHONE), ("b", F.EMAIL)), sets=Counter({3: 2, 1: 1}))
    two = result(grammar(("x", F.EMAIL), ("y", F.PHONE)), sets=Counter({3: 5, 1: 7}))
    found = {tuple(each.fields): each.rows for each in assemble.field_sets([one, two])}
    assert found == {("phone", "email"): 7, ("phone",): 1, ("email",): 7}
