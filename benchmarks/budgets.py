"""Taking an evaluation from a client's budget beside making it: `BudgetLedger.spend` and bare libsodium.

    python benchmarks/budgets.py [REQUESTS] [PROCESSES]

Each request is of one element and of an address of its own, in a ledger on a real disk; with several processes they
share it. The peer is one multiplication of a group element, which is an evaluation without its proof. Prints what a
million addresses take on the disk, and the ratio of the times last.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import rbcl

from floodmark.register.budgets import BudgetLedger
from floodmark.web.budget import Client, Organisation
from floodmark.web.settings import Limits

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PROCESSES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
AMPLE = Limits(address=10**6, network=10**9, server=10**9)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def multiplications(count: int) -> list[float]:
    """Seconds of each."""
    key = rbcl.crypto_core_ristretto255_scalar_random()
    point = rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64))
    found = []
    for _ in range(count):
        start = time.perf_counter()
        rbcl.crypto_scalarmult_ristretto255(key, point)
        found.append(time.perf_counter() - start)
    return found


def spends(path: Path, seed: int, organisation: bool = False) -> list[float]:
    """Seconds of each."""
    drawn = random.Random(seed)
    bank = Organisation("0" * 16, 1, 10**9) if organisation else None
    clients = [Client(IPv4Address(drawn.getrandbits(32)), bank) for _ in range(REQUESTS // PROCESSES)]
    found = []
    with BudgetLedger.open(path, AMPLE) as ledger:
        for client in clients:
            start = time.perf_counter()
            ledger.spend(client, 1, NOW)
            found.append(time.perf_counter() - start)
    return found


def told(what: str, seconds: list[float]) -> float:
    """Prints how long one takes, in microseconds; gives the middle one."""
    seconds.sort()
    middle, late, later = (seconds[int(len(seconds) * part)] * 1e6 for part in (0.5, 0.99, 0.999))
    mean = sum(seconds) / len(seconds) * 1e6
    print(f"{what:34} p50 {middle:7.1f} µs   p99 {late:7.1f}   p99.9 {later:8.1f}   mean {mean:7.1f}")
    return middle


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "budgets.sqlite"
        peer = told("a multiplication", multiplications(20_000))
        with ProcessPoolExecutor(PROCESSES) as pool:
            together = list(pool.map(spends, [path] * PROCESSES, range(PROCESSES)))
        own = told(f"spend, {PROCESSES} process(es)", [one for part in together for one in part])
        print(f"{path.stat().st_size / REQUESTS:.1f} bytes of the disk for an address")
        told("spend of an organisation", spends(path, 0, organisation=True))
    print(f"ratio to an evaluation: {own / peer:.2f}")


if __name__ == "__main__":
    main()
