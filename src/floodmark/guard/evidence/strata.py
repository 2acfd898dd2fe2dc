"""Strata: which actors are compared with which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Strata:
    """Strata that training had enough actors for.

    Attributes:
        names: of strata, finest first.
    """

    names: tuple[str, ...] = ()
