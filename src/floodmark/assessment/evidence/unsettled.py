"""Why an assertion is neither supported nor contradicted, and what would tell: in words.

>>> from floodmark.assessment.evidence.testing import test_all
>>> from floodmark.assessment.statements.assertion import Assertion
>>> from floodmark.assessment.statements.statement import Statement
>>> notice = Statement(id="1", about="outage-2024", kind="outage-notice", speaker_kind="company", speaker="Example Ltd",
...     said_on="2024-03-05", text="A technical issue.", assertions=(Assertion(kind="fault"), Assertion(kind="new")))
>>> fault, new = test_all([notice])
>>> print(unsettled(fault))
Nothing that this program is given can test it: it takes the systems and the logs of whoever was affected. A finding
would be evidence: a decision of a regulator or a court.
>>> print(unsettled(new))
Not tested for want of data. It would take a decision of a regulator or a court; an advert's table and tables that are
known; or the data itself, to compare with earlier leaks (floodmark overlap).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from floodmark.assessment.evidence.evidence import UNTESTABLE, Tested
from floodmark.assessment.evidence.finding import FINDING
from floodmark.assessment.evidence.material import EvidenceTest
from floodmark.assessment.evidence.testing import TESTS

_DATA = "the data itself, to compare with earlier leaks (floodmark overlap)"
_BEYOND: Mapping[str, str] = {"new": _DATA, "old": _DATA}
"""What other commands of this program could tell once there is data."""


def unsettled(tested: Tested, tests: Sequence[EvidenceTest] = TESTS) -> str:
    """Why the tests settle nothing, and what would; empty where they do.

    Args:
        tested: an assertion with its evidence.
        tests: those that were run.
    """
    if tested.state in ("supported", "contradicted"):
        return ""
    effects = {one.effect for one in tested.evidence}
    if {"supports", "contradicts"} <= effects:
        return "Evidence stands on both sides, so that it cannot be told."
    kind = tested.assertion.kind
    if kind in UNTESTABLE:
        return (
            "Nothing that this program is given can test it: it takes the systems and the logs of whoever was affected."
            f" A finding would be evidence: {FINDING.needs}."
        )
    done = {one.test for one in tested.evidence}
    lacking = [one.needs for one in tests if one.is_asked_for(kind) and one.name not in done]
    lacking += [_BEYOND[kind]] if kind in _BEYOND else []
    return f"{_so_far(effects)} It would take {_either(lacking)}." if lacking else _so_far(effects)


def _so_far(effects: set[str]) -> str:
    if "cannot-tell" in effects:
        return "What is at hand is too little to tell."
    return "What was tested settles nothing." if effects else "Not tested for want of data."


def _either(needs: Sequence[str]) -> str:
    return "; or ".join(filter(None, ["; ".join(needs[:-1]), needs[-1]]))
