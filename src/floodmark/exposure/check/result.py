"""What a check found: leaks and field types, and never what was asked about."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from floodmark.exposure.snapshots import Snapshot, SnapshotLeak
from floodmark.identifiers.field_types import IdentifierKind

FORMAT = "floodmark/check/1"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class FoundLeak:
    """A leak that holds the identifier.

    Attributes:
        slug: name of the leak, for machines.
        title: its name.
        domain: whose data it is said to be, such as `example.org`; may be empty.
        description: of the leak; may be empty.
        breach_date: when the data was taken: `2019`, `2019-08`, `2019-08-31` or None where nobody knows.
        published_date: when it came out, likewise.
        verified: whether the data is known to be real.
        fabricated: whether it is known to be made up.
        spam_list: whether it is a list of addresses and no breach.
        malware: whether it came from machines with malware.
        stealer_log: whether it came from an information stealer's log.
        synthetic: whether it was made for a test, and is nobody's data.
        field_types: labels of what it says of whoever has the identifier, the identifier's own among them.
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
    field_types: tuple[str, ...]

    @classmethod
    def of(cls, leak: SnapshotLeak, field_set: int) -> FoundLeak:
        """A leak of the snapshot, in which the identifier has this field set."""
        return cls(
            slug=leak.slug,
            title=leak.title,
            domain=leak.domain,
            description=leak.description,
            breach_date=leak.breach_date,
            published_date=leak.published_date,
            verified=leak.verified,
            fabricated=leak.fabricated,
            spam_list=leak.spam_list,
            malware=leak.malware,
            stealer_log=leak.stealer_log,
            synthetic=leak.synthetic,
            field_types=leak.manifest.field_sets[field_set],
        )


@dataclass(frozen=True)
class CheckedIdentifier:
    """What was found of one identifier.

    Attributes:
        kind: of it.
        leaks: that hold it, in the snapshot's order.
        looked_in: how many leaks were sealed for identifiers of this kind.
        not_looked_in: slugs of leaks that were not sealed for identifiers of this kind: of these, nothing is known.
    """

    kind: IdentifierKind
    leaks: tuple[FoundLeak, ...]
    looked_in: int
    not_looked_in: tuple[str, ...]

    @property
    def field_types(self) -> tuple[str, ...]:
        """Labels of what all of its leaks say of whoever has it, each once."""
        return tuple(dict.fromkeys(label for leak in self.leaks for label in leak.field_types))


@dataclass(frozen=True)
class SnapshotFacts:
    """The snapshot from which the answer comes.

    Attributes:
        id: 32 hexadecimal digits.
        number: 1 and up.
        made_at: with time zone.
        expires_at: with time zone.
        epoch: of the key.
        leaks: how many it holds.
        synthetic: how many of them were made for a test.
    """

    id: str
    number: int
    made_at: datetime
    expires_at: datetime
    epoch: int
    leaks: int
    synthetic: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotFacts:
        """Those of a snapshot."""
        return cls(
            snapshot.id,
            snapshot.number,
            snapshot.made_at,
            snapshot.expires_at,
            snapshot.epoch,
            len(snapshot.leaks),
            sum(leak.synthetic for leak in snapshot.leaks),
        )


@dataclass(frozen=True)
class Checked:
    """The answer of a check.

    Attributes:
        identifiers: what was found of each, in the order in which they were asked about.
        snapshot: from which the answer comes.
    """

    identifiers: tuple[CheckedIdentifier, ...]
    snapshot: SnapshotFacts

    @property
    def found(self) -> bool:
        """Whether any of them is in any leak."""
        return any(one.leaks for one in self.identifiers)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, as `check.schema.json` describes them."""
        snapshot = asdict(self.snapshot) | {
            "made_at": self.snapshot.made_at.strftime(MOMENT),
            "expires_at": self.snapshot.expires_at.strftime(MOMENT),
        }
        identifiers = [
            {
                "kind": one.kind,
                "leaks": [asdict(leak) | {"field_types": list(leak.field_types)} for leak in one.leaks],
                "looked_in": one.looked_in,
                "not_looked_in": list(one.not_looked_in),
            }
            for one in self.identifiers
        ]
        return {"format": FORMAT, "found": self.found, "snapshot": snapshot, "identifiers": identifiers}
