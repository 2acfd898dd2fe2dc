"""`floodmark doctor`: what it finds here, with the kernel and without, and what it says where something is broken."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from floodmark.cli import main
from floodmark.cli.diagnosis import Diagnosis, UnfitMachine, busy_words, diagnose
from floodmark.cli.doctor_text import render, values_of
from floodmark.exposure.oprf import Engine, EvaluationFault, engine, random_scalar
from floodmark.exposure.oprf.rates import Rates, equal_to_libsodium
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features
from floodmark.kernel.processor import Processor
from floodmark.register.key_changes import make
from floodmark.register.key_privacy import KeysExposed
from floodmark.register.key_wrap import Bare
from floodmark.register.machine import look


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a workspace and without keys."""
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@dataclass(frozen=True)
class Broken:
    """An engine that changes one bit of what another gives."""

    inner: Engine
    change: Callable[[Any], Any]
    device: str = "cpu"
    name: str = "broken"
    piece: int = 64

    def outputs(self, *given: Any) -> Any:
        return self.inner.outputs(*given)

    def places(self, *given: Any) -> Any:
        return self.change(self.inner.places(*given))


def found(by: Engine | None = None, kernel: library.Kernel | None = library.kernel) -> Diagnosis:
    by = replace(by or engine(kernel=kernel), piece=64)  # type: ignore[type-var]
    return diagnose(by, random=os.urandom, kernel=kernel, seconds=0)


def text(diagnosis: Diagnosis) -> str:
    console = Console(width=200, file=StringIO())
    with console.capture() as captured:
        console.print(render(diagnosis))
    return " ".join(captured.get().split())


def test_a_machine_that_can_seal_says_so_with_what_it_evaluates_by(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr()
    for words in (engine().name, "equal to libsodium's", "533 million", "core dumps", "All is well"):
        assert words in said.out
    assert said.err == ""


def test_json_has_the_rates_and_their_ratio(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["doctor", "--device", "libsodium", "-o", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rates = told["evaluation"]
    assert told["fit"]
    assert rates["name"] == rates["device"] == "libsodium"
    assert rates["one_thread"] > 0
    assert rates["all_threads"] > 0
    assert rates["threads"] == told["processor"]["cores"]
    assert str(home) not in json.dumps(told)
    assert list(home.iterdir()) == []


def test_without_the_kernel_libsodium_evaluates_and_a_compiler_is_advised() -> None:
    diagnosis = found(kernel=None)
    said = text(diagnosis)
    assert diagnosis.name == "libsodium"
    assert diagnosis.equal
    assert not diagnosis.wrong
    assert "kernel not compiled" in said
    assert "gcc or clang" in said
    assert values_of(diagnosis)["kernel"] == {"compiled": False, "features": []}


@pytest.mark.parametrize("features", [Features.PORTABLE, Features.AVX2, Features.IFMA])
def test_each_path_of_the_kernel_that_is_here_is_named_and_equal(features: Features) -> None:
    kernel = library.kernel.using(features) if library.kernel else None
    diagnosis = found(kernel=kernel)
    assert diagnosis.equal
    assert (diagnosis.name == "libsodium") == (oprf.lanes(kernel) == 0)


def test_an_engine_whose_tags_are_wrong_is_found_and_nothing_may_be_sealed() -> None:
    def change(places: Any) -> Any:
        return replace(places, tags=places.tags ^ (np.arange(len(places.tags)) == 7).astype(np.uint64))

    diagnosis = found(Broken(engine("libsodium"), change))
    said = text(diagnosis)
    assert not diagnosis.equal
    assert diagnosis.rates is None
    assert "WRONG" in said
    assert "Seal nothing here" in said
    with pytest.raises(UnfitMachine):
        diagnosis.raise_what_is_wrong()


def test_an_engine_that_finds_a_fault_while_it_is_measured_is_wrong_too() -> None:
    calls = iter(range(100))

    def change(places: Any) -> Any:
        if next(calls) == 2:
            raise EvaluationFault("The sum of a lane's evaluations is not what libsodium computes.")
        return places

    diagnosis = found(Broken(engine("libsodium"), change))
    assert not diagnosis.equal
    assert [one.slug for one in diagnosis.wrong] == ["evaluation-fault"]
    assert "floodmark doctor" in diagnosis.wrong[0].hint


def test_a_machine_that_others_use_is_said_to_be_busy() -> None:
    rates = Rates(one=300_000, all=310_000, threads=2, libsodium=20_000, busy=0.52)
    assert "52%" in busy_words(engine("libsodium"), rates)[0]
    assert busy_words(engine("libsodium"), replace(rates, busy=0.97)) == []


@pytest.mark.parametrize("part", ["buckets", "tags", "pads"])
def test_one_wrong_place_among_hundreds_is_a_difference(part: str) -> None:
    def change(places: Any) -> Any:
        array = getattr(places, part).copy()
        array[-1] ^= array.dtype.type(1)
        return replace(places, **{part: array})

    private = random_scalar()
    assert not equal_to_libsodium(Broken(engine("libsodium"), change), private, os.urandom)


def test_keys_that_others_can_use_have_to_be_closed(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    make(home / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=home / "home")
    (home / "keys/digest.json").chmod(0o644)
    assert main(["doctor", "--device", "libsodium"]) == KeysExposed.exit_code
    said = capsys.readouterr()
    assert "keys-exposed" in said.err
    assert "chmod 600" in " ".join(said.out.split())


def test_keys_that_are_closed_are_named_by_their_purposes(home: Path) -> None:
    make(home / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=home / "home")
    assert look().keys == ("digest", "signing", "evaluation")


def test_a_workspace_that_others_may_write_to_has_to_be_closed(home: Path) -> None:
    (home / "home").mkdir()
    (home / "home").chmod(0o777)
    assert [one.slug for one in look().wrong] == ["workspace-exposed"]


def test_a_kernel_whose_compiler_did_not_know_the_processor_is_told_to_be_built_again() -> None:
    if library.kernel is None:
        assert "not compiled" in text(found())
        return
    without = library.kernel.using(Features.SHA | Features.AVX2)
    diagnosis = diagnose(
        engine("libsodium"),
        random=os.urandom,
        kernel=without,
        there=Processor("Some", ("AVX2", "IFMA")),
        seconds=0,
    )
    said = text(diagnosis)
    assert "Some; AVX2 and IFMA;" in said
    assert "the compiler of the kernel did not know" in said
    assert diagnosis.wrong == ()
