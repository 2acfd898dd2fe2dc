"""What an organisation may ask: as many elements in an epoch as it has customers, and a tenth more.

>>> budget(1_000_000), cost(1_000_000), cost(1)
(1100000, 1000000, 64)
>>> budget(1000), budget(10)
(1280, 320)

The tenth is for customers that come within the epoch, and for requests whose answer was lost. A request is of 64
elements, the last padded, and four are under way at once, so that a tenth of a small organisation would not do for the
first stop: the budget is never less than one pass over all customers and four requests.

`max(floor(size * 1.1), 64 * ceil(size / 64) + 256)`: from 2,560 customers on it is the tenth, but for a few sizes.
"""

from __future__ import annotations

from typing import ClassVar

from floodmark.errors import FloodmarkError, UsageError

REQUEST = 64  # elements (protocol 1, section 6)
UNDER_WAY = 4  # requests at once


class TooManyCustomers(UsageError):
    """A file has more distinct identifiers than the organisation has customers; nothing was sent; exit code 2."""

    slug: ClassVar[str] = "too-many-customers"
    hint = (
        "--size is the number that was attested to whoever runs the server; check the column, or attest anew."
    )


class OverBudget(FloodmarkError):
    """What is still to be asked is more than an organisation of this size may ask in an epoch."""

    slug: ClassVar[str] = "over-budget"
    hint = (
        "The progress file beside the output is what counts, and what was answered in it stays good. Wait for the next"
        " epoch, or have a larger number of customers attested and give it with --size."
    )


def cost(identifiers: int) -> int:
    """Elements that so many identifiers cost, whole requests."""
    return -(-identifiers // REQUEST) * REQUEST


def budget(size: int) -> int:
    """Elements that an organisation with so many customers may ask in an epoch."""
    return max(size * 11 // 10, cost(size) + UNDER_WAY * REQUEST)


def check_size(identifiers: int, size: int) -> None:
    """See that a file is of no more than these customers.

    Raises:
        TooManyCustomers: it has more distinct identifiers.
    """
    if identifiers > size:
        raise TooManyCustomers(
            f"The column has {identifiers:,} distinct identifiers, and --size says {size:,} customers."
        )


def check_budget(size: int, spent: int, wanted: int) -> None:
    """See that something more may be asked.

    Args:
        size: attested number of customers.
        spent: elements that were sent in this epoch, and not refused.
        wanted: elements that are to be sent.

    Raises:
        OverBudget: it is more than is left.
    """
    left = max(budget(size) - spent, 0)
    if wanted > left:
        raise OverBudget(
            f"{wanted:,} elements are to be asked, and {left:,} of {budget(size):,} are left in this epoch"
            f" for {size:,} customers."
        )
