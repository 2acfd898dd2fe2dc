"""From where made-up clients ask: households, offices and mobile carriers, in address ranges that nobody has.

IPv4 addresses lie in 10.0.0.0/8 (RFC 1918) and 100.64.0.0/10 (RFC 6598), IPv6 ones in fd00::/8 (RFC 4193): a log of
made-up traffic accuses no address of the public internet.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Whole = NDArray[np.int64]

FIXED = 12  # networks of households and offices, a /16 each
CARRIERS = 6  # mobile networks behind carrier-grade NAT, a /16 of 100.64.0.0/10 each
HOSTING = 200  # first second byte of the networks of data centres
ACCOUNTS_PER_CARRIER_ADDRESS = 60
PEOPLE_PER_HOUSEHOLD = 1.7
PEOPLE_PER_OFFICE = 80


def old(second: Whole, host: Whole, first: str = "10") -> pl.Series:
    """IPv4 addresses `first.second.x.y`.

    Args:
        second: int64, shape (n,): second byte.
        host: int64, shape (n,): the two bytes after it, 0 to 65,535.
        first: first byte.
    """
    parts = pl.DataFrame({"a": second, "b": host >> 8, "c": host & 255})
    return parts.select(address=pl.concat_str(pl.lit(first), "a", "b", "c", separator="."))["address"]


def new(network: Whole, household: Whole) -> pl.Series:
    """IPv6 addresses, each of another /56 for another household (below 2**24), in the network's own /32."""
    high = household >> 8
    low = (household & 255) << 8
    text = [
        f"fd{n:02x}:{n:x}:{h:x}:{lo:x}::1"
        for n, h, lo in zip(network.tolist(), high.tolist(), low.tolist(), strict=True)
    ]
    return pl.Series("address", text, dtype=pl.String)


def homes(random: np.random.Generator, accounts: int) -> pl.Series:
    """Addresses at home or at work, shape (accounts,): shared by a household or an office, a fifth of them IPv6."""
    households = max(1, int(accounts / PEOPLE_PER_HOUSEHOLD))
    household = random.integers(0, households, accounts)
    offices = max(1, accounts // (12 * PEOPLE_PER_OFFICE))
    network = household % FIXED
    host = (household * 40_503 + 11) % 65_536
    office = random.random(accounts) < 1 / 12
    network = np.where(office, FIXED, network)
    host = np.where(office, random.integers(0, offices, accounts) * 257 + 5, host)
    six = (household % 5 == 0) & ~office
    found = old(network, host)
    return found.zip_with(pl.Series(~six), new(network, household))


def carriers(random: np.random.Generator, accounts: int) -> pl.Series:
    """Addresses of mobile carriers, shape (accounts,): each shared by some sixty accounts."""
    shared = max(1, accounts // (CARRIERS * ACCOUNTS_PER_CARRIER_ADDRESS))
    host = random.integers(0, shared, accounts) * 771 + 3
    return old(64 + random.integers(0, CARRIERS, accounts), host % 65_536, "100")
