"""No key and no passphrase in what a process leaves behind: core dumps, process lists, tracebacks."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import json
import os
import resource
import subprocess
import sys
import textwrap
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest

from floodmark.errors import FloodmarkError
from floodmark.register import key_exports
from floodmark.register.key_changes import make, rewrap
from floodmark.register.key_command import run
from floodmark.register.key_epochs import first_epoch
from floodmark.register.key_evaluation import EvaluationKey
from floodmark.register.key_files import parse
from floodmark.register.key_moves import export, take
from floodmark.register.key_passphrases import Argon2, new, normal
from floodmark.register.key_privacy import read_private
from floodmark.register.key_wrap import Bare, ByCommand, ByPassphrase, no_passphrase
from floodmark.register.keys import Keyring

CREATED = "2026-01-31T13:05:00Z"
SECRET = bytes.fromhex("a5c3f00dbaadf1ea5eed5eed0ddba11c0ffee15badc0dedfacade1f4ce5a1ad5")
PASSPHRASE = b"correct horse battery"


def spellings(secret: bytes) -> list[bytes]:
    """How bytes may show: as they are, in hexadecimal, in Base64 at any offset, as Python writes them."""
    shifted = [base64.b64encode(secret[start:])[:-4] for start in range(3)]
    return [
        secret,
        secret.hex().encode(),
        *shifted,
        repr(secret)[2:-1].encode(),
        repr(list(secret))[1:-1].encode(),
    ]


def shows(content: bytes, *secrets: bytes) -> bool:
    return any(spelling in content for secret in secrets for spelling in spellings(secret))


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    return tmp_path


CRASHING = """
    import os, resource, sys
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    if sys.argv[1] == "with keys":
        from floodmark.register.keys import Keyring
        keyring = Keyring.open()
        held = keyring.digest_key(), keyring.signing_key(), keyring.evaluation_key()
    os.abort()
"""


def crash(folder: Path, how: str) -> bool:
    """Whether a process that was aborted left a core dump, in its folder or with whatever the system pipes it to."""
    folder.mkdir()
    command = [sys.executable, "-c", textwrap.dedent(CRASHING), how]
    with subprocess.Popen(command, cwd=folder, start_new_session=True) as process:
        status = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert status is not None and status.si_status == 6
        dumped = status.si_code == os.CLD_DUMPED
    return dumped or any(folder.iterdir())


def test_a_crash_with_keys_in_memory_leaves_no_core_dump(home):
    make(None, Bare, created=CREATED)
    assert not crash(home / "with", "with keys")


def test_a_crash_without_keys_does_leave_one_where_the_system_lets_it(home):
    """So that the test above could fail."""
    pattern = Path("/proc/sys/kernel/core_pattern")
    to_folder = pattern.is_file() and not pattern.read_text().startswith(("|", "/"))
    limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert crash(home / "without", "without keys") or not to_folder or limit == 0


def test_a_process_that_has_loaded_a_key_is_closed_to_others_of_its_user(home):
    make(None, Bare, created=CREATED)
    if sys.platform == "linux":
        assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def family(pid: int) -> Iterator[int]:
    """A process and what it started."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def visible(place: str) -> bytes:
    """What a file of a process shows to another of the same user: nothing when the process is closed to others."""
    try:
        return Path(place).read_bytes()
    except PermissionError:
        return b""


def test_the_process_list_shows_no_key_and_no_passphrase_while_a_command_unwraps(home):
    passphrase, ready, go, script = (home / name for name in ("passphrase", "ready", "go", "unwrap.sh"))
    passphrase.write_bytes(PASSPHRASE)
    passphrase.chmod(0o600)
    os.mkfifo(go)
    back = "LC_ALL=C tr '\\001-\\377\\000' '\\000-\\377'"
    script.write_text(back)
    pair = ByCommand(
        ("/bin/sh", "-c", "LC_ALL=C tr '\\000-\\377' '\\001-\\377\\000'"), ("/bin/sh", str(script))
    )
    make(None, lambda: pair, created=CREATED, random=lambda size: SECRET[:size])
    script.write_text(f": > {ready}; : < {go}; {back}")  # a pipe without a writer holds it, without a process
    command = [Path(sys.executable).with_name("floodmark"), "keys", "export", home / "export.json"]
    command += ["--purpose", "digest", "--new-passphrase-file", passphrase]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not ready.exists():
            assert process.poll() is None
            time.sleep(0.01)
        places = [f"/proc/{pid}/{name}" for pid in family(process.pid) for name in ("cmdline", "environ")]
        seen = [visible(place) for place in places]
        go.write_bytes(b"")
        printed = b"".join(process.communicate())
    assert process.returncode == 0, printed
    assert len(seen) == 4
    assert not any(shows(content, SECRET, PASSPHRASE) for content in [*seen, printed])
    take((home / "export.json").read_bytes(), home / "other", passphrase=lambda _: PASSPHRASE)
    with Keyring.open(home / "other", passphrase=lambda _: PASSPHRASE) as keyring:
        assert keyring.digest_key().secret == SECRET


def echoing() -> ByCommand:
    return ByCommand(("/bin/sh", "-c", "cat"), ("/bin/sh", "-c", "cat | tee /dev/stderr; exit 1"))


def cheap() -> ByPassphrase:
    return ByPassphrase.fresh(Argon2(1, 1, 8))


def failures(home: Path) -> dict[str, Callable[[], object]]:
    """Ways to fail while a key or a passphrase is at hand."""
    make(None, Bare, created=CREATED, random=lambda size: SECRET[:size])
    raw = (home / "keys/digest.json").read_bytes()
    exposed = home / "exposed"
    exposed.write_bytes(SECRET + PASSPHRASE)
    exposed.chmod(0o644)
    identity = pyrage.x25519.Identity.generate()
    sealed = export(None, recipients=[str(identity.to_public())])
    wrong_id = raw.replace(parse(raw).id.encode(), b"0" * 16)
    evaluation = (home / "keys/evaluation.json").read_bytes()
    other_epoch = evaluation.replace(b'"epoch": 1', b'"epoch": 2')
    other_public = mended(evaluation, EvaluationKey(SECRET, epoch=2))
    return {
        "cut short": lambda: parse(raw[:-60]),
        "altered": lambda: parse(raw.replace(b"2026", b"2027")),
        "wrong name": lambda: parse(wrong_id),
        "not text": lambda: parse(SECRET),
        "short passphrase": lambda: new(PASSPHRASE[:8]),
        "passphrase in another encoding": lambda: normal(PASSPHRASE + b"\xff"),
        "passphrase with controls": lambda: new(PASSPHRASE + b"\t"),
        "command echoes": lambda: run(echoing().unwrap, SECRET),
        "command answers too much": lambda: run(("/bin/sh", "-c", "yes $(cat)"), SECRET.hex().encode()),
        "wrapping fails": lambda: rewrap(None, echoing),
        "no passphrase": lambda: rewrap(None, cheap),
        "wrong passphrase": lambda: cheap().open(SECRET + bytes(16), b"", lambda: normal(PASSPHRASE)),
        "exists": lambda: make(None, Bare, created=CREATED),
        "exposed file": lambda: read_private(exposed),
        "no identity": lambda: key_exports.unsealed(sealed, SECRET.hex().encode()),
        "another identity": lambda: key_exports.unsealed(
            sealed, f"{pyrage.x25519.Identity.generate()}".encode()
        ),
        "no recipient": lambda: export(None, recipients=[f"age1{SECRET.hex()}"]),
        "bare in the open": lambda: take(pyrage.decrypt(sealed, [identity]), home / "other"),
        "not an export": lambda: take(raw, home / "other"),
        "another epoch": lambda: parse(other_epoch),
        "another public key": lambda: parse(other_public).open(no_passphrase),
        "a second evaluation key": lambda: first_epoch(None, created=CREATED),
        "not a key at all": lambda: parse(raw[:30] + SECRET),
        "a bug": lambda: Bare().open(SECRET, b"", no_passphrase).reveal()[99],
    }


def mended(raw: bytes, key: EvaluationKey) -> bytes:
    """The file of an evaluation key that names another public key, with a checksum that fits."""
    fields = json.loads(raw) | {"id": key.id, "public": key.public.hex()}
    del fields["sha256"]
    compact = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    return (json.dumps(fields | {"sha256": hashlib.sha256(compact).hexdigest()}, indent=2) + "\n").encode()


NAMES = [
    *("cut short", "altered", "wrong name", "not text", "not a key at all", "exists", "exposed file"),
    *("short passphrase", "passphrase in another encoding", "passphrase with controls"),
    *("no passphrase", "wrong passphrase", "command echoes", "command answers too much", "wrapping fails"),
    *("no identity", "another identity", "no recipient", "bare in the open", "not an export", "a bug"),
    *("another epoch", "another public key", "a second evaluation key"),
]


@pytest.mark.parametrize("name", NAMES)
def test_no_failure_carries_a_key_or_a_passphrase(home, capfdbinary, name):
    ways = failures(home)
    assert set(ways) == set(NAMES)
    with pytest.raises((FloodmarkError, IndexError)) as caught:
        ways[name]()
    printed = "".join(traceback.format_exception(caught.value))
    chain: list[BaseException] = [caught.value]
    for error in chain:  # also what the traceback does not show, and a collector of errors would
        printed += repr(error) + repr(error.args) + repr(vars(error))
        chain += [cause for cause in (error.__cause__, error.__context__) if cause is not None]
    told = b"".join(capfdbinary.readouterr())
    assert not shows(printed.encode() + told, SECRET, PASSPHRASE, PASSPHRASE[:8])


def test_the_search_itself_finds_what_it_looks_for():
    for spelling in (SECRET, SECRET.hex().encode(), base64.b64encode(SECRET), repr(SECRET).encode()):
        assert shows(b"before " + spelling + b" after", SECRET)
    assert shows(base64.b64encode(b"x" + SECRET), SECRET)


def test_a_bug_with_keys_at_hand_prints_none_of_them_even_with_its_traceback(home):
    make(None, Bare, created=CREATED, random=lambda size: SECRET[:size])
    program = """
        from floodmark.cli.errors import guarded
        from floodmark.register.keys import Keyring
        def fail():
            with Keyring.open() as keyring:
                key, signing, evaluation = keyring.digest_key(), keyring.signing_key(), keyring.evaluation_key()
                told = f"{key} {signing} {evaluation} {evaluation.pair} {keyring} {keyring.files()}"
                raise RuntimeError(f"{told} {keyring._secret('digest')} {keyring._secret('evaluation')}")
        raise SystemExit(guarded(fail))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        env=os.environ | {"FLOODMARK_DEBUG": "1"},
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" in done.stderr and b"RuntimeError" in done.stderr
    private = EvaluationKey(SECRET, epoch=1).pair.private
    assert not shows(done.stdout + done.stderr, SECRET, private)
