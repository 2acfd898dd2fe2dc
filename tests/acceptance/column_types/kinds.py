"""The kinds of column that tables are made of, each with what a right answer is.

A kind has several written forms, half of them seen while rules are written and others only when they are measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .people import Making

Form = Callable[[Making], list[str]]


@dataclass
class Kind:
    """A kind of column.

    Attributes:
        name: what a column of this kind truly is, finer than a type.
        right: types that are right where the column has a name.
        bare: types that are right where it has none, `unknown` among them where nobody could tell.
        forms: ways to write such cells, by name.
        weight: how often tables have it, against 1.
        hash_kind: for password hashes, the kind of hash by form.
    """

    name: str
    right: frozenset[str]
    bare: frozenset[str]
    weight: float = 1.0
    forms: dict[str, Form] = field(default_factory=dict)
    hash_kind: dict[str, str] = field(default_factory=dict)


KINDS: dict[str, Kind] = {}


def kind(name: str, right: str, bare: str | None = None, weight: float = 1.0) -> Kind:
    """Registers a kind; types are parted by blanks."""
    found = Kind(name, frozenset(right.split()), frozenset((bare or right).split()), weight)
    KINDS[name] = found
    return found


def form(of: Kind, name: str) -> Callable[[Form], Form]:
    """Registers the function below as a form."""

    def register(function: Form) -> Form:
        of.forms[name] = function
        return function

    return register
