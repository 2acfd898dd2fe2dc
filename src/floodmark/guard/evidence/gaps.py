"""Neighbours: whether an actor asks for identifiers next to those that it has asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gaps:
    """How gaps between neighbours are scored.

    Attributes:
        exponents: s of `s v^(s - 1)`.
        cap: most that one identifier may be worth.
    """

    exponents: tuple[float, ...] = (0.1, 0.3, 0.5)
    cap: float = 20.0
