"""How many identifiers saved leaks share, exactly, and whether they say the same of those they share.

Every number counts distinct identifiers of one kind: not rows and not people. Work goes by ranges of values, in two
threads, so that memory stays bounded at any size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, ClassVar

from floodmark.assessment.agreement import FieldChange, ValueAgreement, agreement_of, changes_of
from floodmark.assessment.meaning import Meaning, meaning_of
from floodmark.assessment.patterns import MOST_IN_PATTERNS, Pattern, patterns_of, union_of
from floodmark.assessment.saved import VALUES, ComparedLeak, Identifiers
from floodmark.assessment.tally import PairTally
from floodmark.assessment.threads import in_ranges
from floodmark.errors import FloodmarkError, UsageError

SCHEMA_VERSION = 1
Advance = Callable[[int], None]


class OtherDigestKey(FloodmarkError):
    """Leaks whose digests were made with different keys cannot be compared."""

    slug: ClassVar[str] = "other-digest-key"
    hint = "Save the leaks again from their files with one key; digests cannot be moved to another."


@dataclass(frozen=True)
class LeakSize:
    """One leak, and how many distinct identifiers of a kind it has."""

    slug: str
    synthetic: bool
    identifiers: int


@dataclass(frozen=True)
class PairOverlap:
    """Two leaks, one kind; all numbers count distinct identifiers.

    Attributes:
        a: slug of the first leak.
        b: slug of the second.
        shared: identifiers in both.
        share_of_a: share of the first leak's; None when it has none.
        share_of_b: share of the second's.
        jaccard: share of those in either; None when there is none.
        agreement: each value on the shared ones.
        fields: field types gained and lost on the shared ones.
        meaning: what this suggests, in words.
    """

    a: str
    b: str
    shared: int
    share_of_a: float | None
    share_of_b: float | None
    jaccard: float | None
    agreement: list[ValueAgreement]
    fields: list[FieldChange]
    meaning: Meaning


@dataclass(frozen=True)
class KindOverlap:
    """One identifier kind over all leaks that have it.

    Attributes:
        kind: the kind.
        leaks: size of each leak, largest first.
        union: distinct identifiers in any of them.
        pairs: every two of them.
        patterns: how many identifiers lie in exactly which leaks, most first, those without any left out.
        patterns_of: the leaks that `patterns` tell apart: all, or the twelve largest.
    """

    kind: str
    leaks: list[LeakSize]
    union: int
    pairs: list[PairOverlap]
    patterns: list[Pattern]
    patterns_of: list[str]


@dataclass(frozen=True)
class Overlap:
    """The overlap of several leaks, by identifier kind."""

    leaks: list[str]
    synthetic: list[str]
    kinds: list[KindOverlap]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/reference/overlap.md)."""
        return {"schema_version": SCHEMA_VERSION, "counts": "distinct identifiers"} | asdict(self)


def overlap(
    leaks: Sequence[ComparedLeak],
    kinds: Sequence[str] | None = None,
    *,
    workers: int = 2,
    advance: Advance | None = None,
) -> Overlap:
    """Compare leaks by every identifier kind that any of them has.

    Args:
        leaks: at least two, with one digest key.
        kinds: identifier kinds to look at; by default all.
        workers: threads.
        advance: told of bytes done, from the calling thread; `work_bytes` says how many there are.

    Raises:
        UsageError: fewer than two leaks, or one twice.
        OtherDigestKey: the leaks have more than one digest key.
    """
    check_leaks(leaks)
    step = advance or _nothing
    found = [_kind(leaks, kind, workers, step) for kind in kinds_of(leaks) if kinds is None or kind in kinds]
    slugs = [leak.slug for leak in leaks]
    return Overlap(slugs, [leak.slug for leak in leaks if leak.synthetic], found)


def kinds_of(leaks: Sequence[ComparedLeak]) -> list[str]:
    """Identifier kinds that any leak has, in the order in which they come."""
    return list(dict.fromkeys(kind for leak in leaks for kind in leak.arrays.kinds))


def work_bytes(leaks: Sequence[ComparedLeak], kinds: Sequence[str] | None = None, workers: int = 2) -> int:
    """Bytes that `overlap` reads: each pair's arrays, and digests again for patterns and the union of many."""
    total = 0
    for kind in kinds_of(leaks):
        if kinds is not None and kind not in kinds:
            continue
        having = list(_having(leaks, kind, workers).values())
        total += (len(having) - 1) * sum(one.nbytes for one in having)
        sizes = sorted((one.digests.nbytes for one in having), reverse=True)
        total += sum(sizes[:MOST_IN_PATTERNS]) if len(having) > 2 else 0
        total += sum(sizes) if len(having) > MOST_IN_PATTERNS else 0
    return total


def check_leaks(leaks: Sequence[ComparedLeak]) -> None:
    """Refuse what cannot be compared; raises as `overlap`."""
    if len(leaks) < 2:
        raise UsageError("Overlap needs at least two leaks.", "Save another leak, or name two.")
    if len({leak.slug for leak in leaks}) < len(leaks):
        raise UsageError("A leak is named twice.", "Name each leak once.")
    first = leaks[0]
    for leak in leaks:
        if leak.digest_key_id != first.digest_key_id:
            raise OtherDigestKey(
                f"The digests of {first.slug} and {leak.slug} were made with different keys "
                f"({first.digest_key_id} and {leak.digest_key_id}), so they have nothing in common by design."
            )


def _kind(leaks: Sequence[ComparedLeak], kind: str, workers: int, advance: Advance) -> KindOverlap:
    having = _having(leaks, kind, workers)
    sizes = [
        LeakSize(leak.slug, leak.synthetic, having[leak.slug].digests.size)
        for leak in leaks
        if leak.slug in having
    ]
    sizes.sort(key=lambda one: -one.identifiers)
    order = [one.slug for one in sizes]
    pairs = [_pair(having[a], having[b], workers, advance) for a, b in combinations(order, 2)]
    largest = order[:MOST_IN_PATTERNS]
    if len(order) == 2:
        patterns = _two(sizes, pairs[0].shared)
    else:
        patterns = patterns_of({slug: having[slug].digests for slug in largest}, workers, advance)
    if len(largest) == len(order):
        union = sum(one.identifiers for one in patterns)
    else:
        union = union_of([one.digests for one in having.values()], workers, advance)
    return KindOverlap(kind, sizes, union, pairs, patterns, largest)


def _having(leaks: Sequence[ComparedLeak], kind: str, workers: int) -> dict[str, Identifiers]:
    """By slug, the identifiers of each leak that has the kind; several leaks at once, since each is checked now."""
    wanted = [leak for leak in leaks if kind in leak.arrays.kinds]
    with ThreadPoolExecutor(workers) as pool:
        opened = pool.map(lambda leak: Identifiers.of(leak.arrays, kind), wanted)
        return {leak.slug: one for leak, one in zip(wanted, opened, strict=True)}


def _two(sizes: Sequence[LeakSize], shared: int) -> list[Pattern]:
    """The patterns of two leaks, which their sizes and what they share decide."""
    first, second = sizes
    found = [
        Pattern([first.slug, second.slug], shared),
        Pattern([first.slug], first.identifiers - shared),
        Pattern([second.slug], second.identifiers - shared),
    ]
    return sorted((one for one in found if one.identifiers), key=lambda one: -one.identifiers)


def _pair(a: Identifiers, b: Identifiers, workers: int, advance: Advance) -> PairOverlap:
    tally = in_ranges(
        [a.digests, b.digests], lambda: PairTally(a, b), PairTally.add, workers, advance, a.nbytes + b.nbytes
    )
    agreement = [
        agreement_of(value, one, tally.shared) for value, one in zip(VALUES, tally.values, strict=True)
    ]
    either = a.digests.size + b.digests.size - tally.shared
    return PairOverlap(
        a=a.slug,
        b=b.slug,
        shared=tally.shared,
        share_of_a=_share(tally.shared, a.digests.size),
        share_of_b=_share(tally.shared, b.digests.size),
        jaccard=_share(tally.shared, either),
        agreement=agreement,
        fields=changes_of(tally.fields, tally.types),
        meaning=meaning_of(tally.shared, agreement),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _nothing(size: int) -> None:
    """Take the bytes done and show nothing."""
