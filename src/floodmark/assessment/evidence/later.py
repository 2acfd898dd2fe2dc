"""What other statements do as evidence, which is little.

What a speaker takes back later speaks against what it said first. What a regulator or a court found speaks for or
against what others say, as a finding. What journalists, sellers, researchers and those who claim an attack say is
recorded and shown, and is evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import Claim, is_before, same_speaker
from floodmark.assessment.contradictions.find import conflicts
from floodmark.assessment.contradictions.sentences import said_by
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import ASSERTION_KINDS
from floodmark.assessment.statements.statement import Statement

OWN = frozenset({"company", "researcher", "regulator", "court"})
"""Whose own corrections count: a seller who takes back what an advert says, sells again."""
FINDERS = frozenset({"regulator", "court"})
FINDINGS = frozenset({"decision", "fine"})
"""Kinds of statements that find something; an inquiry only opens, and a settlement ends without finding."""


def later(statement: Statement, assertion: Assertion, material: Material) -> Iterator[Evidence]:
    """The speaker's own later statements that cannot be true together with the assertion."""
    if statement.speaker_kind not in OWN:
        return
    for other in material.statements:
        if same_speaker(statement, other) and is_before(statement, other):
            for _, answer in _against(statement, assertion, other):
                yield Evidence(
                    test="later-statement",
                    effect="contradicts",
                    words=f"{said_by(other)} later: {answer.words}.",
                    power="A speaker's own correction; it does not say why the first was said.",
                    sources=(other.id,),
                )


def _against(statement: Statement, assertion: Assertion, other: Statement) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of answers that cannot both be true, of this assertion and of the other statement."""
    return ((mine, its) for mine, its in conflicts(statement, other) if mine.assertion == assertion)


LATER = EvidenceTest(
    "later-statement", frozenset(ASSERTION_KINDS), "a later statement of the same speaker", later
)
