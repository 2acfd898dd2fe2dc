"""What tests are given, and what a test is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement


@dataclass(frozen=True)
class Material:
    """Everything that is known when assertions are tested.

    Attributes:
        statements: all of them, of every leak and incident.
        known_tables: tables of countries that were published or counted, of every leak and incident.
        profiles: `profile.json` of saved leaks as JSON values, by slug.
    """

    statements: Sequence[Statement] = ()
    known_tables: Sequence[KnownTable] = ()
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class EvidenceTest:
    """One test.

    Attributes:
        name: of `Evidence.test`.
        kinds: of assertions that it can test.
        needs: what it needs to be run, as `a profile of the data`.
        run: its results on one assertion of one statement; none where it lacks what it needs.
    """

    name: str
    kinds: frozenset[str]
    needs: str
    run: Callable[[Statement, Assertion, Material], Iterable[Evidence]]
