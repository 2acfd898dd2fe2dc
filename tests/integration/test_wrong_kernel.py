"""A kernel with a wrong line gives nothing: whatever the line, a check fails, and a seal stops and can go on later."""

from __future__ import annotations

import fcntl
import itertools
import os

import polars as pl
import pytest

from floodmark.cli import main
from floodmark.exposure.oprf import (
    EvaluationFault,
    derive_key_pair,
    engine,
    evaluate,
    evaluate_piece,
    evaluate_places,
    place_piece,
)
from floodmark.exposure.sealed.sealed_leak import SealedLeak
from floodmark.kernel import library
from floodmark.kernel.oprf import Seal
from floodmark.register.keys import Keyring
from floodmark.register.sealed_leaks import sealed_of
from floodmark.register.workspace import Workspace

from .wrong_kernel import LINES, build

PAIR = derive_key_pair(bytes(range(32)), b"test")
TEXTS = pl.Series([f"phone:+447700{number:06d}" for number in range(3000)])
SEAL = Seal(bytes(16), 2)

BY = {
    "a carry is lost in one lane, for one operand of 65,536": "The",
    "an entry of a table is wrong": "The",
    "the key is another": "The sum of a lane's evaluations",
    "the other root of a d - 1 is taken": "An output is not",
    "the last hash is of another text": "An output is not",
    "the first hash is of another size": "An output is not",
    "an input is taken for one that cannot be evaluated": "An input cannot be evaluated that libsodium",
}
"""How the refusal begins; else the kernel itself refuses."""

TIMES = itertools.count(1)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """With lines to be wrong; None where it cannot be built, and libsodium evaluates, which has no such lines."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "wrong-kernel"
    with (shared / "wrong-kernel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker builds, the others wait for it
        if folder.exists():
            return library.load(folder / library.NAME)
        folder.mkdir()
        return build(folder)


@pytest.fixture
def wrong(monkeypatch):
    def switch(line, since=0):
        monkeypatch.setenv("WRONG_LINE", str(list(LINES).index(line)))
        monkeypatch.setenv("WRONG_FROM", str(since))
        monkeypatch.setenv("WRONG_TIME", str(next(TIMES)))

    return switch


def test_with_all_lines_right_the_results_are_libsodiums(kernel):
    found = evaluate_piece(PAIR.private, TEXTS[:700], kernel=kernel)
    assert [row.tobytes() for row in found[::97]] == [
        evaluate(PAIR.private, t.encode()) for t in TEXTS[:700:97]
    ]


@pytest.mark.parametrize("line", LINES)
def test_nothing_comes_of_a_kernel_with_a_wrong_line(kernel, wrong, line):
    wrong(line)
    if kernel is None:
        assert evaluate_piece(PAIR.private, TEXTS[:2], kernel=kernel).shape == (2, 64)
        return
    with pytest.raises(EvaluationFault) as refused:
        evaluate_piece(PAIR.private, TEXTS, kernel=kernel)
    assert refused.value.message.startswith(BY.get(line, "The kernel's own checks"))
    with pytest.raises(EvaluationFault):
        place_piece(PAIR.private, TEXTS, SEAL, kernel=kernel)


def all_found(tmp_path, dump):
    """Whether the sealed leak has a row for everybody, at the place that the key gives."""
    texts = pl.Series([f"phone:{line}" for line in dump.read_text().split()[1:]])
    workspace = Workspace.open(tmp_path / "home")
    with Keyring.open(tmp_path / "keys", workspace=workspace.folder) as keyring:
        private = keyring.evaluation_key().pair.private
        with SealedLeak.open(sealed_of(workspace, "made-up").folder, root=None) as leak:
            seal = Seal(bytes.fromhex(leak.manifest.seal_id), leak.manifest.cell_bytes)
            places = evaluate_places(private, texts, seal)
            return bool((leak.look_up(places.buckets, places.tags, places.pads) >= 0).all())


def test_a_seal_stops_and_the_same_command_goes_on_from_what_was_right(
    kernel, wrong, tmp_path, monkeypatch, capsys
):
    """16,384 identifiers are a piece; the processor begins to err in the third."""
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    dump = tmp_path / "dump.csv"
    dump.write_text("phone\n" + "".join(f"+447700{number:06d}\n" for number in range(40_000)))
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "made-up", str(dump)]) == 0
    seal = ["seal", "made-up", "--from", str(dump), "--workers", "1"]
    if kernel is not None:
        wrong("the key is another", since=2)
        with monkeypatch.context() as errs:
            errs.setitem(engine.__kwdefaults__, "kernel", kernel)
            assert main(seal) == 1
        said = capsys.readouterr().err
        assert "The sum of a lane's evaluations is not what libsodium computes." in said
        assert "--device libsodium" in said
        assert main(["sealed", "verify", "made-up"]) != 0
        capsys.readouterr()
    assert main(seal) == 0
    said = capsys.readouterr().err
    assert ("Going on: 32,768 identifiers were evaluated before." in said) == (kernel is not None)
    assert main(["sealed", "verify", "made-up"]) == 0
    assert all_found(tmp_path, dump)
