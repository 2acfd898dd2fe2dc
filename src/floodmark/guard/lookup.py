"""One identifier that somebody asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from floodmark.guard.actors import Actor
from floodmark.guard.reduction import Reduced


@dataclass(frozen=True, slots=True)
class Lookup:
    """One identifier that somebody asked about, without the identifier.

    Attributes:
        at: when, with time zone.
        actor: who asked.
        endpoint: name of what was asked, such as `contacts/sync`; never a path with an identifier.
        identifier: what is left of the identifier.
        hit: whether it existed; None where nobody says.
    """

    at: datetime
    actor: Actor
    endpoint: str
    identifier: Reduced
    hit: bool | None = None
