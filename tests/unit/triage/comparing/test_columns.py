"""Which columns of two dumps are taken for the same."""

from __future__ import annotations

from floodmark.triage.comparing.columns import Columns, Key, Layout, layout_of
from floodmark.triage.profile import ColumnProfile, FileProfile, GrammarProfile, Shares


def columns_of(*tables: tuple[int, Layout]) -> Columns:
    """Tables of the first dump (0) and of the second (1), each of one row."""
    found = Columns()
    for side, layout in tables:
        found.add(side, layout, [1.0] * len(layout), 1)
    return found


def keys(*columns: tuple[str, str]) -> Layout:
    return tuple(Key(kind, name) for kind, name in columns)


def pairs(a: Layout, b: Layout) -> list[tuple[str, str, str]]:
    found = columns_of((0, a), (1, b))
    return [(one.of(0).name, one.of(1).name, one.by) for _, one in found.of_dump(0) if one.shared]


def file_of(*columns: tuple[str, str]) -> FileProfile:
    made = [ColumnProfile(n, name, kind, 1.0, 1.0, None) for n, (kind, name) in enumerate(columns)]
    grammar = GrammarProfile("delimited", ",", "utf-8", "plain", True, made)
    none = Shares(0, 0, 0, 0, 0)
    return FileProfile("a.csv", 0, None, 10, grammar, none, none, [], [], [])


def test_name_and_type_come_before_type_and_type_before_name() -> None:
    a = keys(("phone", "tel"), ("phone", "mobile"), ("unknown", "score"))
    b = keys(("phone", "Mobile"), ("phone", "contact"), ("age", "score"))
    assert pairs(a, b) == [
        ("tel", "contact", "type"),
        ("mobile", "Mobile", "name and type"),
        ("score", "score", "name"),
    ]


def test_columns_of_one_type_are_paired_in_their_order() -> None:
    a = keys(("location", "location"), ("location", "location_2"))
    b = keys(("location", "city"), ("location", "hometown"), ("location", "third"))
    assert pairs(a, b) == [("location", "city", "type"), ("location_2", "hometown", "type")]


def test_a_column_is_taken_once() -> None:
    a = keys(("phone", "one"), ("phone", "two"))
    b = keys(("phone", "other"))
    assert pairs(a, b) == [("one", "other", "type")]
    assert pairs(b, a) == [("other", "one", "type")]


def test_names_differ_by_neither_case_nor_marks() -> None:
    assert pairs(keys(("unknown", "User_Score")), keys(("unknown", "user score"))) == [
        ("User_Score", "user score", "name and type")
    ]


def test_names_of_marks_alone_are_not_all_the_same() -> None:
    assert pairs(keys(("unknown", "№")), keys(("unknown", "—"))) == []


def test_an_unknown_column_without_a_name_needs_tables_of_the_same_types() -> None:
    one = layout_of(["phone", "unknown"], ["phone", "unknown"], named=False)
    other = layout_of(["unknown", "phone"], ["unknown", "phone"], named=False)
    assert len(pairs(one, one)) == 2
    assert pairs(one, other) == [("phone", "phone", "name and type")]


def test_a_column_in_several_tables_is_one_column_with_the_rows_of_all() -> None:
    found = Columns()
    found.add(0, keys(("phone", "tel"), ("age", "age")), [100, 50], 100)
    found.add(0, keys(("phone", "tel")), [150], 300)
    tel, age = (one.of(0) for _, one in found.of_dump(0))
    assert (tel.rows, tel.fill_rate) == (400, 0.625)
    assert (age.rows, age.fill_rate) == (100, 0.5)


def test_a_column_with_names_in_two_languages_is_one_and_is_named_as_most_rows_have_it() -> None:
    found = Columns()
    found.add(0, keys(("phone", "phone"), ("unknown", "ID")), [1, 1], 1)
    found.add(0, keys(("unknown", "id"), ("phone", "Telefon")), [9, 9], 9)
    assert [one.of(0).name for one in found.joints] == ["Telefon", "id"]
    assert list(found.layouts.values()) == [(0, 1), (1, 0)]


def test_a_column_that_was_paired_by_its_name_does_not_bring_its_type_along() -> None:
    found = columns_of(
        (0, keys(("phone", "contact"))),
        (1, keys(("email", "contact"))),
        (0, keys(("email", "mail"))),
    )
    assert [sorted({key.type for side in one.keys for key in side}) for one in found.joints] == [
        ["email", "phone"],
        ["email"],
    ]


def test_a_table_of_few_columns_finds_them_among_those_of_the_other_dump() -> None:
    parts = [file_of(("phone", name), ("email", "mail")) for name in ("tel", "mobile")]
    found = Columns.of(parts, [file_of(("phone", "tel"), ("phone", "mobile"), ("email", "mail"))])
    assert [(one.of(0).name, one.of(1).name, one.by) for _, one in found.of_dump(0)] == [
        (name, name, "name and type") for name in ("tel", "mail", "mobile")
    ]


def test_ten_thousand_columns_are_paired_each_with_its_own() -> None:
    columns = [("unknown", f"column {n}") for n in range(10_000)]
    found = columns_of((0, keys(*columns)), (1, keys(*reversed(columns))))
    assert len(found.joints) == 10_000
    assert all(one.of(0).name == one.of(1).name for one in found.joints)


def test_ten_thousand_columns_of_one_type_are_paired_in_their_order() -> None:
    columns = [("phone", f"number {n}") for n in range(10_000)]
    others = [("phone", f"other {n}") for n in range(10_000)]
    assert len(pairs(keys(*columns), keys(*others))) == 10_000
