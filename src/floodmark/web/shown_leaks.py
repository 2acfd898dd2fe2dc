"""A leak as a server tells of it: made of the snapshot, of the register, or of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from floodmark.exposure.snapshots import SnapshotLeak
from floodmark.identifiers import FieldType
from floodmark.register.leaks import Leak
from floodmark.triage.public_profile import rounded


@dataclass(frozen=True, kw_only=True)
class ShownLeak:
    """A leak as it is told of.

    Dates are `2019`, `2019-08`, `2019-08-31` or None.

    Attributes:
        public: whether it is in the snapshot.
        exact: whether kinds of data are told that occur even once, and members exactly; else both are as the public
            profile has them: kinds that enough different rows have, and members in tens.
        field_types: labels of what it holds, in the order of their numbers.
        members: identifiers by kind; of a public one those that were sealed.
        sealed_at: ISO 8601, UTC; None of one that is not public.
        saved_at: the same; None where the register does not have it.
    """

    slug: str
    title: str
    domain: str
    description: str
    breach_date: str | None
    published_date: str | None
    verified: bool
    fabricated: bool
    spam_list: bool
    malware: bool
    stealer_log: bool
    synthetic: bool
    public: bool
    sensitive: bool = False
    retired: bool = False
    attribution: str = ""
    disclosure_url: str = ""
    exact: bool = True
    field_types: tuple[str, ...] = ()
    members: Mapping[str, int] = field(default_factory=dict)
    sealed_at: str | None = None
    saved_at: str | None = None


_SAME = (
    "slug", "title", "domain", "description", "breach_date", "published_date", "verified", "fabricated",
    "spam_list", "malware", "stealer_log", "synthetic",
)  # fmt: skip


def of_snapshot(leak: SnapshotLeak, row: Leak | None = None, held: Iterable[str] = ()) -> ShownLeak:
    """A leak of the snapshot.

    Args:
        leak: as it was signed.
        row: the register's of the same leak, whose public profile is told of beside it; None for no such.
        held: labels of the kinds of data that this profile names.
    """
    values = {name: getattr(leak, name) for name in _SAME}
    members = leak.manifest.members
    if row is None:
        held = set().union(*leak.manifest.field_sets)
    else:
        values |= {name: getattr(row, name) for name in ("attribution", "disclosure_url", "saved_at")}
        members = {kind: rounded(count) for kind, count in members.items()}
    return ShownLeak(
        **values,
        public=True,
        exact=row is None,
        field_types=_ordered(held),
        members=members,
        sealed_at=leak.manifest.sealed_at,
    )


def of_register(row: Leak) -> ShownLeak:
    """A leak that is not in the snapshot, for whoever may read all."""
    names = (*_SAME, "sensitive", "retired", "attribution", "disclosure_url", "saved_at")
    values = {name: getattr(row, name) for name in names}
    return ShownLeak(**values, public=False, field_types=_ordered(row.field_types), members=row.identifiers)


def _ordered(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels by number; those that this version does not know are last."""
    numbers = {kind.label: kind.value for kind in FieldType}
    return tuple(sorted(set(labels), key=lambda label: (numbers.get(label, 1 << 16), label)))
