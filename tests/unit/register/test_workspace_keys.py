"""A workspace belongs to the keys of its first leak."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from floodmark.register import tables
from floodmark.register.database import RegisterDamaged
from floodmark.register.leaks import Leak, get_leak, list_leaks
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import WrongKeys, check, claim, signer

ONE, OTHER = ("0011223344556677", bytes(32)), ("8899aabbccddeeff", bytes([1]) * 32)


def tied(workspace: Workspace, keys: tuple[str, bytes]) -> None:
    with workspace.writing("test") as connection:
        claim(connection, *keys)


def test_a_workspace_without_leaks_takes_any_keys(workspace: Workspace) -> None:
    tied(workspace, ONE)
    tied(workspace, OTHER)
    with workspace.connect() as connection:
        assert signer(connection) == OTHER[1]


def test_a_workspace_with_a_leak_refuses_other_keys(workspace: Workspace, save: Callable[..., Leak]) -> None:
    tied(workspace, ONE)
    save()
    tied(workspace, ONE)
    for wrong in ((ONE[0], OTHER[1]), (OTHER[0], ONE[1]), OTHER):
        with pytest.raises(WrongKeys):
            tied(workspace, wrong)
    with workspace.connect() as connection:
        check(connection, ONE[0])
        with pytest.raises(WrongKeys, match=ONE[0]):
            check(connection, OTHER[0])


def test_a_workspace_in_which_somebody_opted_out_keeps_its_digest_key(
    workspace: Workspace, save: Callable[..., Leak]
) -> None:
    tied(workspace, ONE)
    with workspace.writing("test") as connection:
        row = {"kind": "email", "digest": "00" * 8, "proven_at": "2026-01-31T13:05:00Z"}
        connection.execute(tables.optouts.insert().values(row))
    with pytest.raises(WrongKeys):
        tied(workspace, OTHER)
    tied(workspace, (ONE[0], OTHER[1]))  # no leak is signed yet
    with workspace.connect() as connection:
        assert signer(connection) == OTHER[1]


def test_a_save_whose_keys_lost_the_workspace_meanwhile_is_refused(
    workspace: Workspace, save: Callable[..., Leak]
) -> None:
    tied(workspace, OTHER)
    with pytest.raises(WrongKeys):
        save()  # made with the first keys
    with workspace.connect() as connection:
        assert list_leaks(connection) == []


def test_keys_of_a_first_save_that_is_under_way_keep_the_workspace(workspace: Workspace) -> None:
    with workspace.staging("long") as long:
        assert not long.others()
        with workspace.writing("test") as connection:
            claim(connection, *ONE, others=long.others())
        with workspace.staging("quick") as quick, pytest.raises(WrongKeys):
            assert quick.others()
            with workspace.writing("test") as connection:
                claim(connection, *OTHER, others=quick.others())
        with workspace.writing("test") as connection:
            claim(connection, *ONE, others=long.others())
    with workspace.staging("quick") as quick, workspace.writing("test") as connection:
        claim(connection, *OTHER, others=quick.others())
    with workspace.connect() as connection:
        assert signer(connection) == OTHER[1]


@pytest.mark.parametrize("value", ["xyz", "00", "", 7])
def test_a_signing_key_that_somebody_wrote_by_hand_is_damage(workspace: Workspace, value: object) -> None:
    tied(workspace, ONE)
    with sqlite3.connect(workspace.register) as by_hand:
        by_hand.execute("UPDATE workspace SET signing_key = ?", (value,))
    by_hand.close()
    with workspace.connect() as connection, pytest.raises(RegisterDamaged):
        signer(connection)


def test_what_was_said_of_a_leak_outlives_its_replacement(
    workspace: Workspace, save: Callable[..., Leak]
) -> None:
    save(description="Said of it.", verified=True, breach_date="2019-08-31")
    save(replaces=True, title="", description="", rows=7, saved_at="2026-02-01T00:00:00Z")
    with workspace.connect() as connection:
        found = get_leak(connection, "made-up")
    assert (found.description, found.verified, found.breach_date) == ("Said of it.", True, "2019-08-31")
    assert found.title == "Xylophone Harvest"
    assert (found.rows, found.saved_at) == (7, "2026-02-01T00:00:00Z")
