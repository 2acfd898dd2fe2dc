"""Problem details (RFC 9457)."""

from __future__ import annotations

import asyncio
import json

import pytest

from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.exposure.check import BudgetSpent
from floodmark.web.problems import (
    STATUSES,
    MethodRefused,
    NothingHere,
    Problem,
    Refusal,
    problem,
    send_problem,
)


def every(of):
    return {of, *(one for below in of.__subclasses__() for one in every(below))}


def sent(found, **headers):
    messages = []

    async def send(message):
        messages.append(message)

    asyncio.run(send_problem(send, found, headers))
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"]


def test_an_error_of_another_room_has_the_status_of_its_slug():
    found = problem(NothingToRead("There is no snapshot.", "Make one."))
    assert json.loads(found.body()) == {
        "type": "/problems/nothing-to-read",
        "title": "Nothing to read",
        "status": 503,
        "detail": "There is no snapshot.",
        "hint": "Make one.",
    }


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
    found = problem(error)
    assert (found.status, found.detail, found.hint) == (500, "", "")
    assert b"details" not in found.body() and b"hint" not in found.body()


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
        assert kind.slug == kind.slug.lower().strip("-") and " " not in kind.slug, kind


def test_every_slug_with_a_status_is_that_of_an_error():
    import floodmark.register.budgets
    import floodmark.register.leaks
    import floodmark.register.snapshot_leaks  # noqa: F401

    assert set(STATUSES) <= {kind.slug for kind in every(FloodmarkError)}
