"""A server under everything at once for ten minutes: do its memory and its descriptors grow?

    python benchmarks/serve_soak.py [MINUTES]

48 connections ask without a pause for evaluations (of 100,000 addresses, through X-Forwarded-For), buckets, pages, data
and what is not there; beside them, connections that send a byte a second, read nothing, say nothing, or hang up in the
middle. Every five seconds memory (anonymous pages), descriptors and threads of the process are noted. The first fifth,
in which caches fill, is left out. Prints how much of each there was and by how much it grew, and the ratio of memory in
the last fifth to that in the second last.
"""

from __future__ import annotations

import itertools
import multiprocessing
import random
import re
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

from load import Seen, load
from served import evaluations, floodmark, make, ranges, running

MINUTES = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
EVERY = 5.0  # seconds
LONGEST = (
    25.0  # seconds for which the server waits for anybody who is in the middle of something, and some more
)
CONNECTIONS = 48
NUISANCES = 40  # of each kind
PATHS = [
    "/",
    "/?language=de",
    "/leaks",
    "/leaks/bench",
    "/about",
    "/problems",
    "/openapi.json",
    "/v1/leaks",
    "/healthz",
]
PATHS += [
    "/v1/leaks/bench/profile",
    "/v1/snapshot",
    "/readyz",
    "/metrics",
    "/nowhere",
    "/v1/snapshots/x/7",
    "/v1/leaks/none",
]


@dataclass(frozen=True)
class Noted:
    """The process at one moment.

    Attributes:
        at: seconds since the start.
        memory: anonymous pages, in MB.
        descriptors: how many are open.
        threads: how many there are.
    """

    at: float
    memory: float
    descriptors: int
    threads: int


def note(process: int, at: float) -> Noted:
    place = Path("/proc") / str(process)
    status = dict(re.findall(r"^(\w+):\s+(\d+)", (place / "status").read_text(), re.MULTILINE))
    return Noted(at, int(status["RssAnon"]) / 1024, len([*(place / "fd").iterdir()]), int(status["Threads"]))


def requests(made) -> list[bytes]:
    """What honest clients and mistaken ones ask for, mixed."""
    addresses = (
        f"X-Forwarded-For: 203.{n >> 16}.{n >> 8 & 255}.{n & 255}\r\n".encode() for n in range(100_000)
    )
    blinded = evaluations(300)
    asked = [
        one.replace(b"Content-Type", address + b"Content-Type")
        for one, address in zip(itertools.cycle(blinded), addresses, strict=False)
    ]
    pages = [f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode() for path in PATHS]
    wrong = [
        b"POST /v1/evaluate HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    ]
    found = [*asked, *ranges(made, 60_000), *pages * 300, *wrong * 5_000]
    random.Random(1).shuffle(found)
    return found


def nuisance(kind: str, address: tuple[str, int], over: threading.Event, large: bytes) -> None:
    """One connection after another that means no good."""
    while not over.is_set():
        with suppress(OSError), socket.create_connection(address, timeout=10) as connection:
            if kind == "slow":
                for byte in large:
                    if over.wait(1):
                        return
                    connection.sendall(bytes([byte]))
            elif kind == "silent":
                over.wait(4)
            elif kind == "deaf":
                connection.sendall(large * 20)
                over.wait(4)
            else:
                connection.sendall(large)
        over.wait(0.5)


def nuisances(address: tuple[str, int], seconds: float, large: bytes) -> None:
    """All connections that mean no good, for so many seconds."""
    over = threading.Event()
    threads = [
        threading.Thread(target=nuisance, args=(kind, address, over, large))
        for kind in ("slow", "silent", "deaf", "hanging up")
        for _ in range(NUISANCES)
    ]
    for one in threads:
        one.start()
    time.sleep(seconds)
    over.set()
    for one in threads:
        one.join()


def main() -> None:
    seconds = MINUTES * 60
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = make(folder, 2_000)
        server = floodmark(made, "--trusted-proxy", "127.0.0.1")
        with running(server, folder / "log", made.environment) as (address, process):
            drawn, over, noted = itertools.cycle(requests(made)), threading.Event(), []
            host, port = address.removeprefix("http://").split(":")
            whole = f"GET /v1/snapshots/{made.snapshot['id']}/buckets.bin HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
            start = time.monotonic()

            def watch() -> None:
                while not over.wait(EVERY):
                    if (at := time.monotonic() - start) < seconds:
                        noted.append(note(process, at))

            # In a process of their own, since those who ask without a pause leave its interpreter to nobody.
            others = multiprocessing.Process(target=nuisances, args=((host, int(port)), seconds, whole))
            watching = threading.Thread(target=watch)
            others.start()
            watching.start()
            seen = Seen()
            try:
                seen = load(address, drawn.__next__, seconds, CONNECTIONS)
            finally:
                over.set()
                watching.join()
                others.join()
            time.sleep(LONGEST)
            after = note(process, time.monotonic() - start)
    told(noted, seen, after)


def told(noted: list[Noted], seen: Seen, after: Noted) -> None:
    steady = [one for one in noted if one.at > noted[-1].at / 5]
    times = [one.at / 60 for one in steady]
    fifth = len(noted) // 5
    p50, p99 = (seen.quantile(part) * 1000 for part in (0.5, 0.99))
    print(f"{MINUTES:g} minutes, {len(seen.seconds):,} answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    print(f"  answers by status: {dict(sorted(seen.statuses.items()))}")
    for name, unit in (("memory", "MB"), ("descriptors", ""), ("threads", "")):
        values = [getattr(one, name) for one in steady]
        slope = linear_regression(times, values).slope
        print(f"  {name:12} {min(values):7,.1f} to {max(values):7,.1f} {unit:3} {slope:+8.3f} a minute; "
              f"{getattr(after, name):,.1f} when all have gone")  # fmt: skip
    first, last = (median(one.memory for one in part) for part in (noted[fifth : 2 * fifth], noted[-fifth:]))
    print(f"ratio (memory in the last fifth to the second): {last / first:.3f}")


if __name__ == "__main__":
    main()
