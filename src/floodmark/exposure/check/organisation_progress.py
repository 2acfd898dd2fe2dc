r"""What an organisation has asked so far, on disk beside its output, so that no answer is paid for twice.

Outputs of the evaluation are secrets: with one, anybody can tell whether whoever it belongs to is in a leak, and two
files of them tell which customers two organisations share. So all of the file is encrypted, under a key that comes of
the digest key in the keys folder: who steals the file alone has random bytes and their number. In it are no
identifiers either, but their digests, which whoever has that key can make of any identifier anyhow.

    >>> from tempfile import TemporaryDirectory
    >>> key = DigestKey(bytes(32))
    >>> asking = Asking("ab", "mail", 1, "cd")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "found.csv.progress"
    ...     with Progress.opened(path, key, asking) as progress:
    ...         progress.ask(64)
    ...         progress.answered(np.zeros(1, ANSWER))
    ...         progress.keep()
    ...     with Progress.opened(path, key, asking) as progress:
    ...         progress.spent, len(progress.answers), progress.resumed
    (64, 1, True)

What is sent is written down before it is sent, and what is answered before it is used.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import UsageError
from floodmark.exposure.check.organisation_look_up import ANSWER, HIT
from floodmark.exposure.check.organisation_records import RecordFile
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.identifiers.digests import DigestKey


class CustomersChanged(UsageError):
    """The file, or the column, is not the one that was begun with; nothing was evaluated; exit code 2."""

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
        column: as it was named, and how it is read.
        epoch: of the evaluator's key.
        public_key: the key itself, hexadecimal.
    """

    sha256: str
    column: str
    epoch: int
    public_key: str

    def same_key(self, other: Asking) -> bool:
        """Whether answers to the one are good for the other."""
        return (self.epoch, self.public_key) == (other.epoch, other.public_key)


class Progress:
    """A progress file, held by this process alone; made by `opened`.

    Attributes:
        spent: elements that were sent in this epoch, and not refused.
        resumed: whether something was answered before.
    """

    def __init__(self, file: RecordFile) -> None:
        self._file = file
        self._waiting: list[bytes] = []
        self._begun: Asking | None = None
        self._answers: list[NDArray[np.void]] = []
        self._hits: list[NDArray[np.void]] = []
        self._snapshot = ""
        self._done = np.zeros(BUCKETS, np.bool_)
        self.spent = 0
        for record in file.before:
            self._take(record[:1], record[1:])
        file.before.clear()
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
            ProgressDamaged: somebody or something changed it.
            ProgressBusy: another process has it open.
            CustomersChanged: it was begun with another file or column.
            OutputFailed: it cannot be written.
        """
        progress = cls(RecordFile.opened(path, key.secret))
        try:
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
        if self._waiting:
            self._file.append(self._waiting, sync=sync)
            self._waiting = []

    def close(self) -> None:
        """Give the file back; what was not kept is lost."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _go_on(self, asking: Asking, file_changed: bool) -> None:
        before = self._begun
        if before is not None and before.same_key(asking) and before != asking and not file_changed:
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
            if self._begun is None or not self._begun.same_key(asking):
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


def _each_once(records: NDArray[np.void], *names: str) -> NDArray[np.void]:
    order = np.lexsort([records[name] for name in reversed(names)])
    records = records[order]
    first = np.ones(len(records), np.bool_)
    first[1:] = np.any([records[name][1:] != records[name][:-1] for name in names], axis=0)
    return records[first]
