"""Which columns of two dumps are taken for the same."""

from __future__ import annotations

from floodmark.triage.comparing.columns import Found, Key, keys_of, match
from floodmark.triage.profile import ColumnProfile, GrammarProfile


def found(*columns: tuple[str, str]) -> Found:
    return Found([Key(kind, name) for kind, name in columns])


def pairs(a: Found, b: Found) -> list[tuple[str, str, str]]:
    return [(pair.a.name, pair.b.name, pair.by) for pair in match(a, b)]


def table(header: bool, *columns: tuple[str, str, float]) -> GrammarProfile:
    made = [ColumnProfile(n, name, kind, 1.0, fill, None) for n, (kind, name, fill) in enumerate(columns)]
    return GrammarProfile("delimited", ",", "utf-8", "plain", header, made)


def test_name_and_type_come_before_type_and_type_before_name() -> None:
    a = found(("phone", "tel"), ("phone", "mobile"), ("unknown", "score"))
    b = found(("phone", "Mobile"), ("phone", "contact"), ("age", "score"))
    assert pairs(a, b) == [
        ("mobile", "Mobile", "name and type"),
        ("tel", "contact", "type"),
        ("score", "score", "name"),
    ]


def test_columns_of_one_type_are_paired_in_their_order() -> None:
    a = found(("location", "location"), ("location", "location_2"))
    b = found(("location", "city"), ("location", "hometown"), ("location", "third"))
    assert pairs(a, b) == [("location", "city", "type"), ("location_2", "hometown", "type")]


def test_a_column_is_taken_once() -> None:
    a = found(("phone", "one"), ("phone", "two"))
    b = found(("phone", "other"))
    assert pairs(a, b) == [("one", "other", "type")]
    assert pairs(b, a) == [("other", "one", "type")]


def test_names_differ_by_neither_case_nor_marks() -> None:
    assert pairs(found(("unknown", "User_Score")), found(("unknown", "user score"))) == [
        ("User_Score", "user score", "name and type")
    ]


def test_names_of_marks_alone_are_not_all_the_same() -> None:
    assert pairs(found(("unknown", "№")), found(("unknown", "—"))) == []


def test_an_unknown_column_without_a_name_needs_tables_of_the_same_types() -> None:
    one = Found(keys_of(["phone", "unknown"], ["phone", "unknown"], named=False))
    same = Found(keys_of(["phone", "unknown"], ["phone", "unknown"], named=False))
    other = Found(keys_of(["unknown", "phone"], ["unknown", "phone"], named=False))
    assert len(match(one, same)) == 2
    assert pairs(one, other) == [("phone", "phone", "name and type")]


def test_a_column_in_several_tables_is_one_column_with_the_rows_of_all() -> None:
    one = Found()
    one.add(table(True, ("phone", "tel", 1.0), ("age", "age", 0.5)), 100)
    one.add(table(True, ("phone", "tel", 0.5)), 300)
    tel, age = (one.column(key) for key in one.keys)
    assert (tel.rows, tel.fill_rate) == (400, 0.625)
    assert (age.rows, age.fill_rate) == (100, 0.5)


def test_ten_thousand_columns_are_paired_each_with_its_own() -> None:
    columns = [("unknown", f"column {n}") for n in range(10_000)]
    assert len(match(found(*columns), found(*reversed(columns)))) == 10_000
