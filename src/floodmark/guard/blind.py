"""Decisions on blind evaluations: flat budgets, and the networks that are exempt from them for a while.

An evaluator never sees what it is asked about. Nobody can know which elements are new, which are neighbours and which
were hits, so no budget of new identifiers and no evidence applies: every element costs the same, always.

>>> from ipaddress import ip_address
>>> helpdesk = Exemption(ip_network("192.0.2.0/24"), date(2026, 12, 31))
>>> is_exempt(ip_address("::ffff:192.0.2.9"), [helpdesk], datetime(2026, 12, 31, 23, tzinfo=UTC))
True
>>> is_exempt(ip_address("192.0.2.9"), [helpdesk], datetime(2027, 1, 1, tzinfo=UTC))
False
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Protocol

from floodmark.errors import UsageError
from floodmark.guard.address_blocks import embedded
from floodmark.guard.decision import Action, Decision, Reason

_WHOSE = {
    "address": "one address",
    "network": "one network of addresses",
    "server": "all who have no API key",
    "organisation": "this API key in this epoch",
}


class Limit(Protocol):
    """One flat budget as it stands: whose it is, its elements in all, and those that are left."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def quota(self) -> int: ...  # noqa: D102
    @property
    def left(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Exemption:
    """A network whose clients have no budget of their own until a day is over; the server's ceiling holds for them.

    Attributes:
        network: of their addresses.
        until: the last day, in UTC.
    """

    network: IPv4Network | IPv6Network
    until: date


def read_exemption(text: str) -> Exemption:
    """An exemption as it is written on a command line: `192.0.2.0/24=2026-12-31`.

    Raises:
        UsageError: it is none.
    """
    network, _, until = text.partition("=")
    try:
        return Exemption(ip_network(network), date.fromisoformat(until))
    except ValueError:
        raise UsageError(
            "An exemption is a network and its last day, such as 192.0.2.0/24=2026-12-31",
            "Give a network without bits beyond its mask, and a day as YYYY-MM-DD.",
        ) from None


def is_exempt(address: IPv4Address | IPv6Address, exemptions: Iterable[Exemption], now: datetime) -> bool:
    """Whether some exemption holds for an address now.

    Args:
        address: from which somebody asks.
        exemptions: of the server.
        now: with time zone.
    """
    today = now.astimezone(UTC).date()
    old = address if isinstance(address, IPv4Address) else embedded(address)
    return any(today <= one.until and (old or address) in one.network for one in exemptions)


def decided(elements: int, granted: bool, limits: Sequence[Limit], retry_after: int | None) -> Decision:
    """The decision on one request, all of which is granted or none: a part would only be asked again.

    Args:
        elements: that were asked for.
        granted: whether the budgets gave them.
        limits: every flat budget that bears on the client, after this.
        retry_after: seconds after which they may be granted; None where they were, or nobody knows.
    """
    if granted:
        return Decision(Action.ALLOW)
    short = [limit for limit in limits if limit.left < elements]
    reasons = tuple(
        Reason(
            "budget-spent",
            limit.name,
            f"{limit.quota - limit.left:,} of the {limit.quota:,} evaluations for {_WHOSE.get(limit.name, limit.name)}"
            f" are spent, and {elements:,} {'was' if elements == 1 else 'were'} asked for.",
            {"quota": limit.quota, "left": limit.left, "asked": elements},
        )
        for limit in sorted(short, key=lambda limit: limit.left)
    )
    return Decision(Action.DENY, tuple(range(elements)), reasons, retry_after)
