"""What is evaluated on several threads is journaled once, whole pieces alone, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import Engine, EvaluationFault, Scalar, derive_key_pair, engine
from floodmark.exposure.oprf.protocol import evaluate
from floodmark.exposure.sealed.rows import Places, derive_one_by_one
from floodmark.exposure.sealing import evaluated
from floodmark.exposure.sealing.evaluated import Sealer, evaluate_all
from floodmark.exposure.sealing.journal import Journal
from floodmark.exposure.sealing.ranks import Ranks
from floodmark.exposure.sealing.stream import Inputs
from floodmark.kernel.oprf import Seal

PRIVATE = derive_key_pair(bytes(range(32)), b"example").private
SEAL = Seal(bytes(range(16)), 2)
PEOPLE = 400
NUMBERS = np.arange(PEOPLE).astype(np.uint16)[::-1].copy()
DEVICES = pytest.mark.parametrize("device", ["cpu", "libsodium"])


@dataclass(frozen=True)
class Watched:
    """An engine in small pieces, with something done before each."""

    inner: Engine
    before: Callable[[pl.Series], object] = lambda texts: None
    piece: int = 16
    device: str = "cpu"
    name: str = "watched"

    def outputs(self, private: Scalar, texts: pl.Series, *mode: Any) -> Any:
        self.before(texts)
        return self.inner.outputs(private, texts, *mode)

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        self.before(texts)
        return self.inner.places(private, texts, seal)


def text(rank: int) -> str:
    return f"phone:+4477009{rank:05d}" if rank < 300 else f"email:person.{rank}@example.org"


def found(sizes: int = 7) -> Iterator[Inputs]:
    """Everybody, in another order than that of the ranks."""
    ranks = np.random.default_rng(1).permutation(PEOPLE)
    for start in range(0, PEOPLE, sizes):
        some = ranks[start : start + sizes]
        yield Inputs(pl.Series([text(rank) for rank in some.tolist()]), some)


def sealer(by: Engine) -> Sealer:
    digests = np.arange(PEOPLE, dtype=np.uint64)
    ranks = Ranks({"phone": digests[:300], "email": digests[300:]})
    return Sealer(by, PRIVATE, SEAL, ranks, {"phone": NUMBERS[:300], "email": NUMBERS[300:]})


def expected() -> dict[int, tuple[int, int]]:
    """Place and cell of each rank, by libsodium and the standard library, one by one."""
    outputs = b"".join(evaluate(PRIVATE, text(rank).encode()) for rank in range(PEOPLE))
    places = derive_one_by_one(np.frombuffer(outputs, np.uint8).reshape(-1, 64), SEAL.seal_id, 2)
    rows = zip(places.buckets.tolist(), places.tags.tolist(), places.pads.tolist(), strict=True)
    return {rank: (row[0] << 48 | row[1], int(NUMBERS[rank]) ^ row[2]) for rank, row in enumerate(rows)}


def kept(folder: Path) -> list[tuple[int, int, int]]:
    """What a later run finds: rank, place and cell."""
    with Journal(folder, bytes(32), SEAL.seal_id) as journal:
        return [tuple(record) for records in journal.records() for record in records.tolist()]


def run(folder: Path, by: Engine, inputs: Any = None, *, workers: int = 3, advance: Any = None) -> None:
    with Journal(folder, bytes(32), SEAL.seal_id, chunk_records=50) as journal:
        told = advance or (lambda count: None)
        evaluate_all(found() if inputs is None else inputs, sealer(by), journal, told, workers)


def left_behind() -> list[str]:
    return [
        thread.name
        for thread in threading.enumerate()
        if thread.name.startswith(("floodmark-evaluate", "floodmark-journal"))
    ]


def wait_for(done: list[str]) -> None:
    """Until something is being evaluated."""
    while not done:
        time.sleep(0.001)


@DEVICES
@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("piece", [5, 16, 1000])
def test_every_row_is_what_libsodium_gives_one_by_one_whatever_the_pieces_and_threads(
    tmp_path: Path, device: str, workers: int, piece: int
) -> None:
    told: list[int] = []
    run(tmp_path, Watched(engine(device), piece=piece), workers=workers, advance=told.append)
    rows = kept(tmp_path)
    assert len(rows) == PEOPLE
    assert {rank: (place, cell) for rank, place, cell in rows} == expected()
    assert sum(told) == PEOPLE
    assert left_behind() == []


@pytest.mark.parametrize("failure", [EvaluationFault("a wrong sum"), MemoryError(), KeyboardInterrupt()])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_piece_that_fails_ends_it_and_loses_no_other_that_was_evaluated(
    tmp_path: Path, failure: BaseException, workers: int
) -> None:
    done: list[str] = []

    @dataclass(frozen=True)
    class Failing(Watched):
        def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
            if text(7) in texts:
                raise failure
            places = super().places(private, texts, seal)
            done.extend(texts)
            return places

    with pytest.raises(type(failure)):
        run(tmp_path, Failing(engine()), workers=workers)
    assert left_behind() == []
    rows = kept(tmp_path)
    assert sorted(text(rank) for rank, _, _ in rows) == sorted(done)
    right = expected()
    assert all(right[rank] == (place, cell) for rank, place, cell in rows)
    assert 7 not in {rank for rank, _, _ in rows}


def test_what_was_evaluated_when_reading_fails_is_kept(tmp_path: Path) -> None:
    done: list[str] = []

    def broken() -> Iterator[Inputs]:
        for number, inputs in enumerate(found()):
            if number == 40:
                wait_for(done)
                raise EOFError
            yield inputs

    with pytest.raises(EOFError):
        run(tmp_path, Watched(engine(), done.extend), broken())
    assert left_behind() == []
    assert sorted(text(rank) for rank, _, _ in kept(tmp_path)) == sorted(done)


def test_an_interrupt_between_two_pieces_keeps_what_was_evaluated(tmp_path: Path) -> None:
    done: list[str] = []
    calls: list[int] = []

    def interrupted(count: int) -> None:
        calls.append(count)
        if len(calls) == 12:
            wait_for(done)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Watched(engine(), done.extend), advance=interrupted)
    assert left_behind() == []
    rows = kept(tmp_path)
    assert sorted(text(rank) for rank, _, _ in rows) == sorted(done)
    assert 0 < len(rows) < PEOPLE


def test_a_full_disk_ends_it_and_what_was_on_disk_before_stays_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncing = evaluated.Journal._write
    written: list[int] = []

    def full(journal: Journal, records: Any) -> None:
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(len(records))
        syncing(journal, records)

    monkeypatch.setattr(Journal, "_write", full)
    with pytest.raises(OSError, match="No space"):
        run(tmp_path, Watched(engine()))
    monkeypatch.undo()
    assert left_behind() == []
    rows = kept(tmp_path)
    assert len(rows) == sum(written)
    right = expected()
    assert all(right[rank] == (place, cell) for rank, place, cell in rows)


def test_the_reader_never_runs_far_ahead_of_what_evaluates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluated, "AHEAD", 64)
    done: list[str] = []
    ahead: list[int] = []

    def slowly(texts: pl.Series) -> None:
        time.sleep(0.002)
        done.extend(texts)

    def watched() -> Iterator[Inputs]:
        read = 0
        for inputs in found(16):
            ahead.append(read - len(done))
            read += len(inputs.ranks)
            yield inputs

    run(tmp_path, Watched(engine(), slowly, piece=16), watched(), workers=2)
    assert len(kept(tmp_path)) == PEOPLE
    assert max(ahead) <= 64 + 16 * (2 + 1)


def test_nothing_to_evaluate_is_no_work(tmp_path: Path) -> None:
    run(tmp_path, Watched(engine()), iter(()))
    assert kept(tmp_path) == []
    assert left_behind() == []
