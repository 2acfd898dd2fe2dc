"""What a server asks before it evaluates: may this one have so many evaluations, and what is left.

`Budget` is what stands behind `POST /v1/evaluate`; `register.budgets` has one that lasts over restarts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Organisation:
    """A client with an API key for evaluations, which has a budget of its own in every epoch.

    Attributes:
        key: id of its API key.
        epoch: that it asks in.
        quota: elements that it may ask in the epoch.
    """

    key: str
    epoch: int
    quota: int


@dataclass(frozen=True)
class Client:
    """Whoever asks.

    Attributes:
        address: from which it asks, as trusted proxies say.
        organisation: None without an API key.
        exempt: whether it has no budget of its own: the server's ceiling alone holds for it.
    """

    address: Address
    organisation: Organisation | None = None
    exempt: bool = False


class Allowance(Protocol):
    """One limit as it stands for a client.

    Attributes:
        name: `address`, `network`, `server` or `organisation`.
        quota: elements in a window.
        window: its length in seconds; None for an epoch, which has no end that is known.
        left: elements that are left of it.
        reset: seconds until it is whole again; None where nobody knows.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def quota(self) -> int: ...  # noqa: D102
    @property
    def window(self) -> int | None: ...  # noqa: D102
    @property
    def left(self) -> int: ...  # noqa: D102
    @property
    def reset(self) -> int | None: ...  # noqa: D102


class Verdict(Protocol):
    """What became of a wish.

    Attributes:
        granted: whether the elements are the client's.
        allowances: every limit that bears on the client, after this; the one with the least left first.
        retry_after: seconds after which it may be granted; None where it is, or where nobody knows.
    """

    @property
    def granted(self) -> bool: ...  # noqa: D102
    @property
    def allowances(self) -> Sequence[Allowance]: ...  # noqa: D102
    @property
    def retry_after(self) -> int | None: ...  # noqa: D102


class Budget(Protocol):
    """Limits that are kept; safe to call from several threads and processes."""

    def spend(self, client: Client, elements: int, now: datetime) -> Verdict:
        """Take so many elements of every limit that bears on the client, or none of any.

        Raises:
            FloodmarkError: nobody knows what was spent; nothing is granted.
        """

    def spend_at_once(self, client: Client, elements: int, now: datetime) -> Verdict | None:
        """Do as `spend`, if nobody has to be waited for; None where that cannot be, and nothing was taken.

        Raises:
            FloodmarkError: nobody knows what was spent; nothing is granted.
        """

    def give_back(self, client: Client, elements: int, now: datetime) -> None:
        """Undo a `spend` whose elements were not evaluated.

        Args:
            client: as `spend` had it.
            elements: as many as were granted.
            now: as `spend` had it, so that nothing is given back of a day on which nothing was taken.
        """

    def begin_day(self, now: datetime) -> None:
        """See that budgets can be kept, and forget what was kept of a day that is over; to be called now and then.

        Raises:
            FloodmarkError: they cannot be kept, and nothing will be granted.
        """
