"""What a workspace knows when an assertion is tested: statements, tables of countries, and what triage counted.

A leak's profile is believed only as it was signed. One that cannot be read is left out, and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from floodmark.assessment.fingerprint.known import KnownTable, said_table
from floodmark.assessment.statements.country_table import exactly
from floodmark.assessment.statements.statement import Statement
from floodmark.errors import FloodmarkError
from floodmark.register.incidents import known_incidents
from floodmark.register.leaks import Leak, list_leaks
from floodmark.register.statements import list_statements

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace
    from floodmark.triage.profile import Profile

MOST_KEPT = 8  # profiles, in memory
_COUNTRY = re.compile(r"(?!ZZ)[A-Z]{2}")  # no ZZ, which is unknown, and no 001, which is the world


@dataclass(frozen=True)
class Recorded:
    """All that a workspace knows.

    Attributes:
        statements: every one, in the order in which they were said.
        tables: countries of statements that have a table, and of saved leaks.
        profiles: `profile.json` of saved leaks as JSON values, by slug.
        unread: slugs of leaks whose profile cannot be read, or is not what was signed.
    """

    statements: tuple[Statement, ...]
    tables: tuple[KnownTable, ...]
    profiles: Mapping[str, Mapping[str, Any]]
    unread: tuple[str, ...]


def recorded(workspace: Workspace) -> Recorded:
    """What is known here; nothing, where nothing was recorded or saved."""
    with workspace.connect() as connection:
        said = tuple(list_statements(connection))
        titles = {one.slug: one.title for one in known_incidents(connection)}
        leaks = list_leaks(connection)
    published = (said_table(one, titles.get(one.about, one.about)) for one in said)
    tables = [one for one in published if one is not None]
    read, unread = [], []
    for leak in leaks:
        try:
            profile = _profile(workspace, leak.slug)
        except FloodmarkError:
            unread.append(leak.slug)
            continue
        read.append(leak.slug)
        if profile.countries:
            tables.append(_counted(leak, profile))
    return Recorded(said, tuple(tables), SavedProfiles(workspace, tuple(read)), tuple(unread))


def known_tables(workspace: Workspace) -> tuple[KnownTable, ...]:
    """Tables of countries of recorded statements, then those that triage counted in saved leaks."""
    return recorded(workspace).tables


class SavedProfiles(Mapping[str, Mapping[str, Any]]):
    """`profile.json` of saved leaks as JSON values, by slug: read when one is asked for, and a few of them kept.

    A profile has the statistics for every later test, so that those of many leaks together are large.

    Args:
        workspace: where they are saved.
        slugs: of leaks whose profiles could be read.
    """

    def __init__(self, workspace: Workspace, slugs: tuple[str, ...]) -> None:
        self._slugs = slugs
        self._read = lru_cache(MOST_KEPT)(lambda slug: _profile(workspace, slug).to_dict())

    def __getitem__(self, slug: str) -> Mapping[str, Any]:
        """One of them.

        Raises:
            KeyError: it is none of them.
            FloodmarkError: it was changed or forgotten since.
        """
        if slug not in self._slugs:
            raise KeyError(slug)
        return self._read(slug)

    def __iter__(self) -> Iterator[str]:
        """Slugs, sorted."""
        return iter(self._slugs)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._slugs)


def _profile(workspace: Workspace, slug: str) -> Profile:
    from floodmark.register.profiles import saved_profile

    return saved_profile(workspace, slug)


def _counted(leak: Leak, profile: Profile) -> KnownTable:
    """Rows with a valid number by its country: an advert counts the lines of its files, not distinct numbers."""
    return KnownTable(
        id=f"profile:{leak.slug}",
        about=leak.slug,
        title=f"{leak.title} (made-up data)" if leak.synthetic else leak.title,
        dated=leak.saved_at[:10],
        counts={
            one.country: exactly(one.phones) for one in profile.countries if _COUNTRY.fullmatch(one.country)
        },
        total=exactly(profile.rows),
        counted=True,
        synthetic=leak.synthetic,
    )
