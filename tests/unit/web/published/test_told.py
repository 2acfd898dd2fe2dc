"""What everybody is told while a leak must not be told of any more, and what only whoever runs the server is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC

import httpx
import pytest

from floodmark.register.leak_words import edit_leak
from floodmark.register.statements import Saying, add_statement, remove_statement
from floodmark.web.app import application
from floodmark.web.published import PublishedSnapshot
from floodmark.web.settings import Settings
from floodmark.web.site import Site

from ...exposure.check.published import NOW

LEFT, OTHER = "quagmire-clinic", "xylophone-harvest"


@pytest.fixture
def made(workspace, sealed, snapshot):
    sealed(LEFT)
    sealed(OTHER)
    return snapshot()


@pytest.fixture
def asked(workspace, made, keyring, capfd):
    """Asks a whole server of the workspace; the lines of its log are beside the answer."""
    root = keyring.signing_key().public
    with PublishedSnapshot(workspace, root, lambda: NOW, every=3600) as published:
        site = Site(
            settings=Settings(root_key=root, role="buckets"),
            clock=lambda: NOW.astimezone(UTC),
            published=published,
            evaluator=None,
            budget=None,
            workspace=workspace,
        )
        app = application(site)

        def ask(path):
            published.look()
            capfd.readouterr()

            async def once():
                transport = httpx.ASGITransport(app, raise_app_exceptions=False)
                async with httpx.AsyncClient(transport=transport, base_url="https://example.org") as client:
                    return await client.get(path)

            answer = asyncio.run(once())
            return answer, [json.loads(line) for line in capfd.readouterr().err.splitlines()]

        yield ask


def addresses(made):
    below = [f"{place}/{slug}" for place in ("/v1/leaks", "/leaks") for slug in (LEFT, OTHER)]
    return [
        "/v1/leaks",
        "/leaks",
        *below,
        f"/v1/leaks/{OTHER}/profile",
        f"/v1/leaks/{OTHER}/statements",
        "/v1/snapshot",
        f"/v1/snapshots/{made.snapshot.id}/9",
        f"/v1/snapshots/{made.snapshot.id}/buckets.bin",
    ]


@pytest.mark.parametrize("said", ["sensitive", "retired"])
def test_a_leak_that_was_marked_is_named_to_nobody_but_in_the_log(workspace, made, asked, said):
    with workspace.writing("edit") as connection:
        edit_leak(connection, LEFT, {said: True}, NOW)
    for path in addresses(made):
        answer, (line,) = asked(path)
        assert answer.status_code == 503, path
        assert LEFT not in answer.text.replace(path, ""), path
        assert "marked" not in answer.text and "floodmark snapshot make" not in answer.text, path
        assert (line["problem"], LEFT in line["message"]) == ("snapshot-outdated", True), path


def test_a_register_that_is_damaged_is_told_without_a_word_of_it(workspace, made, asked):
    workspace.register.write_bytes(b"no register" * 100)
    for path in addresses(made):
        answer, (line,) = asked(path)
        assert answer.status_code >= 500, path
        for word in ("regist", "sqlite", "workspace", str(workspace.folder)):
            assert word not in answer.text.lower().replace(path, ""), (path, word)
        assert line["message"], path


def test_of_what_is_well_the_log_has_no_words(made, asked):
    for path in ("/v1/leaks", "/v1/leaks/nothing", f"/v1/leaks/{LEFT}"):
        _, (line,) = asked(path)
        assert "message" not in line


def test_a_page_has_the_newest_statements_of_many_and_leads_to_all_of_them(workspace, asked):
    told = {"en": "Of 201 statements, the 200", "de": "Von 201 Aussagen"}
    said = Saying(
        kind="report", speaker_kind="journalist", speaker="Press", said_on="2026", text="", source="r"
    )
    with workspace.writing("test") as connection:
        for place in range(201):
            add_statement(connection, OTHER, replace(said, text=f"Part {place}."), NOW)
    for language, words in told.items():
        page = asked(f"/leaks/{OTHER}?language={language}")[0].text
        assert page.count('<li id="statement-') == 200
        assert "Part 0." not in page and "Part 1." in page and words in page
        assert f'href="/v1/leaks/{OTHER}/statements"' in page
    assert len(asked(f"/v1/leaks/{OTHER}/statements")[0].json()["statements"]) == 201
    with workspace.writing("test") as connection:
        remove_statement(connection, "1")
    for language, words in told.items():
        assert words not in asked(f"/leaks/{OTHER}?language={language}")[0].text
