"""What an assessment needs of a saved leak; the register's leaks are of this form without knowing of it.

Digests of one kind ascend and are distinct, and the other arrays stand in their order. That a file on the disk is
as it was saved is the duty of whoever opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]

VALUES = ("name", "location")
"""The values of which a saved leak keeps 16-bit digests, by column of its array."""


class SavedLeak(Protocol):
    """Arrays of one leak, which may be mapped from files."""

    @property
    def slug(self) -> str:
        """Name of the leak in the workspace."""
        ...

    @property
    def kinds(self) -> list[str]:
        """Identifier kinds that the leak has."""
        ...

    @property
    def field_sets(self) -> list[list[str]]:
        """Field types of every field set, by its number."""
        ...

    def digests(self, kind: str) -> NDArray[Any]:
        """Ascending, distinct; uint64, shape (n,)."""
        ...

    def fields(self, kind: str) -> NDArray[Any]:
        """Number of the field set of each identifier; unsigned, shape (n,)."""
        ...

    def values(self, kind: str) -> NDArray[Any]:
        """Digests of `VALUES` for each identifier, 0 where it has none; uint16, shape (n, 2)."""
        ...


@dataclass(frozen=True)
class ComparedLeak:
    """A leak with what must be known of it before it is compared.

    Attributes:
        arrays: its identifiers.
        digest_key_id: which key made its digests: those of two keys have nothing in common.
        synthetic: whether it is made up, which every output says.
    """

    arrays: SavedLeak
    digest_key_id: str
    synthetic: bool

    @property
    def slug(self) -> str:
        """Name of the leak in the workspace."""
        return self.arrays.slug


@dataclass(frozen=True)
class Identifiers:
    """One kind of one leak, mapped: arrays of n identifiers in ascending order of their digests.

    Attributes:
        slug: the leak's name in the workspace.
        digests: uint64, shape (n,).
        fields: number of the field set; unsigned, shape (n,).
        values: digests of `VALUES`; uint16, shape (n, 2), 0 where absent.
        field_sets: field types by number of the set.
    """

    slug: str
    digests: Digests
    fields: NDArray[np.unsignedinteger[Any]]
    values: NDArray[np.uint16]
    field_sets: Sequence[Sequence[str]]

    @classmethod
    def of(cls, leak: SavedLeak, kind: str) -> Identifiers:
        """Those of a leak that has the kind."""
        return cls(leak.slug, leak.digests(kind), leak.fields(kind), leak.values(kind), leak.field_sets)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.digests.nbytes + self.fields.nbytes + self.values.nbytes
