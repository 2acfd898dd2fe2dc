"""What a regulator or a court found speaks for or against what others say: as a finding, with its limits.

A decision and a fine find something. An inquiry only opens, and a settlement ends without a finding. Where the law says
breach, data may have been scraped, or come out by a fault: such a finding speaks against neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import Claim, quoted
from floodmark.assessment.contradictions.find import against
from floodmark.assessment.contradictions.sentences import answers_of, said_by
from floodmark.assessment.contradictions.speakers import may_be_same_speaker
from floodmark.assessment.evidence.bearing_out import bears_out
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import ASSERTION_KINDS
from floodmark.assessment.statements.statement import Statement

TEST = "finding"
FINDERS = frozenset({"regulator", "court"})
FINDINGS = frozenset({"decision", "fine"})
_VERBS = {"amount": "imposed"}  # a sum is no finding of what happened
POWER = (
    "A finding is made under one law, from what was laid before whoever made it, and can be appealed and overturned. It"
    " is not a test of the data."
)


def finding(statement: Statement, assertion: Assertion, material: Material) -> Iterator[Evidence]:
    """What regulators and courts other than the speaker found of what is asserted."""
    mine = [one for one in material.answers(statement) if one.assertion == assertion]
    for other in material.by_about.get(statement.about, ()):
        if not is_finding(other) or may_be_same_speaker(statement, other):
            continue
        otherwise = against(mine, (one for one in material.answers(other) if not _is_of_law(one)))
        if otherwise:
            verb = _VERBS.get(otherwise[0].thing, "found")
            yield _evidence("contradicts", other, answers_of(otherwise), verb)
            continue
        for found in other.assertions:
            if bears_out(found, assertion):
                yield _evidence("supports", other, quoted(found), _VERBS.get(found.kind, "found"))


def is_finding(statement: Statement) -> bool:
    """Whether a regulator or a court finds something in it."""
    return statement.speaker_kind in FINDERS and statement.kind in FINDINGS


def _is_of_law(found: Claim) -> bool:
    """Whether it answers what happened by a word of the law, which leaves open how."""
    return found.thing == "cause" and found.assertion is not None and found.assertion.kind == "breach"


def _evidence(effect: str, other: Statement, words: str, verb: str = "found") -> Evidence:
    who = said_by(other)
    return Evidence(
        test=TEST,
        effect=effect,
        words=f"{who[:1].upper()}{who[1:]} {verb}: {words}.",
        power=POWER,
        sources=tuple(filter(None, (other.id, other.source_url))),
    )


FINDING = EvidenceTest(TEST, frozenset(ASSERTION_KINDS), "a decision of a regulator or a court", finding)
