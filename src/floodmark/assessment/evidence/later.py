"""What a speaker takes back later speaks against what it said first.

That holds for companies, researchers, regulators and courts. A seller who takes an advert back sells again, whoever
claims an attack claims the next, and a newspaper's correction is of its report: what they say is shown, and is evidence
of nothing. Nor is what somebody says who has no name but a role, for it may be another. Nor is a denial: who admits
something and denies it afterwards has two words, and an interest in the second.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import is_before
from floodmark.assessment.contradictions.find import against
from floodmark.assessment.contradictions.sentences import answers_of, said_by
from floodmark.assessment.contradictions.speakers import same_speaker
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import ASSERTION_KINDS
from floodmark.assessment.statements.statement import Statement

TEST = "later-statement"
SPEAKERS = frozenset({"company", "researcher", "regulator", "court"})
POWER = (
    "It is the speaker's word against its own. Why the first was said, and which of the two is true, it does not"
    " show."
)


def later(statement: Statement, assertion: Assertion, material: Material) -> Iterator[Evidence]:
    """The speaker's own later statements that cannot be true together with the assertion."""
    if statement.speaker_kind not in SPEAKERS:
        return
    mine = [one for one in material.answers(statement) if one.assertion == assertion]
    for other in material.by_about.get(statement.about, ()):
        if other.kind == "denial" or not same_speaker(statement, other):
            continue
        if is_before(statement, other):
            otherwise = against(mine, material.answers(other))
            if otherwise:
                who = said_by(other)
                yield Evidence(
                    test=TEST,
                    effect="contradicts",
                    words=f"{who[:1].upper()}{who[1:]} said otherwise later: {answers_of(otherwise)}.",
                    power=POWER,
                    sources=(other.id,),
                )


LATER = EvidenceTest(
    TEST, frozenset(ASSERTION_KINDS), "a later statement of the same speaker", later, asked_for=frozenset()
)
