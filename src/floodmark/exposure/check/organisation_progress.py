r"""What an organisation has asked so far, on disk beside its output, so that no answer is paid for twice.

Outputs of the evaluation are secrets: with one, anybody can tell whether whoever it belongs to is in a leak, and two
files of them tell which customers two organisations share. So all of the file is encrypted (AES-256-GCM), under a key
that comes of the digest key in the keys folder: who steals the file alone has random bytes and its length. In it are no
identifiers either, but their digests, which whoever has that key can make of any identifier anyhow.

    >>> from tempfile import TemporaryDirectory
    >>> key = DigestKey(bytes(32))
    >>> answers = np.zeros(1, ANSWER)
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "found.csv.progress"
    ...     with Progress.opened(path, key, Asking("ab", "mail", 1, "cd")) as progress:
    ...         progress.ask(64)
    ...         progress.answered(answers)
    ...         progress.keep()
    ...     with Progress.opened(path, key, Asking("ab", "mail", 1, "cd")) as progress:
    ...         progress.spent, len(progress.answers), progress.resumed
    (64, 1, True)

What is sent is written down before it is sent, and what is answered before it is used. A run appends a part of its own,
under a key of its own: a salt, and then records, each a length and a sealed text. What a kill cut short is dropped.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, Self

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.files import OutputFailed
from floodmark.identifiers.digests import DigestKey

MAGIC = b"floodmark/batch1"
SALT_BYTES = 16
LENGTH_BYTES = 4
LONGEST = 1 << 24
PART, RECORD = b"P", b"R"

ANSWER = np.dtype([("digest", "<u8"), ("bucket", "<u2"), ("secret", "u1", 32)])
"""An identifier's digest, and of its output what a look-up needs: its bucket, and bytes 32 to 63."""

HIT = np.dtype([("digest", "<u8"), ("leak", "<u2"), ("number", "<u4")])
"""An identifier's digest, the place of a leak in the snapshot, and the field set that it holds."""


class ProgressLocked(FloodmarkError):
    """The progress file cannot be opened with the keys there are, or is no progress file."""

    slug: ClassVar[str] = "progress-locked"
    hint = (
        "Run it with the keys (FLOODMARK_KEYS) that it was begun with, or name another output and begin anew."
    )


class ProgressBusy(FloodmarkError):
    """Another process works on the same output."""

    slug: ClassVar[str] = "progress-busy"
    hint = "Wait for it, or stop it first."


class CustomersChanged(UsageError):
    """The file, or the column, is not the one that was begun with; nothing was sent; exit code 2."""

    slug: ClassVar[str] = "customers-changed"
    hint = (
        "Give the file as it was. With --file-changed the run goes on with the new one: what was answered is not"
        " asked again, and new customers cost budget."
    )


@dataclass(frozen=True)
class Asking:
    """What a run asks about, and whom.

    Attributes:
        sha256: of the file.
        column: as it was named, and how national numbers are read.
        epoch: of the evaluator's key.
        public_key: the key itself, hexadecimal.
    """

    sha256: str
    column: str
    epoch: int
    public_key: str


class Progress:
    """A progress file, held by this process alone; made by `opened`.

    Attributes:
        spent: elements that were sent in this epoch, and not refused.
        resumed: whether something was answered before.
    """

    def __init__(self, descriptor: int, key: DigestKey) -> None:
        self._descriptor = descriptor
        self._key = key
        self._waiting: list[bytes] = []
        self._cipher: AESGCM | None = None
        self._number = 0
        self._answers: list[NDArray[np.void]] = []
        self._hits: list[NDArray[np.void]] = []
        self._begun: Asking | None = None
        self._snapshot = ""
        self._done = np.zeros(BUCKETS, np.bool_)
        self.spent = 0
        self.resumed = False

    @classmethod
    def opened(cls, path: Path, key: DigestKey, asking: Asking, *, file_changed: bool = False) -> Self:
        """Begin a progress file, or take one up.

        Args:
            path: where it is or is to be; mode 0600.
            key: the digest key.
            asking: what this run asks.
            file_changed: whether another file or column than before will do.

        Raises:
            ProgressLocked: it was begun with other keys.
            ProgressBusy: another process has it open.
            CustomersChanged: it was begun with another file or column.
            OutputFailed: it cannot be written.
        """
        with _output_errors():
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            progress = cls(os.open(path, flags, 0o600), key)
        try:
            progress._take_up(path)
            progress._go_on(asking, file_changed)
        except BaseException:
            progress.close()
            raise
        return progress

    @property
    def answers(self) -> NDArray[np.void]:
        """What was answered in this epoch: `ANSWER`, ascending by digest, each once."""
        return _each_once(np.concatenate([np.empty(0, ANSWER), *self._answers]), "digest")

    @property
    def hits(self) -> NDArray[np.void]:
        """What was found in this snapshot: `HIT`, ascending by digest and leak, each once."""
        return _each_once(np.concatenate([np.empty(0, HIT), *self._hits]), "digest", "leak")

    def fetched(self, snapshot: str) -> NDArray[np.bool_]:
        """Which buckets of a snapshot need not be fetched again; shape (65536,). What was of another is forgotten."""
        if snapshot != self._snapshot:
            self._add(b"s", snapshot.encode())
        return self._done.copy()

    def ask(self, elements: int) -> None:
        """Note that elements are about to be sent."""
        self._add(b"?", elements.to_bytes(4))

    def refused(self, elements: int) -> None:
        """Note that elements that were sent cost nothing."""
        self._add(b"!", elements.to_bytes(4))

    def answered(self, answers: NDArray[np.void]) -> None:
        """Note answers, `ANSWER`."""
        self._add(b"=", answers.tobytes())

    def looked_up(self, bucket: int, hits: NDArray[np.void]) -> None:
        """Note that a bucket of the snapshot was fetched and looked through, and what was found in it, `HIT`."""
        self._add(b"#", bucket.to_bytes(2) + hits.tobytes())

    def keep(self, *, sync: bool = True) -> None:
        """Write what was noted.

        Args:
            sync: whether it has to outlast a power cut, too.

        Raises:
            OutputFailed: the disk refused; what was written before stays good.
        """
        if not self._waiting:
            return
        with _output_errors():
            start = os.lseek(self._descriptor, 0, os.SEEK_END)
            try:
                _write(self._descriptor, b"".join(self._sealed()))
                if sync:
                    os.fdatasync(self._descriptor)
            except OSError:
                os.ftruncate(self._descriptor, start)
                raise
        self._waiting = []

    def close(self) -> None:
        """Give the file back; what was not kept is lost."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_up(self, path: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProgressBusy(f"Another process works on {path.name}.") from None
        with _output_errors():
            os.fchmod(self._descriptor, 0o600)
            if not os.fstat(self._descriptor).st_size:
                _write(self._descriptor, MAGIC)
            good = self._read()
            if good is None:
                raise ProgressLocked(f"{path.name} was begun with other keys, or is no progress file.")
            os.ftruncate(self._descriptor, good)

    def _read(self) -> int | None:
        """Take every record; where they end, or None where the first does not open.

        A record that was cut short ends the file. One that does not open is passed over: it is asked for again.
        """
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            if file.read(len(MAGIC)) != MAGIC:
                return None
            end, cipher, number, any_open = len(MAGIC), AESGCM(bytes(32)), 0, False
            while (part := _part(file)) is not None:
                mark, content = part
                if mark == PART:
                    cipher, number = self._cipher_of(content), 0
                    continue
                try:
                    opened = cipher.decrypt(_nonce(number), content, None)
                except InvalidTag:
                    if not any_open:
                        return None
                else:
                    any_open = True
                    self._take(opened[:1], opened[1:])
                end, number = file.tell(), number + 1
            return end

    def _go_on(self, asking: Asking, file_changed: bool) -> None:
        before = self._begun
        same_epoch = before is not None and (before.epoch, before.public_key) == (
            asking.epoch,
            asking.public_key,
        )
        if before is not None and same_epoch and before != asking and not file_changed:
            what = "column is" if before.sha256 == asking.sha256 else "file is"
            raise CustomersChanged(f"The {what} not the one that this output was begun with.")
        if before != asking:
            self._add(b"a", json.dumps(asdict(asking)).encode())
        self.resumed = bool(self._answers)

    def _add(self, kind: bytes, data: bytes) -> None:
        self._waiting.append(kind + data)
        self._take(kind, data)

    def _take(self, kind: bytes, data: bytes) -> None:
        """Make what a record says true in memory."""
        if kind == b"a":
            asking = Asking(**json.loads(data))
            if self._begun is None or (self._begun.epoch, self._begun.public_key) != (
                asking.epoch,
                asking.public_key,
            ):
                self.spent, self._answers = 0, []
                self._forget_snapshot("")
            self._begun = asking
        elif kind == b"?":
            self.spent += int.from_bytes(data)
        elif kind == b"!":
            self.spent = max(self.spent - int.from_bytes(data), 0)
        elif kind == b"=":
            answers = np.frombuffer(data, ANSWER)
            self._answers.append(answers)
            self._done[answers["bucket"]] = False  # whoever is new in a bucket was not looked up in it
        elif kind == b"s":
            self._forget_snapshot(data.decode())
        elif kind == b"#":
            self._done[int.from_bytes(data[:2])] = True
            self._hits.append(np.frombuffer(data[2:], HIT))

    def _forget_snapshot(self, snapshot: str) -> None:
        self._snapshot, self._hits = snapshot, []
        self._done[:] = False

    def _sealed(self) -> Iterator[bytes]:
        """What waits, as it is written: under a key of this run's own, so that no nonce comes twice."""
        if self._cipher is None:
            salt = secrets.token_bytes(SALT_BYTES)
            self._cipher = self._cipher_of(salt)
            yield PART + salt
        for plain in self._waiting:
            sealed = self._cipher.encrypt(_nonce(self._number), plain, None)
            self._number += 1
            yield RECORD + len(sealed).to_bytes(LENGTH_BYTES) + sealed

    def _cipher_of(self, salt: bytes) -> AESGCM:
        kdf = HKDF(SHA256(), 32, salt, b"floodmark/check-progress/1")
        return AESGCM(kdf.derive(self._key.secret))


def _part(file: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next salt or sealed record with its mark; None at the end, and where it is cut short."""
    mark = file.read(1)
    length = SALT_BYTES if mark == PART else int.from_bytes(file.read(LENGTH_BYTES)) if mark == RECORD else 0
    content = file.read(length) if 0 < length <= LONGEST else b""
    return (mark, content) if content and len(content) == length else None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)


def _each_once(records: NDArray[np.void], *names: str) -> NDArray[np.void]:
    order = np.lexsort([records[name] for name in reversed(names)])
    records = records[order]
    first = np.ones(len(records), np.bool_)
    first[1:] = np.any([records[name][1:] != records[name][:-1] for name in names], axis=0)
    return records[first]


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise OutputFailed(f"The progress file could not be written: {reason}.") from error
