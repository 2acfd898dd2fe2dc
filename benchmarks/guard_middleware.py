"""What GuardMiddleware adds to a no-op ASGI route under load, on the same uvicorn, in one run.

    python benchmarks/guard_middleware.py [SECONDS] [REQUESTS_A_SECOND] [CONNECTIONS]

Bare and guarded servers take turns; connections ask after random pauses, so that requests come at a given rate on
average and in bursts, and queue as they would. Each request asks for a phone number, two of three of them new, under
one of 5,000 accounts and from one address. Servers and client share the machine's cores, so whatever else it does is in
the figures; the first part has no server, no client and no queue, and counts the processor's time alone. Prints what is
added at the 50th and the 99th percentile last, and the ratio to the bare route.
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


def load(address: str, drawn: Iterator[bytes], seconds: float) -> Seen:
    """Ask for so many seconds, at the rate."""
    host, port = address.removeprefix("http://").split(":")

    async def run() -> Seen:
        loop, seen, start = asyncio.get_running_loop(), Seen(), time.perf_counter()
        gone = [loop.create_future() for _ in range(CONNECTIONS)]
        for one in gone:
            await loop.create_connection(
                lambda one=one: Pausing(drawn.__next__, seen, start + seconds, one), host, int(port)
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
        seen = {side: Seen() for side in SIDES}
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
            for number in range(ROUNDS):
                for side in SIDES:
                    found = load(addresses[side], drawn[side], SECONDS / ROUNDS / len(SIDES))
                    if set(found.statuses) - {200}:
                        raise SystemExit(f"{side}: {found.statuses}")
                    if number:
                        seen[side].seconds += found.seconds
                        seen[side].wall += found.wall
    print(
        f"{CONNECTIONS} connections, {RATE:,.0f} requests a second, {os.cpu_count()} cores for servers and client"
    )
    for side, one in seen.items():
        p50, p99 = one.quantile(0.5) * 1e6, one.quantile(0.99) * 1e6
        print(
            f"  {side:8} {one.rate:7,.0f}/s   p50 {p50:7.0f} µs   p99 {p99:7.0f} µs   {len(one.seconds):,} answers   "
            f"{alone[side]:5.1f} µs of the processor in process"
        )
    for side in SIDES[1:]:
        added = [seen[side].quantile(part) - seen["bare"].quantile(part) for part in (0.5, 0.99)]
        print(f"added ({side}): {added[0] * 1e6:.0f} µs at p50, {added[1] * 1e6:.0f} µs at p99")
    for side in SIDES[1:]:
        p50, p99 = (seen[side].quantile(part) / seen["bare"].quantile(part) for part in (0.5, 0.99))
        print(f"ratio ({side} to bare): {p50:.2f} at p50, {p99:.2f} at p99")


if __name__ == "__main__":
    main()
