"""A workspace as people make one: by the commands, with made-up leaks in it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FLOODMARK = str(Path(sys.executable).with_name("floodmark"))
MISSED_PHONE = "+44 20 7946 0999"  # of a range that is kept free, for fiction
MISSED_EMAIL = "nobody@example.org"

LEAKS = {
    "one": [
        "--title",
        "Friends, 2021",
        "--domain",
        "friends.example",
        "--breach-date",
        "2019-08-31",
        "--verified",
    ],
    "two": [
        "--title",
        "Forum <b>&amp;</b> shop",
        "--description",
        "Sold in <script>alert(1)</script> parts.",
    ],
    "three": ["--title", "Clinic", "--sensitive"],
}
STATEMENTS = [
    ("advert", "seller", "2021-04-03", "All of them, for a song <i>or two</i>.", ["total=600 phones", "new"]),
    (
        "denial",
        "company",
        "2021-04",
        "Old data, and not ours.",
        ["old=2019-08", "not-ours", "total=487M phones"],
    ),
]
PASSWORD = "a long walk by the river"
IN_ONE_PROCESS = """
import io, json, sys
from contextlib import redirect_stdout
from floodmark.cli import main
said = []
for words in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out:
        if code := main(words):
            sys.exit(f"{words}: {code}")
    said.append(out.getvalue())
print(json.dumps(said))
"""


@dataclass(frozen=True)
class Made:
    """A workspace, published, and who is in its leaks.

    Attributes:
        folder: that everything is in: `home`, `keys`, and `public` with the snapshot.
        root_key: that signs, in hexadecimal.
        phone: in international form, in two leaks.
        email: in two leaks.
        secret: of the authenticator of the analyst `ada`.
    """

    folder: Path
    root_key: str
    phone: str
    email: str
    secret: str

    @property
    def public(self) -> Path:
        return self.folder / "public"

    @property
    def environment(self) -> dict[str, str]:
        """What a command runs with."""
        return environment(self.folder)


def environment(folder: Path) -> dict[str, str]:
    """What a command runs with, for a workspace in a folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONWARNINGS": "error",
        "FLOODMARK_HOME": str(folder / "home"),
        "FLOODMARK_KEYS": str(folder / "keys"),
    }


def floodmark(folder: Path, *words: str, text: str | None = None, code: int = 0) -> str:
    """What a command says, when it ends with this code."""
    done = subprocess.run(
        [FLOODMARK, *words],
        cwd=folder,
        env=environment(folder),
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"floodmark {words[0]}: {done.stderr}"
    return done.stdout


def in_one_process(folder: Path, commands: Sequence[Sequence[str]]) -> list[str]:
    """What commands say, one after the other, each of which has to end well; they start once for all."""
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS],
        cwd=folder,
        env=environment(folder),
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def add_analyst(folder: Path, name: str) -> str:
    """Let somebody sign in, with PASSWORD; gives the secret of the authenticator."""
    return json.loads(floodmark(folder, *adding(folder, name)))["secret"]


def adding(folder: Path, name: str) -> list[str]:
    """The command that lets somebody sign in, with PASSWORD."""
    file = folder / f"{name}.password"
    file.touch(mode=0o600)
    file.write_text(PASSWORD)
    return ["analysts", "add", name, "--password-file", file.name, "-o", "json"]


def make(folder: Path) -> Made:
    """Two published leaks that share people; a sensitive one, statements, a case, an analyst."""
    folder.mkdir(parents=True)
    floodmark(
        folder, "synth", "leak", "--twin", "facebook-2021", "--rows", "600", "--seed", "2021", "-o", "one.txt"
    )
    lines = (folder / "one.txt").read_text("latin-1").splitlines(keepends=True)
    with_email = [line for line in lines if "@" in line]
    for name, some in (("two.txt", [*lines[:200], *with_email]), ("three.txt", lines[:100])):
        (folder / name).write_text(
            "".join(some), "latin-1"
        )  # each with the first line, which says that it is made up
    commands = [["keys", "init", "--wrap", "none"]]
    for slug, said in LEAKS.items():
        commands += [["save", slug, f"{slug}.txt"], ["leak", "edit", slug, *said]]
    commands += [["seal", slug, "--from", f"{slug}.txt"] for slug in ("one", "two")]
    commands += [["snapshot", "make"], ["publish", "public", "--irrevocable"]]
    for kind, by, said, text, claims in STATEMENTS:
        words = ["--kind", kind, "--by", by, "--speaker", "Somebody", "--said", said, "--text", text]
        words += [part for claim in claims for part in ("--assert", claim)]
        commands.append(["statement", "add", "one", *words, "--url", "https://news.example/friends"])
    aware = ["--aware", "2026-11-20T13:05Z", "--leak", "one", "--leak", "three"]
    commands.append(["case", "open", "friends", "--title", "Friends again", *aware, "--note", "Begun."])
    *_, keys, analyst = in_one_process(
        folder, [*commands, ["keys", "list", "-o", "json"], adding(folder, "ada")]
    )
    made = Made(
        folder,
        root_key=json.loads(keys)["root_key"],
        secret=json.loads(analyst)["secret"],
        phone="+" + next(line for line in lines[1:] if re.match(r"44\d{10}:", line)).partition(":")[0],
        email=next(
            found[0] for line in with_email if (found := re.search(r"(?<=:)[\w.]+@[\w.]+\w", line, re.ASCII))
        ),
    )
    (folder / "made.json").write_text(json.dumps(asdict(made) | {"folder": None}))
    return made


def made_in(folder: Path) -> Made:
    """What `make` made there."""
    return Made(**json.loads((folder / "made.json").read_text()) | {"folder": folder})


def shared(basetemp: Path, worker: str) -> Made:
    """The workspace that all tests share, made by whichever process comes first; not to be changed.

    Args:
        basetemp: the folder of this process's temporary files.
        worker: name of it, `master` where it is the only one.
    """
    place = basetemp if worker == "master" else basetemp.parent
    with (place / "browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = place / "browser"
        return made_in(folder) if (folder / "made.json").exists() else make(folder)


def copy(made: Made, folder: Path) -> Made:
    """Another workspace with the same content, in which budgets of its own are kept."""

    def copied(source: str, target: str) -> None:
        # What is large is never written to; a lock that two names lead to would be one.
        large = Path(source).name in ("buckets.bin", "rows.npy")
        (os.link if large else shutil.copy2)(source, target)

    shutil.copytree(made.folder, folder, copy_function=copied, symlinks=True)
    return replace(made, folder=folder)
