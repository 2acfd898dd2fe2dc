"""What a server's refusal means to whoever checks. Its text is never shown, nor even read: a server may write anything.

>>> refusal(429, "3600")
BudgetSpent('The server answers no more checks from here for now; it says to come again in 1 hour.')
>>> refusal(503, None).slug
'server-failed'
"""

from __future__ import annotations

import re
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import WrongEpoch

LONGEST_WAIT = 400 * 24 * 3600  # seconds; anything longer says nothing
_SECONDS = re.compile(r"[0-9]{1,8}")


class ServerFailed(FloodmarkError):
    """A server could not be reached, or did not answer as the protocol says.

    Attributes:
        sent: whether the request may have been carried out: not if no server got it whole, or one refused it.
    """

    slug: ClassVar[str] = "server-failed"
    hint = "Try again later, and check the address. What was asked says nothing to anyone without the answer."

    def __init__(self, message: str, hint: str | None = None, *, sent: bool = True) -> None:
        super().__init__(message, hint)
        self.sent = sent


class BudgetSpent(FloodmarkError):
    """Whoever evaluates allows no more for now.

    Attributes:
        retry_after: seconds to wait; None where the server does not say.
    """

    slug: ClassVar[str] = "budget-spent"
    hint = "Each check costs budget, found or not; wait, or ask whoever runs the server about more."

    def __init__(self, message: str, hint: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class AccessRefused(FloodmarkError):
    """Whoever evaluates does not take the API key; nothing was evaluated."""

    slug: ClassVar[str] = "access-refused"
    hint = "Check the file of the API key; it may have expired, or be for something else. Ask whoever runs the server."


def refusal(
    status: int, retry_after: str | None, missing: str = "", *, named: bool = False
) -> FloodmarkError:
    """The error that a status other than success stands for.

    Args:
        status: of the answer.
        retry_after: the header, as it came; seconds count, dates do not.
        missing: what to do where the server has nothing of the kind.
        named: whether an API key was sent.
    """
    if status == 429:
        wait = int(retry_after) if retry_after and _SECONDS.fullmatch(retry_after) else None
        wait = wait if wait is not None and wait <= LONGEST_WAIT else None
        said = f"; it says to come again in {span(wait)}" if wait else ""
        return BudgetSpent(f"The server answers no more checks from here for now{said}.", retry_after=wait)
    if named and status in (401, 403):
        return AccessRefused(f"The server does not take the API key for this: status {status}.")
    if status == 409:
        return WrongEpoch(
            "The evaluator's key is of another epoch than the snapshot.",
            "One of the two was renewed and the other not yet: try again later, or tell whoever runs them.",
        )
    if 300 <= status < 400:
        return ServerFailed(
            "The server sends checks on to another address, and none is followed.",
            "Give the address where it is now; ask whoever runs it, by a way that you trust.",
            sent=False,
        )
    absent = status in (404, 405, 410)
    hint = missing if absent and missing else None
    return ServerFailed(f"The server refused with status {status}.", hint, sent=status < 300)


def span(seconds: int) -> str:
    """A time to wait in words.

    Examples:
        >>> span(30), span(90), span(3600), span(200000)
        ('30 seconds', '2 minutes', '1 hour', '3 days')
    """
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = -(-seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{seconds} seconds"
