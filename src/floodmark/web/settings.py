"""What an operator chooses of a server.

>>> Settings().role, Settings().limits.address, Settings().pages
('both', 20, True)
>>> Settings(role="buckets").pages
False
>>> Settings(role="buckets", evaluator_at="https://evaluate.example.org/").pages
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypeAlias

from floodmark.guard.blind import Exemption

Role: TypeAlias = Literal["evaluator", "buckets", "both"]
Network: TypeAlias = IPv4Network | IPv6Network
DAY = 86_400  # seconds


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Evaluations a day that are given away, in elements.

    Attributes:
        address: to one IPv4 address or IPv6 /56.
        network: to one IPv4 /16 or IPv6 /32.
        server: to all who have no API key.
    """

    address: int = 20
    network: int = 5_000
    server: int = 100_000


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who runs the server, as its pages say it; empty where nobody said.

    Attributes:
        name: of the person or body that answers for it.
        contact: an e-mail address or the address of a page.
        optout: how somebody opts out, one sentence or the address of a page.
    """

    name: str = ""
    contact: str = ""
    optout: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a server runs.

    Attributes:
        role: what it does: evaluate, host buckets, or both.
        host: address it listens at.
        port: it listens at; 0 for any that is free.
        evaluator_at: address of the server that evaluates, where that is another.
        buckets_at: address of the server that hosts the snapshot's buckets, where that is another.
        root_key: that signs the snapshots, 32 bytes.
        trusted_proxies: networks whose X-Forwarded-For is believed.
        limits: evaluations a day.
        exemptions: networks for which the server's ceiling alone holds, for a while.
        operator: who runs it.
        analysts: whether people can sign in to pages that are not public.
        insecure_cookies: whether cookies go over plain HTTP, for this machine alone.
        metrics_open: whether /metrics answers to others than this machine.
    """

    role: Role = "both"
    host: str = "127.0.0.1"
    port: int = 8080
    evaluator_at: str | None = None
    buckets_at: str | None = None
    root_key: bytes = bytes(32)
    trusted_proxies: tuple[Network, ...] = ()
    limits: Limits = field(default_factory=Limits)
    exemptions: tuple[Exemption, ...] = ()
    operator: Operator = field(default_factory=Operator)
    analysts: bool = False
    insecure_cookies: bool = False
    metrics_open: bool = False

    @property
    def evaluates(self) -> bool:
        """Whether it evaluates itself."""
        return self.role in ("evaluator", "both")

    @property
    def hosts_buckets(self) -> bool:
        """Whether it hosts buckets itself."""
        return self.role in ("buckets", "both")

    @property
    def pages(self) -> bool:
        """Whether a check can be made from its pages: both halves are here or somewhere that is known."""
        return (self.evaluates or self.evaluator_at is not None) and (
            self.hosts_buckets or self.buckets_at is not None
        )
