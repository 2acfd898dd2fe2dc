"""One identifier that somebody asked about, for programs that know their own lookups and have no log of them.

>>> from datetime import UTC
>>> key = DigestKey(bytes(32))
>>> ada = Actor.of(key, account="ada")
>>> at = datetime(2026, 1, 5, 12, tzinfo=UTC)
>>> one = Lookup.of(key, at, ada, "contacts/delta", "phone", "+44 7400 123456", hit=True)
>>> "7400" in repr(one), Lookup.of(key, at, ada, "contacts/delta", "phone", "hello") is None
(False, True)
>>> table([one]).select("endpoint", "kind", "hit").rows()
[('contacts/delta', 'phone', True)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import polars as pl

from floodmark.guard.actors import PARTS, Actor
from floodmark.guard.lookups import SCHEMA
from floodmark.guard.reduction import Reduced, reduce_one
from floodmark.identifiers import IdentifierKind
from floodmark.identifiers.digests import DigestKey


@dataclass(frozen=True, slots=True)
class Lookup:
    """One identifier that somebody asked about, without the identifier.

    Attributes:
        at: when, with time zone.
        actor: who asked.
        endpoint: name of what was asked, such as `contacts/sync`; never a path with an identifier.
        kind: of the identifier.
        identifier: what is left of it.
        hit: whether it existed; None where nobody says.
    """

    at: datetime
    actor: Actor
    endpoint: str
    kind: IdentifierKind
    identifier: Reduced
    hit: bool | None = None

    @classmethod
    def of(
        cls,
        key: DigestKey,
        at: datetime,
        actor: Actor,
        endpoint: str,
        kind: IdentifierKind,
        text: str,
        *,
        hit: bool | None = None,
        region: str | None = None,
    ) -> Self | None:
        """The lookup of an identifier as it was asked, which is reduced here and kept nowhere; None where it is none.

        Args:
            key: the digest key, under which the actor's parts are, too.
            at: when, with time zone.
            actor: who asked.
            endpoint: name of what was asked.
            kind: of identifier.
            text: the identifier as it was asked.
            hit: whether it existed; None where nobody says.
            region: where national phone numbers were typed, ISO 3166-1 alpha-2.

        Raises:
            ValueError: the time has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError("a time carries its time zone")
        reduced = reduce_one(kind, text, key, region)
        return None if reduced is None else cls(at.astimezone(UTC), actor, endpoint, kind, reduced, hit)


def table(lookups: Iterable[Lookup]) -> pl.DataFrame:
    """Lookups as `write_lookups` and all else takes them.

    Args:
        lookups: in any order.

    Returns:
        Columns `SCHEMA`, in the order given.
    """
    rows = [
        (
            one.at,
            *(getattr(one.actor, part) for part in PARTS),
            one.endpoint,
            one.kind,
            one.identifier.digest,
            one.identifier.block,
            one.identifier.position,
            one.hit,
        )
        for one in lookups
    ]
    return pl.DataFrame(rows, SCHEMA, orient="row")
