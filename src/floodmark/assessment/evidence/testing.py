"""All tests on all assertions.

>>> from floodmark.assessment.statements.statement import Statement
>>> notice = Statement(id="1", about="outage-2024", kind="outage-notice", speaker_kind="company", speaker="Example Ltd",
...     said_on="2024-03-05", text="A technical issue.", assertions=(Assertion(kind="fault"),))
>>> [(one.assertion.kind, one.state) for one in test_all([notice])]
[('fault', 'untestable')]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence, Tested, state_of
from floodmark.assessment.evidence.finding import FINDING
from floodmark.assessment.evidence.fingerprint import FINGERPRINT
from floodmark.assessment.evidence.later import LATER
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.evidence.plausibility import PLAUSIBILITY
from floodmark.assessment.evidence.profile import PROFILE
from floodmark.assessment.evidence.sums import SUMS
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement

TESTS: tuple[EvidenceTest, ...] = (FINDING, FINGERPRINT, PROFILE, LATER, SUMS, PLAUSIBILITY)
"""Heaviest first."""
_WEIGHTS = {"supports": 0, "contradicts": 0, "flags": 1, "unremarkable": 2, "cannot-tell": 2}
_NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def test_all(
    statements: Iterable[Statement],
    known_tables: Sequence[KnownTable] = (),
    profiles: Mapping[str, Mapping[str, Any]] = _NOTHING,
    *,
    of: Iterable[Statement] | None = None,
    tests: Sequence[EvidenceTest] = TESTS,
) -> tuple[Tested, ...]:
    """Run every test on every assertion.

    Args:
        statements: all that are known, of every leak and incident, since one may be evidence on another.
        known_tables: what adverts are compared with, of every leak and incident.
        profiles: `profile.json` of saved leaks as JSON values, by slug.
        of: whose assertions are tested; by default those of all statements.
        tests: which are run, the heaviest first.

    Returns:
        One for each assertion, in the order of the statements and of their assertions; its evidence with the heaviest
        first.
    """
    everything = tuple(dict.fromkeys(statements))
    material = Material(everything, tuple(known_tables), profiles)
    return tuple(
        _tested(statement, assertion, material, tests)
        for statement in (everything if of is None else of)
        for assertion in statement.assertions
    )


test_all.__test__ = False  # type: ignore[attr-defined]  # a test runner that imports it would take it for a test


def _tested(
    statement: Statement, assertion: Assertion, material: Material, tests: Sequence[EvidenceTest]
) -> Tested:
    found: list[Evidence] = []
    for test in tests:
        if assertion.kind in test.kinds:
            found += test.run(statement, assertion, material)
    found.sort(key=lambda one: _WEIGHTS[one.effect])
    return Tested(statement, assertion, state_of(assertion, found), tuple(found))
