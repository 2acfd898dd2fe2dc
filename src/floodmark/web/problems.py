"""Refusals over HTTP: problem details (RFC 9457) made from errors.

    >>> found = problem(NothingHere("No page has this address."))
    >>> found.status, found.slug
    (404, 'not-found')
    >>> print(found.body().decode())
    {"type":"/problems/not-found","title":"Not found","status":404,"detail":"No page has this address.",\
"hint":"Check the address."}

`type` is relative to the server: `/problems/SLUG` there is a page that says what it means. A `Refusal` is told in its
own words, which are for everybody. An error of another room has its public words in `WORDS`; what has none there is our
own fault, and nothing of it is told. What goes unsaid is left for the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from starlette.types import Scope, Send

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import BudgetSpent
from floodmark.web.public_words import WORDS, PublicWords

MEDIA_TYPE = "application/problem+json"
INTERNAL = 500
UNSAID = "floodmark.unsaid"
"""Where a request's scope has the slug and the words that only whoever runs the server is told."""


class Refusal(FloodmarkError):
    """A request that is refused for what it is, rather than for what it is about.

    Message and hint are told to everybody: they name no leak, no file and nothing of whoever runs the server.

    Attributes:
        status: of the answer.
        headers: that the answer has beside those of any problem.
    """

    slug: ClassVar[str] = "bad-request"
    status: ClassVar[int] = 400
    headers: Mapping[str, str] = {}


class NothingHere(Refusal):
    """There is nothing at an address."""

    slug: ClassVar[str] = "not-found"
    status: ClassVar[int] = 404
    hint = "Check the address."


class MethodRefused(Refusal):
    """An address is not asked in this way.

    Args:
        allowed: the methods that it is asked by.
    """

    slug: ClassVar[str] = "method-not-allowed"
    status: ClassVar[int] = 405
    hint = "The header Allow names the methods that there are."

    def __init__(self, *allowed: str) -> None:
        super().__init__("This address does not answer to that method.")
        self.headers = {"allow": ", ".join(allowed)}


@dataclass(frozen=True)
class Problem:
    """What a refusal says.

    Attributes:
        status: of the answer.
        slug: of the error.
        detail: what went wrong, without identifiers; empty for what is our own fault.
        hint: what to do next.
        headers: of the answer, beside type and length.
    """

    status: int
    slug: str
    detail: str = ""
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The slug in words: the same for every occurrence."""
        return self.slug.replace("-", " ").capitalize()

    def body(self) -> bytes:
        """The problem in JSON."""
        table = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
        }
        return json.dumps(
            {name: value for name, value in table.items() if value}, separators=(",", ":")
        ).encode()


def problem(error: Exception, scope: Scope | None = None) -> Problem:
    """The problem that an error is to whoever asked.

    Args:
        error: of whatever kind; one that is no `FloodmarkError` is told as `failed`, without a word of it.
        scope: of the request, in which is left for the log what goes unsaid of a fault of the server.
    """
    if not isinstance(error, FloodmarkError):
        return Problem(INTERNAL, FloodmarkError.slug)
    if isinstance(error, Refusal):
        slug, told = error.slug, PublicWords(error.status, error.message, error.hint)
    elif error.slug in WORDS:
        slug, told = error.slug, WORDS[error.slug]
        if isinstance(error, BudgetSpent):  # which limit it is, in the guard's words
            told = replace(told, detail=error.message)
    else:
        slug, told = FloodmarkError.slug, PublicWords(INTERNAL, "", "")
    if scope is not None and told.status >= INTERNAL:
        why = error.__cause__ if isinstance(error.__cause__, FloodmarkError) else error
        if why.message != told.detail:
            scope[UNSAID] = (why.slug, why.message)
    headers = dict(error.headers) if isinstance(error, Refusal) else {}
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        headers["retry-after"] = str(wait)
    return Problem(told.status, slug, told.detail, told.hint, headers)


async def send_problem(send: Send, found: Problem, headers: Mapping[str, str] | None = None) -> None:
    """Answer with a problem.

    Args:
        send: of the ASGI server.
        found: what to say.
        headers: that the answer has as well.
    """
    body = found.body()
    told = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **found.headers,
        **(headers or {}),
    }
    encoded = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": found.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
