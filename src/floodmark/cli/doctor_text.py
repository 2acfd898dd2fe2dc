"""A diagnosis for a terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from floodmark.cli.diagnosis import Diagnosis
from floodmark.exposure.oprf import engine
from floodmark.reports.numbers import listing, plural, size

if TYPE_CHECKING:
    from rich.console import RenderableType

LARGE_LEAK = 533_000_000  # people, in 2021
WELL, UNWELL = "All is well: this machine can seal.", "Seal nothing here before this is mended:"


def values_of(found: Diagnosis) -> dict[str, Any]:
    """Everything, with rates in evaluations a second and sizes in bytes."""
    rates, machine = found.rates, found.machine
    return {
        "fit": not found.wrong,
        "version": found.version,
        "python": found.python,
        "system": found.system,
        "processor": {
            "name": found.processor.name,
            "features": list(found.processor.features),
            "cores": found.cores,
        },
        "kernel": {
            "compiled": found.kernel is not None,
            "features": _features(found),
        },
        "evaluation": {
            "device": found.device,
            "name": found.name,
            "equal_to_libsodium": found.equal,
            "one_thread": rates and round(rates.one),
            "all_threads": rates and round(rates.all),
            "threads": rates and rates.threads,
            "libsodium_one_thread": rates and round(rates.libsodium),
            "ratio": rates and round(rates.ratio, 2),
            "share_of_processors": rates and round(rates.busy, 2),
            "seconds_for_533_million": rates and round(LARGE_LEAK / rates.all),
        },
        "graphics": {"name": found.graphics, "why_not": found.no_graphics},
        "memory": {
            "free": machine.memory and machine.memory[0],
            "all": machine.memory and machine.memory[1],
            "swap": machine.swap,
        },
        "core_dumps": machine.core_dumps,
        "workspace": {"there": machine.workspace, "disk_free": machine.disk},
        "keys": list(machine.keys),
        "advice": list(found.advice),
        "wrong": [{"slug": one.slug, "message": one.message, "hint": one.hint} for one in found.wrong],
    }


def render(found: Diagnosis) -> RenderableType:
    """What it is, for `rich.console.Console.print`."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _facts(found).items():
        if value:
            grid.add_row(Text(name, style="dim"), Text(value))
    verdict = (
        [Text(f"{UNWELL} {one.message} {one.hint}", style="bold red") for one in found.wrong]
        if found.wrong
        else [Text(WELL, style="bold green")]
    )
    advice = [Text(f"Advice: {one}", style="yellow") for one in found.advice]
    title = Text(f"floodmark {found.version}, Python {found.python}, {found.system}", style="bold")
    return Group(title, Text(), grid, Text(), *advice, *verdict)


def _facts(found: Diagnosis) -> dict[str, str]:
    machine = found.machine
    return {
        "processor": f"{found.processor.name}; {_listed(found.processor.features)}; "
        f"{plural(found.cores, 'core')} to use",
        "kernel": _kernel(found),
        "evaluates": f"{found.name}{'' if found.name != engine('libsodium').name else ', one by one'}",
        "results": "equal to libsodium's, on random inputs of now" if found.equal else "WRONG",
        **_speed(found),
        "graphics card": found.graphics or f"none: {found.no_graphics}",
        "core dumps": "ON" if machine.core_dumps else "off while keys are held",
        "memory": _memory(found),
        "disk": f"{size(machine.disk)} free" if machine.disk is not None else "",
        "workspace": "there" if machine.workspace else "none yet",
        "keys": _keys(found),
    }


def _kernel(found: Diagnosis) -> str:
    if found.kernel is None:
        return "not compiled"
    return f"compiled; uses {_listed(_features(found))}"


def _features(found: Diagnosis) -> list[str]:
    """Instruction sets that the kernel uses, spelt as the processor's are."""
    return [str(one.name).replace("AVX512", "AVX-512") for one in found.kernel or ()]


def _speed(found: Diagnosis) -> dict[str, str]:
    rates = found.rates
    if rates is None:
        return {}
    return {
        "rate": f"{rates.one:,.0f} evaluations a second on one thread, {rates.all:,.0f} on {rates.threads}",
        "libsodium": f"{rates.libsodium:,.0f} on one thread; ratio {rates.ratio:.1f}"
        if found.name != engine("libsodium").name
        else "",
        "533 million": f"{_duration(LARGE_LEAK / rates.all)} of evaluations",
    }


def _duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> _duration(30), _duration(1_000), _duration(34_000)
    ('30 seconds', '17 minutes', '9.4 hours')
    """
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


def _memory(found: Diagnosis) -> str:
    if found.machine.memory is None:
        return ""
    free, every = found.machine.memory
    swap = {True: ", swap on", False: ", no swap", None: ""}[found.machine.swap]
    return f"{size(free)} free of {size(every)}{swap}"


def _keys(found: Diagnosis) -> str:
    if found.machine.keys:
        return f"{_listed(found.machine.keys)}; nobody else may use their folder"
    return "" if found.machine.wrong else "none yet"


def _listed(names: object) -> str:
    return listing([str(one) for one in names])  # type: ignore[attr-defined]
