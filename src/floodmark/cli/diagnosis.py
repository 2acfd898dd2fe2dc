"""What `floodmark doctor` finds out, before it says so.

>>> import os
>>> found = diagnose(engine("libsodium"), random=os.urandom, seconds=0)
>>> found.name, found.equal
('libsodium', True)
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import Engine, EvaluationFault, engine, random_scalar
from floodmark.exposure.oprf.rates import Rates, equal_to_libsodium, measure
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features, Kernel
from floodmark.kernel.processor import Processor, processor, usable_cores
from floodmark.register.machine import Machine, look

ALONE = 0.9  # share of the time asked for that threads get on a machine with nothing else to do
LIBRARY = Path(library.__file__).with_name(library.NAME)
COMPILE = (
    "With a C compiler on this machine (gcc or clang), install Floodmark again, by pip with --force-reinstall and "
    "--no-cache-dir, or in a checkout by make clean and make setup."
)


class UnfitMachine(FloodmarkError):
    """Something has to be mended on this machine before anything is sealed on it."""

    slug: ClassVar[str] = "unfit-machine"
    hint = "See what floodmark doctor says."


@dataclass(frozen=True)
class Diagnosis:
    """What was found.

    Attributes:
        version: of Floodmark.
        python: version of Python.
        system: operating system and architecture.
        processor: its name and features.
        cores: that this process may use.
        kernel: instruction sets that the compiled kernel uses; None where it was not compiled.
        device: that was asked for.
        name: what evaluates.
        equal: whether its results were libsodium's.
        rates: of evaluation.
        graphics: name of the graphics card, or None.
        no_graphics: why there is none.
        machine: memory, disk and folders.
        advice: what could be better, though it need not be.
        wrong: what must be mended.
    """

    version: str
    python: str
    system: str
    processor: Processor
    cores: int
    kernel: Features | None
    device: str
    name: str
    equal: bool
    rates: Rates | None
    graphics: str | None
    no_graphics: str | None
    machine: Machine
    advice: tuple[str, ...]
    wrong: tuple[FloodmarkError, ...]

    def raise_what_is_wrong(self) -> None:
        """Raise the first of what must be mended, if anything must.

        Raises:
            EvaluationFault, UnfitMachine, KeysExposed, WorkspaceExposed: something must.
        """
        if self.wrong:
            raise self.wrong[0]


def diagnose(
    by: Engine,
    *,
    random: Callable[[int], bytes],
    kernel: Kernel | None = library.kernel,
    there: Processor | None = None,
    seconds: float = 1.0,
) -> Diagnosis:
    """Look at this machine, and evaluate on it.

    Args:
        by: what is to evaluate.
        random: gives inputs and seals, all forgotten.
        kernel: the compiled kernel.
        there: the processor; None for what this machine says of it.
        seconds: how long to measure.
    """
    there, machine = there or processor(), look()
    private, cores = random_scalar(), usable_cores()
    graphics, no_graphics = _graphics()
    wrong, rates = list(machine.wrong), None
    try:
        if equal_to_libsodium(by, private, random):
            rates = measure(by, private, threads=cores, seconds=seconds, random=random)
        else:
            wrong.insert(0, _different())
    except EvaluationFault as fault:
        wrong.insert(0, fault)
    if machine.core_dumps:
        wrong.append(
            UnfitMachine("A crash could leave the keys in a file.", "Turn core dumps off: ulimit -c 0")
        )
    return Diagnosis(
        version=version("floodmark"),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        processor=there,
        cores=cores,
        kernel=kernel.features if kernel else None,
        device=by.device,
        name=by.name,
        equal=rates is not None,
        rates=rates,
        graphics=graphics,
        no_graphics=no_graphics,
        machine=machine,
        advice=(*_advice(there, kernel, machine), *busy_words(by, rates)),
        wrong=tuple(wrong),
    )


def _different() -> UnfitMachine:
    return UnfitMachine(
        "Results differ from libsodium's.",
        "Seal nothing here with this device, and report it, please: --device libsodium is slower, and another way.",
    )


def _graphics() -> tuple[str | None, str | None]:
    """Name of the graphics card, or why there is none."""
    try:
        return engine("cuda").name, None
    except FloodmarkError as error:
        return None, error.message


def _missing(place: Path) -> str:
    """Why there is no kernel at a place."""
    if place.exists():
        return "The kernel was compiled for another system, or for another version of Floodmark"
    return "The kernel was not compiled"


def busy_words(by: Engine, rates: Rates | None) -> list[str]:
    """What to say where threads did not get the processors."""
    if rates is None or by.device == "cuda" or rates.busy > ALONE:
        return []
    return [
        f"Threads got {rates.busy:.0%} of the processor's time that they asked for: something else runs here, or this "
        "process may have no more. Alone it would be faster."
    ]


def _advice(there: Processor, kernel: Kernel | None, machine: Machine) -> list[str]:
    found = []
    if kernel is None:
        found.append(f"{_missing(LIBRARY)}, so everything is slower. {COMPILE}")
    elif "IFMA" in there.features and Features.IFMA not in kernel.features:
        found.append(
            "The processor has IFMA, which the compiler of the kernel did not know. Take a newer one. "
            f"{COMPILE}"
        )
    elif not oprf.lanes(kernel):
        found.append("The kernel evaluates with AVX-512 IFMA or AVX2, and this processor has neither.")
    if machine.swap:
        found.append(
            "Swap is on: what is in memory, keys too, may come to lie on a disk. Encrypt it, or swapoff."
        )
    return found
