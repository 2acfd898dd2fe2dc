"""A made-up workspace by the commands, and servers as processes of their own; for benchmarks/serve*.py."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import rbcl

FLOODMARK = str(Path(sys.executable).with_name("floodmark"))
MANY = str(10**9)
PLENTY = ["--per-address", MANY, "--per-network", MANY, "--per-server", MANY]


@dataclass(frozen=True)
class Made:
    """A workspace with one published leak.

    Attributes:
        folder: that it is in.
        snapshot: what is signed.
    """

    folder: Path
    snapshot: dict

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "FLOODMARK_HOME": str(self.folder / "home"),
            "FLOODMARK_KEYS": str(self.folder / "keys"),
        }

    @property
    def answer_bytes(self) -> int:
        return self.snapshot["buckets"]["answer_bytes"]


def make(folder: Path, rows: int) -> Made:
    """Make one, by the commands."""
    made = Made(folder, {})
    for words in (
        ["synth", "leak", "--twin", "facebook-2021", "--rows", str(rows), "--seed", "1", "-o", "dump.txt"],
        ["keys", "init", "--wrap", "none"],
        ["save", "bench", "dump.txt"],
        ["seal", "bench", "--from", "dump.txt"],
        ["snapshot", "make"],
        ["publish", "public", "--irrevocable"],
    ):
        subprocess.run([FLOODMARK, *words], cwd=folder, env=made.environment, check=True, capture_output=True)
    envelope = json.loads((folder / "public" / "v1" / "snapshot").read_bytes())
    return Made(folder, json.loads(envelope["snapshot"]))


@contextmanager
def running(
    command: list[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """A server that says where it listens; gives its address and the number of its process."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said)
    try:
        while not (found := re.search(r"Listening at (http://[0-9.:]+)\n", log.read_text())):
            if process.poll() is not None:
                raise SystemExit(log.read_text())
            time.sleep(0.05)
        yield found[1], process.pid
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    finally:
        process.kill()


def floodmark(made: Made, *options: str) -> list[str]:
    """The command that serves a workspace, and refuses nobody."""
    return [FLOODMARK, "serve", "--port", "0", *PLENTY, *options]


def evaluations(count: int, header: bytes = b"") -> list[bytes]:
    """Requests for the evaluation of one element each."""
    found = []
    for _ in range(count):
        element = rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64)).hex()
        body = json.dumps({"epoch": 1, "elements": [element]}).encode()
        head = b"POST /v1/evaluate HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        found.append(head + header + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    return found


def ranges(made: Made, count: int) -> list[bytes]:
    """Requests for the answers of so many buckets."""
    path, size = f"/v1/snapshots/{made.snapshot['id']}/buckets.bin", made.answer_bytes
    digits = len(str(made.snapshot["buckets"]["bytes"]))
    head = f"GET {path} HTTP/1.1\r\nHost: bench\r\nRange: bytes="
    return [
        f"{head}{first:0{digits}}-{first + size - 1:0{digits}}\r\n\r\n".encode()
        for first in (secrets.randbelow(65_536) * size for _ in range(count))
    ]
