"""`floodmark match` on whole files in a process of its own: exact, bounded, and without plain text on the disk."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pyrage

from floodmark.synth import TWINS, leak

from .probe import FEW_THREADS

MIB = 1 << 20
# Runs the command, once for each list of arguments; tells what it opened to write, and how much memory it held.
PROGRAM = """
import json, os, sys
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        opened.append(str(arguments[0]))
sys.addaudithook(watch)
from floodmark.cli import main
for arguments in json.loads(sys.argv[1]):
    opened.clear()
    code = main(arguments)
    resident = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    facts = {"code": code, "opened": opened, "resident": int(resident.split()[1]) * 1024}
    print(json.dumps(facts) + chr(0), file=sys.stderr, flush=True)
    print(end=chr(0), flush=True)
"""
ADDRESS = re.compile(r"(?i)[^\s:;,|\"@]+@((?:[a-z0-9-]+\.)+[a-z]+)")


def environment(tmp_path):
    places = {name: str(tmp_path / name.lower()) for name in ("FLOODMARK_HOME", "FLOODMARK_KEYS", "TMPDIR")}
    (tmp_path / "tmpdir").mkdir(exist_ok=True)
    # A module that no process imported before would be written, compiled, beside its source.
    return os.environ | places | {"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"} | FEW_THREADS


def match(tmp_path, *runs):
    """What each run of one process printed, and what the program above says of it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([["match", *map(str, run)] for run in runs])],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    found = []
    for printed, said in zip(done.stdout.split("\0"), done.stderr.split("\0"), strict=True):
        *lines, facts = said.splitlines() or [""]
        found.append((printed, lines, facts and json.loads(facts)))
    assert found.pop() == ("", [], "") and len(found) == len(runs)
    return found


def test_addresses_under_domains_are_those_that_stand_in_the_text(tmp_path):
    counted, runs = [], []
    for name in sorted(TWINS):
        twin = tmp_path / f"{name}.txt"
        leak(name, 3000, 11, twin, damage=0)
        found = {address.group(0).lower() for address in ADDRESS.finditer(twin.read_text())}
        by_domain = Counter(address.partition("@")[2] for address in found)
        watched = [*sorted(by_domain)[:50], "nowhere.example"]
        (tmp_path / f"{name}.domains").write_text("\n".join(watched))
        counted.append((name, by_domain, watched))
        runs.append((twin.name, "--watch", f"{name}.domains", "-o", "json"))
    for (name, by_domain, watched), (printed, _, facts) in zip(counted, match(tmp_path, *runs), strict=True):
        told = json.loads(printed)
        wanted = {
            domain: sum(n for other, n in by_domain.items() if f".{other}".endswith(f".{domain}"))
            for domain in watched
        }
        assert {line["domain"]: line["addresses"] for line in told["domains"]} == wanted, name
        assert facts["code"] == (10 if by_domain else 0), name
        assert told["synthetic"], name


def test_nothing_plain_is_written_anywhere(tmp_path):
    twin = tmp_path / "twin.txt"
    leak("facebook-2021", 5000, 12, twin)
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "ours.txt").write_text("example.com\n+20*\n")
    (tmp_path / "constituents.csv").write_text(
        f"recipient,key,domains\nA,{identity.to_public()},example.org\nB,{identity.to_public()},example.com\n"
    )
    sealing = ["--to", identity.to_public(), "--hand-over", "constituents.csv", "--out", "sealed"]
    ((printed, said, facts),) = match(tmp_path, ("twin.txt", "--watch", "ours.txt", *sealing))
    files = sorted((tmp_path / "sealed").iterdir())
    assert [file.name for file in files] == ["twin.txt-A.csv.age", "twin.txt-B.csv.age", "twin.txt.csv.age"]
    told = set()
    for file in files:
        text = pyrage.decrypt(file.read_bytes(), [identity]).decode()
        told |= {row["identifier"] for row in csv.DictReader(io.StringIO(text))} - {""}
    assert len(told) > 100
    # Everything that was opened to write is a part of a sealed file, and only ciphertext begins so.
    assert facts["opened"] and all(
        "/sealed/." in f"/{path}" and path.endswith(".part") for path in facts["opened"]
    )
    assert all(file.read_bytes().startswith(b"age-encryption.org/v1\n") for file in files)
    assert list((tmp_path / "tmpdir").iterdir()) == []
    shown = printed + "\n".join(said)
    assert not any(identifier in shown for identifier in told)


def test_a_million_entries_are_watched_for_in_bounded_memory(tmp_path):
    leak("facebook-2021", 2000, 13, tmp_path / "twin.txt")
    with (tmp_path / "customers.csv").open("w") as file:
        file.write("name;e-mail\n")
        for start in range(0, 1_000_000, 100_000):
            file.writelines(
                f"Doe, J;customer{n}@example{n % 97}.net\n" for n in range(start, start + 100_000)
            )
    ((printed, _, facts),) = match(tmp_path, ("twin.txt", "--watch", "customers.csv", "-o", "json"))
    told = json.loads(printed)
    assert told["watch"]["entries"] == {"email": 1_000_000}
    assert told["watch"]["duplicates"] == told["watch"]["bad_rows"]["total"] == 0
    assert facts["resident"] < 700 * MIB


HOSTILE = (
    b"\0" * 100_000,
    b"x" * (3 * MIB),
    b'"' * 100_000,
    b'"a,b\n' * 50_000,
    b'"a\n""b""\n' * 20_000,
    b"," * 60_000 + b"\n" + b",\n" * 1000,
    b"=cmd|'/C calc'!A0,@SUM(1+1)\n" * 1000,
    b"\xff\xfe\xff" * 10_001,
    bytes(range(256)) * 500,
    "\u202e\u0000\ufeff@\n".encode() * 3000,
)


def test_a_hostile_watch_file_ends_in_an_error_of_ours(tmp_path):
    leak("whatsapp-2022", 200, 14, tmp_path / "twin.txt")
    for place, content in enumerate(HOSTILE):
        (tmp_path / f"watch-{place}.csv").write_bytes(content)
    runs = [("twin.txt", "--watch", f"watch-{place}.csv") for place in range(len(HOSTILE))]
    for content, (printed, said, facts) in zip(HOSTILE, match(tmp_path, *runs), strict=True):
        assert facts["code"] in (1, 2, 3) and printed == "", content[:20]
        assert any(line.startswith("error (") for line in said), content[:20]
        assert not any("(bug)" in line for line in said), content[:20]
        assert facts["resident"] < 700 * MIB, content[:20]


def is_open(process, path):
    """Whether a process reads a file: before that it imports, and an import may swallow an interrupt."""
    for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(OSError):
            if descriptor.readlink() == path.resolve():
                return True
    return False


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    leak("facebook-2021", 20_000, 15, tmp_path / "twin.txt")
    lines = (tmp_path / "twin.txt").read_bytes()
    with (tmp_path / "twin.txt").open("ab") as file:  # far more than is read before the interrupt comes
        file.writelines(lines for _ in range(60))
    (tmp_path / "ours.txt").write_text("example.com\n")
    key = pyrage.x25519.Identity.generate().to_public()
    arguments = ["twin.txt", "--watch", "ours.txt", "--to", str(key), "--out", "found.age", "--workers", "1"]
    code = "import sys; from floodmark.cli import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, "match", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert "Entries: 1 domain" in process.stderr.readline()
        while not is_open(process, tmp_path / "twin.txt"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert printed == "" and "Interrupted" in said
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "ours.txt",
        "twin.txt",
        "twin.txt.truth.json",
    ]
