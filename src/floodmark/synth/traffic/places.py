"""From where made-up clients ask: households, offices and mobile carriers, in address ranges that nobody has.

>>> dotted(np.array([7]), np.array([258]))[0], wide(np.array([1]), np.array([258]))[0]
('10.7.1.2', 'fd01:0:1:200::1')

IPv4 addresses lie in 10.0.0.0/8 (RFC 1918) and 100.64.0.0/10 (RFC 6598), IPv6 ones in fd00::/8 (RFC 4193): a log of
made-up traffic accuses no address of the public internet.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]

# Networks as they are told apart by address: a /16 of IPv4 (large providers have dozens) or a /32 of IPv6.
FIXED = 150  # of households, by the second byte from 0 on
OFFICES, OFFICE_NETWORKS = 150, 20  # of offices, by the second byte
ABROAD, ABROAD_NETWORKS = 170, 30  # of other countries
HOSTING, HOSTING_NETWORKS = 200, 40  # of data centres
FIXED_IPV6 = 400  # of households
CARRIERS = 40  # mobile networks behind carrier-grade NAT
ACCOUNTS_PER_CARRIER_ADDRESS = 60
ACCOUNTS_PER_HOUSEHOLD = 1.7
ACCOUNTS_PER_OFFICE = 80
AT_WORK = 1 / 12  # share of people who ask from an office and not from home
IPV6 = 0.2  # share of households


def dotted(second: Whole, host: Whole, first: str = "10") -> pl.Series:
    """IPv4 addresses.

    Args:
        second: int64, shape (n,): the second byte.
        host: int64, shape (n,): the two bytes after it, from 0 to 65,535.
        first: the first byte.
    """
    parts = pl.DataFrame({"a": second, "b": host >> 8, "c": host & 255})
    return parts.select(address=pl.concat_str(pl.lit(first), "a", "b", "c", separator="."))["address"]


def wide(network: Whole, household: Whole) -> pl.Series:
    """IPv6 addresses.

    Args:
        network: int64, shape (n,), below 2**24: each a /32 of its own.
        household: int64, shape (n,), below 2**24: each a /56 of its own.
    """
    numbers = {"a": network & 255, "b": network >> 8, "c": household >> 8, "d": (household & 255) << 8}
    parts = pl.DataFrame({name: _hexadecimal().gather(pl.Series(values)) for name, values in numbers.items()})
    first = pl.lit("fd") + pl.col("a").str.zfill(2)
    return parts.select(address=pl.concat_str(first, "b", "c", "d", pl.lit(":1"), separator=":"))["address"]


def homes(random: np.random.Generator, accounts: int, households: int | None = None) -> pl.Series:
    """Addresses at home or at work, shape (accounts,): shared by a household or an office.

    Args:
        random: decides all.
        accounts: that ask.
        households: among which they are; by `ACCOUNTS_PER_HOUSEHOLD` where not given.
    """
    homes_there = households or max(1, int(accounts / ACCOUNTS_PER_HOUSEHOLD))
    household = random.integers(0, homes_there, accounts)
    offices = max(1, int(accounts * AT_WORK / ACCOUNTS_PER_OFFICE))
    at_work = random.random(accounts) < AT_WORK
    office = random.integers(0, offices, accounts)
    network = np.where(at_work, OFFICES + office % (OFFICE_NETWORKS - 1), household % FIXED)
    host = np.where(at_work, office * 257 + 5, household * 40_503 + 11)
    found = dotted(network, host % 65_536)
    new = (household * 7919 % 100 < IPV6 * 100) & ~at_work
    return found.zip_with(pl.Series(~new), wide(household % FIXED_IPV6, household))


def carriers(random: np.random.Generator, accounts: int) -> pl.Series:
    """Addresses of mobile carriers, shape (accounts,): each shared by some sixty accounts."""
    shared = max(1, accounts // (CARRIERS * ACCOUNTS_PER_CARRIER_ADDRESS))
    host = random.integers(0, shared, accounts) * 771 + 3
    return dotted(64 + random.integers(0, CARRIERS, accounts), host % 65_536, "100")


@cache
def _hexadecimal() -> pl.Series:
    """Every group of an IPv6 address, as it is written."""
    return pl.Series([f"{number:x}" for number in range(2**16)])


def proxies(random: np.random.Generator, count: int) -> pl.Series:
    """Addresses in the networks of households, shape (count,), as those sell them who rent out other people's lines."""
    return dotted(random.integers(0, FIXED, count), random.integers(0, 65_536, count))


def hosting(random: np.random.Generator, count: int) -> pl.Series:
    """Addresses side by side in one /24 of a data centre, shape (count,); the 257th has the first again."""
    begin = int(random.integers(0, 256)) << 8
    second = HOSTING + int(random.integers(0, HOSTING_NETWORKS))
    return dotted(np.full(count, second), begin + np.arange(count) % 256)
