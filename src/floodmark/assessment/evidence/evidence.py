"""One test's result on an assertion, and what all results together make of it.

>>> state_of(Assertion(kind="new"), [])
'untested'
>>> found = Evidence(test="fingerprint", effect="contradicts", words="The table was known.", power="")
>>> state_of(Assertion(kind="new"), [found])
'contradicted'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement

EFFECTS = ("supports", "contradicts", "flags", "unremarkable", "cannot-tell")
STATES = ("supported", "contradicted", "untestable", "untested")
UNTESTABLE = ("fault", "attack-by")
"""Kinds that nothing this program is given can test: they need the systems of those who were attacked."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one test says of one assertion.

    Attributes:
        test: its name: `fingerprint`, `sums`, `plausibility`, `profile`, `later-statement`, ...
        effect: one of `EFFECTS`; `flags` is worth a look and settles nothing; `unremarkable` looked, found nothing to
            notice, and settles nothing either.
        words: one or two sentences with the numbers in them, for a reader who has nothing else.
        power: what the test could have seen and what it could not, in a sentence.
        numbers: the figures, as JSON values.
        sources: ids of statements and links that it rests on.
    """

    test: str
    effect: str
    words: str
    power: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tested:
    """An assertion with its evidence.

    Attributes:
        statement: who claims it, and when.
        assertion: what is claimed.
        state: one of `STATES`.
        evidence: every result, the heaviest first.
    """

    __test__: ClassVar = False  # pytest takes classes whose names begin so for its own

    statement: Statement
    assertion: Assertion
    state: str
    evidence: tuple[Evidence, ...]


def state_of(assertion: Assertion, evidence: Sequence[Evidence]) -> str:
    """What the results make of an assertion.

    Evidence on both sides cannot tell, and is shown; neither does a flag, nor a test without power.
    """
    effects = {one.effect for one in evidence}
    if {"supports", "contradicts"} <= effects:
        return "untestable"
    if "supports" in effects:
        return "supported"
    if "contradicts" in effects:
        return "contradicted"
    return "untestable" if assertion.kind in UNTESTABLE or "cannot-tell" in effects else "untested"
