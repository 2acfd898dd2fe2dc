"""Rows of leaks: read back as they were put, counted by kind, and missed with a hint."""

from __future__ import annotations

import sqlite3
from dataclasses import fields, replace
from typing import get_args

import pytest
from sqlalchemy import update

from floodmark.identifiers import IdentifierKind
from floodmark.register import tables
from floodmark.register.database import RegisterDamaged
from floodmark.register.forget import forget, trace
from floodmark.register.leaks import (
    KINDS,
    ArrayFile,
    Leak,
    LeakNotFound,
    folders_named,
    get_leak,
    has_leak,
    list_arrays,
    list_leaks,
    put_leak,
)
from floodmark.register.lease import lease


def array(name: str, length: int) -> ArrayFile:
    return ArrayFile(name, length, 8 * length, "a" * 64, "b" * 32)


def test_a_leak_has_every_column_of_its_table_and_its_counts():
    columns = {column.name for column in tables.leaks.columns}
    assert {part.name for part in fields(Leak)} == columns | {"identifiers"}
    assert {part.name for part in fields(ArrayFile)} == {c.name for c in tables.leak_arrays.columns} - {
        "slug"
    }


def test_every_kind_of_identifier_is_counted():
    assert set(KINDS) == set(get_args(IdentifierKind))


def test_identifiers_are_counted_by_kind_and_nothing_else_is(workspace, made_up):
    names = ("phone", "phone.fields", "phone.values", "email", "domain", "domain.counts", "field_sets")
    arrays = [array(name, length) for length, name in enumerate(names, 1)]
    with workspace.writing("test") as connection:
        put_leak(connection, replace(made_up[0], folder="made-up"), arrays)
        assert get_leak(connection, "made-up").identifiers == {"email": 4, "phone": 1}
        assert list_arrays(connection, "made-up") == sorted(arrays, key=lambda item: item.name)


def test_leaks_are_listed_by_slug(workspace, save):
    for slug in ("b", "a-2", "a"):
        save(slug)
    with workspace.connect() as connection:
        assert [leak.slug for leak in list_leaks(connection)] == ["a", "a-2", "b"]
        assert all(leak.identifiers == {"phone": 290} for leak in list_leaks(connection))
        assert folders_named(connection) == {"a", "a-2", "b"}
        assert (has_leak(connection, "a"), has_leak(connection, "c")) == (True, False)


def test_putting_a_leak_again_replaces_its_row_and_its_arrays(workspace, made_up):
    leak = replace(made_up[0], folder="made-up")
    with workspace.writing("test") as connection:
        put_leak(connection, leak, [array("phone", 5), array("email", 6)])
        put_leak(connection, replace(leak, rows=7, title="Again"), [array("phone", 8)])
        found = get_leak(connection, "made-up")
        assert (found.rows, found.title, found.identifiers) == (7, "Again", {"phone": 8})
        assert list_arrays(connection, "made-up") == [array("phone", 8)]


def test_counts_beyond_32_bits_are_kept(workspace, made_up):
    with workspace.writing("test") as connection:
        put_leak(connection, replace(made_up[0], rows=2**40, folder="made-up"), [array("phone", 2**40)])
        assert get_leak(connection, "made-up").identifiers == {"phone": 2**40}


@pytest.mark.parametrize("folder", ["", ".", "..", "../made-up", "/tmp", "made-up/digests", "made-up@0"])
def test_a_folder_that_leads_elsewhere_is_neither_put_nor_believed(workspace, save, made_up, folder):
    save()
    with pytest.raises(ValueError), workspace.writing("test") as connection:
        put_leak(connection, replace(made_up[0], folder=folder), [])
    with workspace.writing("test") as connection:
        connection.execute(update(tables.leaks).values(folder=folder))
        with pytest.raises(RegisterDamaged):
            get_leak(connection, "made-up")
    with pytest.raises(RegisterDamaged):
        forget(workspace, "made-up")
    assert workspace.leaks_folder.is_dir()


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("facebook-2012", "Did you mean facebook-2021 or facebook-2019?"),
        ("zzz", "floodmark leaks lists what is saved."),
        ("../../x", "floodmark leaks lists what is saved."),
    ],
)
def test_a_leak_that_is_missed_is_missed_with_a_hint(workspace, save, asked, hint):
    for slug in ("facebook-2021", "facebook-2019", "adobe"):
        save(slug)
    with workspace.connect() as connection, pytest.raises(LeakNotFound) as caught:
        get_leak(connection, asked)
    assert caught.value.hint == hint


NO_SLUGS = ["\udcff", "made-up\udc80", "", "Made-Up", "made-up\0", "x" * 100_000]


@pytest.mark.parametrize("slug", NO_SLUGS)
def test_what_is_no_slug_names_no_leak(workspace, save, slug):
    save()
    with workspace.connect() as connection:
        assert has_leak(connection, slug) is False
        assert list_arrays(connection, slug) == []
        with pytest.raises(LeakNotFound):
            get_leak(connection, slug)
    for asked in (lease, trace, forget):
        with pytest.raises(LeakNotFound):
            asked(workspace, slug)


@pytest.mark.parametrize("value", ["phone", "7", "null", '{"a": 1}', "[1]", "no JSON", "\udcff"])
def test_field_types_that_somebody_wrote_by_hand_are_damage(workspace, save, value):
    save()
    with sqlite3.connect(workspace.register) as by_hand:
        by_hand.execute("UPDATE leaks SET field_types = ?", (value.encode("utf-8", "surrogateescape"),))
        if value != "\udcff":
            by_hand.execute("UPDATE leaks SET field_types = CAST(field_types AS TEXT)")
    by_hand.close()
    with workspace.connect() as connection:
        for asked in (list_leaks, lambda at: get_leak(at, "made-up")):
            with pytest.raises(RegisterDamaged):
                asked(connection)
