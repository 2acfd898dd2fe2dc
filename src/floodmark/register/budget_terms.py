"""What a ledger of budgets is asked and answers; `web.budget` has the same from the side of whoever asks."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple, Protocol


class Limits(Protocol):
    """Elements a day: of one address, of the network around it, of all without an API key."""

    @property
    def address(self) -> int: ...  # noqa: D102
    @property
    def network(self) -> int: ...  # noqa: D102
    @property
    def server(self) -> int: ...  # noqa: D102


class Organisation(Protocol):
    """Whoever has an API key: its id, the epoch that is asked in, and the elements of that epoch."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def epoch(self) -> int: ...  # noqa: D102
    @property
    def quota(self) -> int: ...  # noqa: D102


class Client(Protocol):
    """Whoever asks."""

    @property
    def address(self) -> IPv4Address | IPv6Address: ...  # noqa: D102
    @property
    def organisation(self) -> Organisation | None: ...  # noqa: D102
    @property
    def exempt(self) -> bool: ...  # noqa: D102


class Allowance(NamedTuple):
    """One limit as it stands: `name`, elements in a `window` of seconds, elements `left`, seconds until the `reset`."""

    name: str
    quota: int
    window: int | None
    left: int
    reset: int | None


class Verdict(NamedTuple):
    """Whether elements were granted, how every limit stands now, and after how many seconds to come again."""

    granted: bool
    allowances: tuple[Allowance, ...]
    retry_after: int | None
