"""Canaries: identifiers valid in form that nobody holds, so that only who lists identifiers asks for them.

What lies at rest are digests under the workspace's key and the range that they were drawn from; the canaries
themselves can be drawn again by whoever has the key (`canaries_making.drawn_again`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, cast, get_args

import polars as pl

from floodmark.errors import UsageError
from floodmark.guard import keyed_json
from floodmark.guard.canaries_score import STALE, e_value
from floodmark.guard.keyed_json import GuardFileError
from floodmark.identifiers import IdentifierKind

MOST = 100_000
"""Canaries of all sets together, at most."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WHAT = "canaries"


@dataclass(frozen=True)
class CanarySet:
    """Canaries that were made together.

    Attributes:
        name: of the set.
        kind: of identifier.
        range: that they were drawn from, as text; empty where from a list.
        valid: identifiers in it that are valid in form, about.
        unheld: of these, those that nobody holds, about.
        checked: identifiers of holders that they were checked against.
        made: when, seconds since 1970 UTC; a lookup before that says nothing.
        digests: of the canaries, ascending.
    """

    name: str
    kind: IdentifierKind
    range: str
    valid: int
    unheld: int
    checked: int
    made: float
    digests: tuple[int, ...]


class Canaries:
    """All sets of canaries.

    Args:
        sets: of different names.
    """

    def __init__(self, sets: Iterable[CanarySet] = ()) -> None:
        self.sets = tuple(sets)
        self._set_of = {digest: one for one in self.sets for digest in one.digests}
        self.digests = frozenset(self._set_of)

    def set_of(self, digest: int) -> CanarySet | None:
        """The set that a digest is a canary of; None for an ordinary identifier."""
        return self._set_of.get(digest)

    def says(self, digest: int, at: float) -> bool:
        """Whether a lookup of a digest at a time, seconds since 1970 UTC, is one of a canary that was made by then."""
        found = self._set_of.get(digest)
        return found is not None and at >= found.made

    def score(self, asked: int, identifiers: int, stale: float = STALE) -> float:
        """The e-value of an actor, see `canaries_score`.

        Args:
            asked: different canaries that it asked for.
            identifiers: different identifiers that it asked for in all.
            stale: share of identifiers that nobody holds in what ordinary clients ask about, at most.
        """
        by_listing = sum(len(one.digests) / one.valid for one in self.sets)
        by_chance = sum(stale * len(one.digests) / one.unheld for one in self.sets)
        return e_value(asked, identifiers, by_chance, by_listing)

    def lookups(self, lookups: pl.LazyFrame | pl.DataFrame) -> pl.LazyFrame:
        """The lookups of canaries, from when each was made on.

        Args:
            lookups: of columns `SCHEMA`.

        Returns:
            Those rows, with `canaries` (name of the set, String) and `made` (Datetime, UTC).
        """
        table = pl.LazyFrame(
            {
                "identifier": [digest for one in self.sets for digest in one.digests],
                "canaries": [one.name for one in self.sets for _ in one.digests],
                "made": [int(one.made * 1e6) for one in self.sets for _ in one.digests],
            },
            schema={"identifier": pl.UInt64, "canaries": pl.String, "made": pl.Int64},
        ).with_columns(pl.col("made").cast(pl.Datetime("us", "UTC")))
        return (
            lookups.lazy()
            .join(table, on="identifier", how="inner", maintain_order="left")
            .filter(pl.col("at") >= pl.col("made"))
        )

    def with_one(self, one: CanarySet) -> Canaries:
        """The sets with one more.

        Raises:
            UsageError: its name is taken, or there would be too many canaries.
        """
        if any(other.name == one.name for other in self.sets):
            raise UsageError("There are canaries of this name", "Forget those first, or choose another name.")
        if len(self.digests) + len(one.digests) > MOST:
            raise UsageError(f"There would be more than {MOST:,} canaries", "Forget some, or make fewer.")
        return Canaries([*self.sets, one])

    def without(self, name: str) -> Canaries:
        """The sets without one.

        Raises:
            UsageError: there is none of this name.
        """
        if all(one.name != name for one in self.sets):
            raise UsageError("There are no canaries of this name", "See floodmark guard canaries list.")
        return Canaries(one for one in self.sets if one.name != name)

    @classmethod
    def read(cls, path: Path, key_id: str) -> Self:
        """The sets in a file; none where there is no file.

        Raises:
            GuardFileError: it is damaged, or made under another digest key.
        """
        entries = keyed_json.read(path, _WHAT, key_id)
        try:
            return cls(_read(entry) for entry in entries)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise GuardFileError(f"{path.name} is damaged") from error

    def write(self, path: Path, key_id: str) -> None:
        """Write the sets, private.

        Raises:
            OutputFailed: it cannot be written.
        """
        rows = [{**asdict(one), "digests": [f"{digest:016x}" for digest in one.digests]} for one in self.sets]
        keyed_json.write(path, _WHAT, key_id, rows)


def _read(entry: dict[str, Any]) -> CanarySet:
    digests = tuple(sorted({int(digest, 16) for digest in entry["digests"]}))
    found = CanarySet(
        name=str(entry["name"]),
        kind=cast(IdentifierKind, entry["kind"]),
        range=str(entry["range"]),
        valid=int(entry["valid"]),
        unheld=int(entry["unheld"]),
        checked=int(entry["checked"]),
        made=float(entry["made"]),
        digests=digests,
    )
    good = NAME.fullmatch(found.name) and found.kind in get_args(IdentifierKind) and digests
    if not good or not 0 <= digests[0] <= digests[-1] < 1 << 64 or len(digests) > MOST:
        raise ValueError
    if not 0 < found.unheld <= found.valid or not 0 <= found.made < 1e11:
        raise ValueError
    return found
