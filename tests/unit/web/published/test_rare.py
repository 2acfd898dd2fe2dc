"""Nobody is known by being rare: what a server with a register tells of a leak that one row differs in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.snapshots import make_snapshot
from floodmark.register.workspace import Workspace
from floodmark.web.app import application
from floodmark.web.published import PublishedSnapshot
from floodmark.web.settings import Settings
from floodmark.web.site import Site

ROWS = 1_501


def lines():
    yield "phone,email,religion"
    yield "+20 100 123 0000,nobody0@example.org,Zoroastrian"
    for row in range(1, ROWS):
        yield f"+20 100 123 {row:04d},nobody{row}@example.org,"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with a snapshot of one leak."""
    place = tmp_path_factory.mktemp("rare")
    dump = place / "dump.csv"
    dump.write_text("\n".join(lines()) + "\n")
    workspace = Workspace.open(place / "home", wait=0)
    make(place / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    with Keyring.open(place / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "rare", [dump], title="Rare")
        seal(workspace, keyring, "rare", [dump], workers=1)
        return place, workspace, make_snapshot(workspace, keyring), keyring.signing_key().public


@pytest.fixture
def ask(place):
    """Asks a server; `register` says whether it has one."""
    _, workspace, made, root = place

    def ask_once(path, *, register):
        with PublishedSnapshot(made.folder, root, lambda: datetime.now(UTC), every=3600) as published:
            site = Site(
                settings=Settings(root_key=root, role="buckets"),
                clock=lambda: datetime.now(UTC),
                published=published,
                evaluator=None,
                budget=None,
                workspace=workspace if register else None,
            )
            app = application(site)

            async def once():
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(transport=transport, base_url="https://example.org") as client:
                    return await client.get(path)

            return asyncio.run(once())

    return ask_once


def test_with_a_register_a_kind_that_one_row_has_is_not_named_and_members_are_in_tens(ask):
    one = ask("/v1/leaks/rare", register=True).json()
    assert (one["exact"], one["field_types"]) == (False, ["phone", "email"])
    assert one["members"] == {"phone": 1_500, "email": 1_500}
    assert ask("/v1/leaks", register=True).json()["leaks"] == [one]
    for path in ("/leaks", "/leaks/rare"):
        page = ask(path, register=True).text.lower()
        assert "religio" not in page and "1,501" not in page, path
        assert "1,500" in page


def test_without_one_the_snapshots_own_is_told_as_what_it_is(ask):
    one = ask("/v1/leaks/rare", register=False).json()
    assert (one["exact"], one["members"]["phone"]) == (True, ROWS)
    assert "religion" in one["field_types"]
    page = ask("/leaks/rare", register=False).text
    assert "exact, with every kind that a single row has" in page and "1,501" in page
    assert "is not told" not in page
    assert "/v1/leaks/rare/statements" not in page, "no register, no statements"
    assert "/v1/leaks/rare/statements" in ask("/leaks/rare", register=True).text


def test_of_a_leak_whose_profile_is_not_what_was_signed_no_kind_is_named(place, ask):
    _, workspace, _, _ = place
    (profile,) = workspace.folder.rglob("profile.json")
    signed = profile.read_bytes()
    profile.write_bytes(signed + b" ")
    try:
        one = ask("/v1/leaks/rare", register=True).json()
        assert (one["exact"], one["field_types"], one["members"]["phone"]) == (False, [], 1_500)
        assert "religio" not in ask("/leaks/rare", register=True).text.lower()
    finally:
        profile.write_bytes(signed)
