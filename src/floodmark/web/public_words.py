"""What everybody is told of errors of other rooms, whose own words are for whoever runs the server.

    >>> WORDS["snapshot-outdated"].status, WORDS["snapshot-outdated"].detail
    (503, 'Something in the snapshot must not be told of any more.')

An operator is told which leak was marked as sensitive, which file is missing and which command helps. To anybody else
that would name the leak, or the server's insides. So of an error that is no `Refusal` only the slug goes out, with the
words that stand here, and what is not listed here is a fault of ours of which nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicWords:
    """What is told of an error to whoever asked.

    Attributes:
        status: of the answer.
        detail: what went wrong.
        hint: what to do next.
    """

    status: int
    detail: str
    hint: str


_LATER = "Come back later; whoever runs this server has to look into it."
_USELESS = PublicWords(503, "What checks would be answered from cannot be used.", _LATER)
WORDS: Mapping[str, PublicWords] = {
    "bad-element": PublicWords(
        400, "What was sent is no element of the group.", "Send elements as protocol 1 has them."
    ),
    "leak-not-found": PublicWords(
        404, "There is no leak of this name that you could be told of.", "See /v1/leaks."
    ),
    "wrong-epoch": PublicWords(
        409, "The key here is of another epoch.", "Get the snapshot again: v1/snapshot."
    ),
    "budget-spent": PublicWords(
        429,
        "There are not so many evaluations left for you.",
        "Wait for as long as Retry-After says; without it, ask for fewer, or whoever runs this server about more.",
    ),
    "budgets-unavailable": PublicWords(
        503, "The budgets cannot be counted, so nothing is evaluated.", _LATER
    ),
    "nothing-to-read": PublicWords(503, "There is no snapshot.", "Come back later."),
    "snapshot-broken": _USELESS,
    "snapshot-expired": PublicWords(503, "The snapshot has expired.", _LATER),
    "snapshot-from-the-future": PublicWords(
        503, "The snapshot was made later than it is now by this server's clock.", _LATER
    ),
    "snapshot-outdated": PublicWords(
        503, "Something in the snapshot must not be told of any more.", "Come back when there is a new one."
    ),
    "unreadable-input": _USELESS,
    "wrong-root-key": _USELESS,
}
"""By slug."""
