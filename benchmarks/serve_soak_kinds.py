"""Which kind of request makes a server's memory grow: one kind after the other, round after round.

    python benchmarks/serve_soak_kinds.py [ROUNDS]

Each round asks ten seconds for buckets, pages, what is refused, evaluations of few addresses and of many, and then lets
connections that mean no good at it. What a kind leaves behind for every request rises in every round; what rises in the
first rounds alone are caches, threads and the most that was held at once. Prints memory after every kind, and last the
ratio of memory after the last round to that after the second.
"""

from __future__ import annotations

import itertools
import multiprocessing
import sys
import tempfile
from pathlib import Path

from load import load
from serve_soak import CONNECTIONS, PATHS, note, nuisances
from served import evaluations, floodmark, make, ranges, running

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS = 10.0


def kinds(made) -> dict[str, list[bytes]]:
    """Requests of each kind."""
    blinded = evaluations(300)

    def from_many(many: int) -> list[bytes]:
        return [
            one.replace(
                b"Content-Type",
                f"X-Forwarded-For: 203.{n >> 16}.{n >> 8 & 255}.{n & 255}\r\nContent-Type".encode(),
            )
            for n, one in zip(range(many), itertools.cycle(blinded), strict=False)
        ]

    refused = (
        "POST /v1/evaluate HTTP/1.1\r\nHost: bench"
        "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    return {
        "buckets": ranges(made, 20_000),
        "pages": [f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode() for path in PATHS],
        "refused": [refused.encode()],
        "evaluations for 250 addresses": from_many(250),
        "evaluations for 100,000 addresses": from_many(100_000),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = make(folder, 2_000)
        server = floodmark(made, "--trusted-proxy", "127.0.0.1")
        with running(server, folder / "log", made.environment) as (address, process):
            asked = {kind: itertools.cycle(found) for kind, found in kinds(made).items()}
            host, port = address.removeprefix("http://").split(":")
            whole = f"GET /v1/snapshots/{made.snapshot['id']}/buckets.bin HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
            after = []
            for number in range(1, ROUNDS + 1):
                for kind, drawn in asked.items():
                    seen = load(address, drawn.__next__, SECONDS, CONNECTIONS)
                    print(
                        f"round {number}, {kind:34} {len(seen.seconds):9,} answers {note(process, 0).memory:8.1f} MB"
                    )
                others = multiprocessing.Process(target=nuisances, args=((host, int(port)), SECONDS, whole))
                others.start()
                others.join()
                after.append(note(process, 0).memory)
                print(f"round {number}, connections that mean no good {after[-1]:31.1f} MB", flush=True)
    print(
        f"ratio (memory after the last round to that after the second): {after[-1] / after[min(1, ROUNDS - 1)]:.3f}"
    )


if __name__ == "__main__":
    main()
