"""What a client is told whose request the guard refuses: problem details (RFC 9457), with RateLimit headers.

>>> refusal = refusal_of(Decision(Action.DENY))
>>> refusal.status, refusal.slug
(403, 'lookup-denied')
>>> refusal.problem()["type"], refusal.problem()["detail"]
('urn:floodmark:problem:lookup-denied', 'This is not answered.')

A client is told which budget is spent and when it is refilled, and of other reasons nothing: whoever knew which of
them it was could work around it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.guard.decision import Action, Decision

MEDIA_TYPE = "application/problem+json"


class LookupRefused(FloodmarkError):
    """A request for identifiers that is not answered, by a door of the guard.

    Attributes:
        status: of the HTTP answer.
        headers: of the answer, besides type and length, in lower case.
        more: members of the problem besides those of any.
    """

    slug: ClassVar[str] = "lookup-denied"
    status: ClassVar[int] = 403
    hint = "Write to whoever runs this service."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.headers: dict[str, str] = {}
        self.more: dict[str, Any] = {}

    def problem(self) -> dict[str, Any]:
        """The members of the problem."""
        return {
            "type": f"urn:floodmark:problem:{self.slug}",
            "title": self.slug.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.message,
            "hint": self.hint,
            **self.more,
        }


class LookupsSpent(LookupRefused):
    """The budget of new identifiers is spent."""

    slug: ClassVar[str] = "lookups-spent"
    status: ClassVar[int] = 429
    hint = "Ask again later, for fewer identifiers at once; those that were answered before cost nothing."


class LookupChallenged(LookupRefused):
    """A client has to show first that it is somebody."""

    slug: ClassVar[str] = "lookup-challenged"
    status: ClassVar[int] = 401
    hint = "Sign in again, or do what this service asks of you."


class TooManyIdentifiers(LookupRefused):
    """One request asks about more identifiers than it may."""

    slug: ClassVar[str] = "too-many-identifiers"
    status: ClassVar[int] = 413
    hint = "Ask in several requests."


class LookupTooLong(LookupRefused):
    """The body or the address of a lookup is longer than is looked into."""

    slug: ClassVar[str] = "lookup-too-long"
    status: ClassVar[int] = 413
    hint = "Ask in several requests."


class IdentifierTooLong(LookupRefused):
    """A text is longer than any identifier."""

    slug: ClassVar[str] = "identifier-too-long"
    status: ClassVar[int] = 400
    hint = "Send identifiers and nothing else."


class UnreadableLookup(LookupRefused):
    """A request to an endpoint of lookups cannot be read for identifiers."""

    slug: ClassVar[str] = "unreadable-lookup"
    status: ClassVar[int] = 400
    hint = "Send the request as the service documents it."


class CodedBody(LookupRefused):
    """The body of a lookup comes in a form that is not looked into."""

    slug: ClassVar[str] = "coded-lookup"
    status: ClassVar[int] = 415
    hint = "Send it without Content-Encoding, in the type that the service documents."


class GuardFailed(LookupRefused):
    """The guard cannot decide, and nothing is answered that it has not decided."""

    slug: ClassVar[str] = "guard-failed"
    status: ClassVar[int] = 503
    hint = "Try again in a moment."


def refusal_of(decision: Decision) -> LookupRefused:
    """What to tell a client of whose request nothing is answered.

    Args:
        decision: that is acted on.
    """
    refused: LookupRefused
    if decision.action is Action.CHALLENGE:
        refused = LookupChallenged("This is answered once you have shown that you are somebody.")
        refused.headers["www-authenticate"] = 'Challenge realm="lookups"'
    elif decision.action is Action.DENY or not decision.refused:
        refused = LookupRefused("This is not answered.")
    else:
        refused = LookupsSpent("You have asked about as many new identifiers as you may.")
        refused.more["refused"] = list(decision.refused)
    if decision.retry_after is not None:
        refused.headers["retry-after"] = str(math.ceil(decision.retry_after))
    refused.headers |= rate_limits(decision)
    return refused


def rate_limits(decision: Decision) -> Mapping[str, str]:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), of budgets that are spent.

    Args:
        decision: with its reasons.
    """
    spent = [reason for reason in decision.reasons if reason.code == "budget-spent"]
    if not spent:
        return {}
    policies = []
    for reason in spent:
        burst, rate = reason.numbers.get("burst"), reason.numbers.get("per_hour")
        if burst is not None and rate:
            policies.append(f'"{reason.level}";q={math.floor(burst)};w={math.ceil(burst / rate * 3600)}')
    until = "" if decision.retry_after is None else f";t={math.ceil(decision.retry_after)}"
    headers = {"ratelimit": f'"{spent[0].level}";r=0{until}'}
    return headers | ({"ratelimit-policy": ", ".join(policies)} if policies else {})
