"""Problem details (RFC 9457)."""

from __future__ import annotations

import asyncio
import json

import pytest

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.exposure.check import BudgetSpent
from floodmark.web.catalogue import ProfileUnsound
from floodmark.web.problems import (
    UNSAID,
    MethodRefused,
    NothingHere,
    Problem,
    Refusal,
    problem,
    send_problem,
)
from floodmark.web.public_words import WORDS


def every(of):
    return {of, *(one for below in of.__subclasses__() for one in every(below))}


def sent(found, **headers):
    messages = []

    async def send(message):
        messages.append(message)

    asyncio.run(send_problem(send, found, headers))
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"]


def test_an_error_of_another_room_is_told_in_public_words_and_its_own_are_left_for_the_log():
    scope = {}
    found = problem(NothingToRead("snapshot.json of /srv/acme is empty.", "floodmark snapshot make"), scope)
    assert json.loads(found.body()) == {
        "type": "/problems/nothing-to-read",
        "title": "Nothing to read",
        "status": 503,
        "detail": "There is no snapshot.",
        "hint": "Come back later.",
    }
    assert scope == {UNSAID: ("nothing-to-read", "snapshot.json of /srv/acme is empty.")}


def test_public_words_name_no_command_no_file_and_no_number():
    for slug, words in WORDS.items():
        told = f"{words.detail} {words.hint}".replace("v1/", "").replace("protocol 1", "")
        assert words.detail.endswith(".") and words.hint.endswith("."), slug
        for inside in ("floodmark", "--", "chmod", "sqlite", "/", "register", "workspace"):
            assert inside not in told.replace("/leaks", ""), slug
        assert not any(map(str.isdigit, told)), slug


def test_when_to_come_again_is_a_header():
    found = problem(BudgetSpent("No more today.", retry_after=77))
    assert (found.status, found.headers) == (429, {"retry-after": "77"})
    assert problem(BudgetSpent("No more.")).headers == {}


def test_a_refusal_brings_its_own_status_and_headers():
    found = problem(MethodRefused("GET", "HEAD"))
    assert (found.status, found.headers) == (405, {"allow": "GET, HEAD"})


class Secret(FloodmarkError):
    slug = "secret"


@pytest.mark.parametrize("error", [Secret("the details", "a hint"), ValueError("the details"), OSError()])
def test_what_is_our_own_fault_is_told_without_a_word_of_it(error):
    scope = {}
    found = problem(error, scope)
    assert (found.status, found.slug, found.detail, found.hint) == (500, "failed", "", "")
    assert b"details" not in found.body() and b"hint" not in found.body()
    assert scope == ({UNSAID: ("secret", "the details")} if isinstance(error, Secret) else {})


def test_of_a_refusal_for_a_fault_of_the_server_the_log_has_the_cause():
    scope = {}
    try:
        raise ProfileUnsound("It cannot be shown.") from Secret("profile.json is damaged.")
    except ProfileUnsound as error:
        found = problem(error, scope)
    assert (found.slug, found.detail) == ("profile-unsound", "It cannot be shown.")
    assert scope == {UNSAID: ("secret", "profile.json is damaged.")}


@pytest.mark.parametrize("error", [NothingHere("No such page."), BudgetSpent("Of 10.0.0.0/8: no more.")])
def test_what_whoever_asked_got_wrong_is_not_for_the_log(error):
    scope = {}
    problem(error, scope)
    assert scope == {}


def test_a_problem_is_sent_as_one_and_kept_by_nobody():
    status, headers, body = sent(problem(NothingHere("No such page.")), vary="Cookie")
    assert (status, json.loads(body)["type"]) == (404, "/problems/not-found")
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert (headers[b"cache-control"], headers[b"vary"]) == (b"no-store", b"Cookie")


def test_what_is_not_ascii_is_written_so_that_it_is():
    assert Problem(400, "bad", "Größe").body().isascii()


def test_every_refusal_has_a_status_a_slug_of_its_own_form_and_a_hint():
    for kind in every(Refusal) - {Refusal}:
        assert 400 <= kind.status < 600, kind
        assert "floodmark" not in kind.hint and "--" not in kind.hint, kind
        assert kind.slug == kind.slug.lower().strip("-") and " " not in kind.slug, kind


def test_every_slug_with_a_status_is_that_of_an_error():
    import floodmark.register.budgets
    import floodmark.register.leaks
    import floodmark.register.snapshot_leaks  # noqa: F401

    assert set(WORDS) <= {kind.slug for kind in every(FloodmarkError)}
