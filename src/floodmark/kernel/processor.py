r"""This machine's processor, by what Linux tells of it.

>>> read("processor : 0\nmodel name : Some Processor\nflags : fpu avx2 sha_ni avx512f avx512ifma\n").features
('SHA', 'AVX2', 'AVX-512', 'IFMA')
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SYSTEMS_OWN = Path("/proc/cpuinfo")
FLAGS = {"sha_ni": "SHA", "avx2": "AVX2", "avx512f": "AVX-512", "avx512ifma": "IFMA"}


@dataclass(frozen=True)
class Processor:
    """A processor.

    Attributes:
        name: that its maker gave it.
        features: those instruction sets that the kernel has paths for, whether or not they were built.
    """

    name: str
    features: tuple[str, ...]


def processor(place: Path = SYSTEMS_OWN) -> Processor:
    """This machine's; elsewhere than on Linux without its features."""
    with suppress(OSError, UnicodeDecodeError):
        return read(place.read_text())
    return read("")


def read(text: str) -> Processor:
    """The first processor of a text in the form of `/proc/cpuinfo`."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        told.setdefault(key.strip(), value.strip())
    has = set(told.get("flags", "").split())
    return Processor(
        name=told.get("model name") or platform.machine() or "unknown",
        features=tuple(name for flag, name in FLAGS.items() if flag in has),
    )


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0))
