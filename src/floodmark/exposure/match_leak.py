"""Looking for a watch list in a saved leak, by digests alone: who holds the digest key needs no dump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError
from floodmark.exposure import field_masks
from floodmark.exposure.canonical import IDENTIFIERS, EntryKind
from floodmark.exposure.match import NUMBERS, Hits, Matched
from floodmark.exposure.number_ranges import NumbersUnder
from floodmark.exposure.watch import WatchList
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel import sorted_sets

MOST_NUMBERS = 100_000_000  # under one prefix: eight free digits
BLOCK = 1 << 20
SPACE = 2.0**64
Digests = NDArray[np.uint64]


class PrefixTooShort(FloodmarkError):
    """A prefix stands for more numbers than are tried against a saved leak."""

    slug: ClassVar[str] = "prefix-too-short"
    hint = "Match the dump itself, where a prefix may be of any length; or watch longer prefixes."


class SavedLeak(Protocol):
    """What matching needs of a saved leak; the register's leaks are of this form without knowing of it."""

    @property
    def slug(self) -> str:
        """Name of the leak in the workspace."""
        ...

    @property
    def kinds(self) -> list[str]:
        """Kinds of identifiers that the leak has."""
        ...

    @property
    def field_sets(self) -> list[list[str]]:
        """Labels of field types of every field set, by its number."""
        ...

    def digests(self, kind: str) -> NDArray[Any]:
        """Ascending and distinct; uint64, shape (n,)."""
        ...

    def fields(self, kind: str) -> NDArray[Any]:
        """Number of the field set of each identifier; unsigned, shape (n,)."""
        ...

    def domain_counts(self, digests: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Distinct addresses under each domain, the domains below it included; int64, shape (n,)."""
        ...


def match_leak(
    leak: SavedLeak,
    watch: WatchList,
    key: DigestKey,
    *,
    synthetic: bool,
    advance: Callable[[int], None] | None = None,
) -> Matched:
    """Which entries of a watch list are in a saved leak.

    Args:
        leak: its arrays.
        watch: what to look for.
        key: the digest key that the leak was saved with.
        synthetic: whether the leak is made up.
        advance: told how many entries and numbers were looked up since it was last called.

    Raises:
        PrefixTooShort: a watched prefix has more than `MOST_NUMBERS` valid numbers.
        ArrayDamaged: an array of the leak is not what was saved (of the register).
    """
    step = advance or (lambda _: None)
    under = _under(watch)
    masks = field_masks.of_sets(leak.field_sets)
    hits: dict[EntryKind, Hits] = {}
    false_hits = 0.0
    for kind in IDENTIFIERS:
        if kind in watch.entries:
            hits[kind] = _hits(leak, kind, watch, key, masks, step)
            false_hits += _chance(leak, kind, len(watch.entries[kind]))
    numbers = _numbers(leak, under, key, masks, step)
    false_hits += _chance(leak, "phone", under.count)
    domains = np.zeros(0, np.int64)
    if "domain" in watch.entries:
        domains = leak.domain_counts(digests.of_texts("domain", watch.entries["domain"].values, key))
    return Matched(leak.slug, "leak", synthetic, watch, hits, None, numbers, domains, false_hits)


def lookups(watch: WatchList) -> int:
    """How many entries and numbers `match_leak` will look up; raises as it does."""
    own = sum(len(index) for kind, index in watch.entries.items() if kind in IDENTIFIERS)
    return own + _under(watch).count


def _chance(leak: SavedLeak, kind: str, asked: int) -> float:
    """Expected false hits of `asked` identifiers among the digests of a kind: n·m/2^64."""
    return asked * len(leak.digests(kind)) / SPACE if kind in leak.kinds else 0.0


def _hits(
    leak: SavedLeak,
    kind: EntryKind,
    watch: WatchList,
    key: DigestKey,
    masks: field_masks.Masks,
    step: Callable[[int], None],
) -> Hits:
    """Entries of one kind that the leak has, block by block."""
    values = watch.entries[kind].values
    entries, sets = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    if kind in leak.kinds:
        known, fields = leak.digests(kind), leak.fields(kind)
        for start in range(0, values.len(), BLOCK):
            part = values.slice(start, BLOCK)
            made = (
                digests.of_phones(part.to_numpy(), key)
                if kind == "phone"
                else digests.of_texts(kind, part, key)
            )
            rows, places = _common(made, known)
            entries.append(rows + start)
            sets.append(masks[fields[places]])
            step(part.len())
    found = np.concatenate(entries)
    order = np.argsort(found)
    return Hits(found[order], np.concatenate(sets)[order], None)


def _numbers(
    leak: SavedLeak,
    under: NumbersUnder,
    key: DigestKey,
    masks: field_masks.Masks,
    step: Callable[[int], None],
) -> pl.DataFrame:
    """Numbers under watched prefixes that the leak has, each once, ascending."""
    found = [pl.DataFrame(schema=NUMBERS)]
    if "phone" in leak.kinds:
        known, fields = leak.digests("phone"), leak.fields("phone")
        for block in under.blocks(BLOCK):
            rows, places = _common(digests.of_phones(block, key), known)
            frame = {"number": block[rows], "fields": masks[fields[places]]}
            found.append(pl.DataFrame(frame).with_columns(rows=pl.lit(None, pl.Int64)))
            step(len(block))
    return pl.concat(found).sort("number")


def _common(made: Digests, known: Digests) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of `made` (distinct, any order) that are in `known` (ascending), and where they are there."""
    order = np.argsort(made)
    mine, theirs = sorted_sets.common(made[order], known)
    return order[mine], theirs


def _under(watch: WatchList) -> NumbersUnder:
    """Numbers under the watched prefixes, each once.

    Raises:
        PrefixTooShort: one has more than are tried.
    """
    prefixes = watch.entries["prefix"].values.to_list() if "prefix" in watch.entries else []
    under = NumbersUnder.of(prefixes)
    if under.count > MOST_NUMBERS:
        for prefix in prefixes:
            if (count := NumbersUnder.of([prefix]).count) > MOST_NUMBERS:
                raise PrefixTooShort(
                    f"The prefix +{prefix} has {count:,} valid numbers, "
                    f"and at most {MOST_NUMBERS:,} are tried against a saved leak."
                )
    return under
