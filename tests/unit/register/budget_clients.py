"""Clients and limits as a server has them, for tests of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    address: int = 20
    network: int = 50
    server: int = 120


@dataclass(frozen=True)
class Organisation:
    key: str
    epoch: int
    quota: int


@dataclass(frozen=True)
class Client:
    address: IPv4Address | IPv6Address
    organisation: Organisation | None = None
    exempt: bool = False


def at(address: str) -> Client:
    return Client(ip_address(address))


def of(key: str, quota: int = 100, epoch: int = 1) -> Client:
    return Client(ip_address("203.0.113.7"), Organisation(key, epoch, quota))
