"""What GuardMiddleware adds to a no-op ASGI route under load, on the same uvicorn, in one run.

    python benchmarks/guard_middleware.py [SECONDS] [REQUESTS_A_SECOND] [CONNECTIONS]

Bare and guarded servers take turns, under two loads: one connection that asks again as soon as it is answered, and many
that pause at random, so that requests come at a given rate on average, in bursts, and queue as they would. Each asks
for a phone number, two of three of them new, under one of 5,000 accounts. Servers and client share the machine's cores,
so whatever else it does is in the figures; what is added is therefore the median of the differences within rounds. The
processor's time for a request without a server and a queue stands beside it. Prints the ratio to the bare route last.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import uvloop
from guarded import application
from load import Client, Seen
from served import running

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
RATE = float(sys.argv[2]) if len(sys.argv) > 2 else 1_000.0
CONNECTIONS = int(sys.argv[3]) if len(sys.argv) > 3 else 64
ROUNDS = 12
ACCOUNTS = 5_000
SIDES = ("bare", "shadow", "acting", "lasting")
CALLS = 20_000


class Pausing(Client):
    """A connection that pauses before each request."""

    def _ask(self) -> None:
        pause = random.expovariate(RATE / CONNECTIONS)
        asyncio.get_running_loop().call_later(pause, self._now)

    def _now(self) -> None:
        if not self._transport.is_closing():
            super()._ask()


LOADS = {"one connection": (Client, 1), "many connections": (Pausing, CONNECTIONS)}


def load(address: str, drawn: Iterator[bytes], seconds: float, kind: type[Client], connections: int) -> Seen:
    """Ask for so many seconds."""
    host, port = address.removeprefix("http://").split(":")

    async def run() -> Seen:
        loop, seen, start = asyncio.get_running_loop(), Seen(), time.perf_counter()
        gone = [loop.create_future() for _ in range(connections)]
        for one in gone:
            await loop.create_connection(
                lambda one=one: kind(drawn.__next__, seen, start + seconds, one), host, int(port)
            )
        await asyncio.gather(*gone)
        seen.wall = time.perf_counter() - start
        return seen

    return uvloop.run(run())


def lookups() -> Iterator[tuple[str, str]]:
    """Accounts and phone numbers that they ask for: two new ones, then an old one."""
    for number in itertools.count():
        account = number // 3 % ACCOUNTS
        yield f"account-{account}", f"+4474{(number - (number % 3 == 2)) % 10**8:08}"


def requests() -> Iterator[bytes]:
    """What is asked, over HTTP."""
    for account, phone in lookups():
        yield f"GET /v1/users/{phone} HTTP/1.1\r\nHost: bench\r\nX-Account: {account}\r\n\r\n".encode()


def microseconds(side: str, folder: Path) -> float:
    """Of the processor, for one request, without a server."""
    app = application(side, folder)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        pass

    async def run() -> float:
        best = float("inf")
        asked = lookups()
        for _ in range(5):
            scopes = [
                {
                    "type": "http",
                    "method": "GET",
                    "path": f"/v1/users/{phone}",
                    "raw_path": f"/v1/users/{phone}".encode(),
                    "query_string": b"",
                    "headers": [(b"host", b"bench"), (b"x-account", account.encode())],
                    "client": ("127.0.0.1", 1),
                }
                for account, phone in itertools.islice(asked, CALLS // 5)
            ]
            start = time.process_time()
            for scope in scopes:
                await app(scope, receive, send)
            best = min(best, (time.process_time() - start) / len(scopes))
        return best * 1e6

    return asyncio.run(run())


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        alone = {}
        for side in SIDES:
            (folder / f"alone-{side}").mkdir()
            alone[side] = microseconds(side, folder / f"alone-{side}")
        seen: dict[str, dict[str, list[Seen]]] = {name: {side: [] for side in SIDES} for name in LOADS}
        with ExitStack() as stack:
            addresses = {}
            for side in SIDES:
                (folder / side).mkdir()
                command = [
                    sys.executable,
                    str(Path(__file__).with_name("guarded.py")),
                    side,
                    str(folder / side),
                ]
                addresses[side], _ = stack.enter_context(running(command, folder / f"{side}.log"))
            drawn = {side: requests() for side in SIDES}
            for number, (name, (kind, connections)), side in itertools.product(
                range(ROUNDS), LOADS.items(), SIDES
            ):
                seconds = SECONDS / ROUNDS / len(SIDES) / len(LOADS)
                found = load(addresses[side], drawn[side], seconds, kind, connections)
                if set(found.statuses) - {200}:
                    raise SystemExit(f"{side}: {found.statuses}")
                if number:
                    seen[name][side].append(found)
    print(
        f"{CONNECTIONS} connections with {RATE:,.0f} requests a second, and one back to back; {os.cpu_count()} cores"
    )
    for side in SIDES:
        print(f"  {side:8} {alone[side]:5.1f} µs of the processor for a request, in process")
    for name, sides in seen.items():
        for side, rounds in sides.items():
            p50, p99 = (quantile(rounds, part) * 1e6 for part in (0.5, 0.99))
            count = sum(len(one.seconds) for one in rounds)
            rate = count / sum(one.wall for one in rounds)
            print(
                f"  {name:16} {side:8} {rate:7,.0f}/s   p50 {p50:6.0f} µs   p99 {p99:6.0f} µs   {count:,} answers"
            )
    for name, side in itertools.product(LOADS, SIDES[1:]):
        pairs = list(zip(seen[name][side], seen[name]["bare"], strict=True))
        added = [
            median(one.quantile(part) - bare.quantile(part) for one, bare in pairs) * 1e6
            for part in (0.5, 0.99)
        ]
        print(f"added ({name}, {side}): {added[0]:.0f} µs at p50, {added[1]:.0f} µs at p99")
    for name, side in itertools.product(LOADS, SIDES[1:]):
        p50, p99 = (
            quantile(seen[name][side], part) / quantile(seen[name]["bare"], part) for part in (0.5, 0.99)
        )
        print(f"ratio ({name}, {side} to bare): {p50:.2f} at p50, {p99:.2f} at p99")


def quantile(rounds: list[Seen], part: float) -> float:
    """Seconds within which this part of all answers came."""
    return Seen([second for one in rounds for second in one.seconds]).quantile(part)


if __name__ == "__main__":
    main()
