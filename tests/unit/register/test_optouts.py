"""Opt-outs as digests: what sealing leaves out, and what was sealed too early for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from floodmark.register import optouts, tables
from floodmark.register.database import RegisterDamaged

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)


def hexadecimal(digest: int) -> str:
    return f"{digest:016x}"


@pytest.fixture
def seal(workspace, save):
    """Say that a leak was sealed, and when."""

    def seal_one(slug: str, at: str, **members: int) -> None:
        save(slug)
        row = {
            "slug": slug,
            "seal_id": slug.encode().hex().ljust(32, "0"),
            "epoch": 1,
            "public_key": "00" * 32,
        }
        row |= {"members": members, "m": 16, "bytes": 1, "manifest_sha256": "00" * 32, "sealed_at": at}
        with workspace.writing("seal") as connection:
            connection.execute(insert(tables.sealed).values(row))

    return seal_one


def add(workspace, kind: str, digest: int, now: datetime = NOW) -> None:
    with workspace.writing("optout") as connection:
        optouts.add(connection, kind, hexadecimal(digest), now)


def test_of_a_workspace_that_does_not_exist_nobody_opted_out(workspace):
    found = optouts.opted_out(workspace, "phone")
    assert found.dtype == np.uint64 and found.shape == (0,)
    assert not workspace.folder.exists()


@given(st.sets(st.integers(0, 2**64 - 1), max_size=30))
@settings(max_examples=30)
def test_what_is_kept_comes_back_ascending_whatever_the_order(digests):
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        for digest in digests:
            optouts.add(connection, "email", hexadecimal(digest), NOW)
        found = optouts.opted_out(connection, "email")
    engine.dispose()
    assert found.dtype == np.uint64 and found.flags.writeable
    assert found.tolist() == sorted(digests)


def test_kinds_are_apart(workspace):
    add(workspace, "phone", 7)
    add(workspace, "email", 5)
    assert optouts.opted_out(workspace, "phone").tolist() == [7]
    assert optouts.opted_out(workspace, "email").tolist() == [5]
    assert optouts.opted_out(workspace, "username").tolist() == []


def test_an_opt_out_keeps_its_first_date(workspace):
    add(workspace, "phone", 7)
    add(workspace, "phone", 7, NOW + timedelta(days=3))
    add(workspace, "phone", 8, NOW + timedelta(days=1))
    with workspace.connect() as connection:
        assert optouts.counts(connection) == [optouts.OptedOut("phone", 2, "2026-01-31", "2026-02-01")]


@pytest.mark.parametrize(
    "row", ["", "00", "not sixteen hex.", "00112233445566778", "0011 2233 445566", "０" * 16]
)
def test_a_row_that_is_no_digest_is_damage_and_not_skipped(workspace, row):
    add(workspace, "phone", 7)
    with workspace.writing("optout") as connection:
        connection.execute(insert(tables.optouts).values(kind="phone", digest=row, proven_at=""))
    with pytest.raises(RegisterDamaged, match="no digest"):
        optouts.opted_out(workspace, "phone")


def test_what_was_proven_after_a_seal_waits_for_the_next(workspace, seal):
    add(workspace, "phone", 1, NOW - timedelta(seconds=1))
    seal("early", "2026-01-31T13:05:00Z", phone=10, email=3)
    seal("late", "2026-02-01T00:00:00Z", phone=10)
    add(workspace, "phone", 2, NOW + timedelta(hours=1))
    with workspace.writing("optout") as connection:  # as the clock of an earlier version had it
        row = {"kind": "phone", "digest": hexadecimal(3), "proven_at": "2026-01-31T13:05:00Z"}
        connection.execute(insert(tables.optouts).values(row))
    assert optouts.pending(workspace) == [
        optouts.Pending("early", "2026-01-31T13:05:00Z", 2),
        optouts.Pending("late", "2026-02-01T00:00:00Z", 1),
    ]


def test_kinds_that_were_not_sealed_do_not_wait(workspace, seal):
    seal("phones", "2026-01-31T13:05:00Z", phone=10)
    add(workspace, "email", 1, NOW + timedelta(hours=1))
    assert [leak.newer for leak in optouts.pending(workspace)] == [0]


def test_a_clock_set_back_since_a_seal_does_not_make_an_opt_out_look_applied(workspace, seal):
    seal("made-up", "2026-01-31T13:05:00Z", phone=10)
    add(workspace, "phone", 1, NOW - timedelta(days=400))
    assert [leak.newer for leak in optouts.pending(workspace)] == [1]


def test_removing_says_that_the_bytes_are_to_be_wiped(workspace):
    add(workspace, "phone", 1)
    with workspace.writing("optout") as connection:
        optouts.remove(connection, "phone", hexadecimal(2))
        assert not connection.execute(select(tables.workspace.c.wipe_due)).scalar_one()
        optouts.remove(connection, "phone", hexadecimal(1))
        assert connection.execute(select(tables.workspace.c.wipe_due)).scalar_one()
    assert optouts.opted_out(workspace, "phone").tolist() == []
