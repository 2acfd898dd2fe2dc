"""What a speaker takes back later speaks against what it said first.

That holds for companies, researchers, regulators and courts. A seller who takes an advert back sells again, whoever
claims an attack claims the next, and a newspaper's correction is of its report: what they say is shown, and is evidence
of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.assessment.contradictions.claims import Claim, is_before, same_speaker
from floodmark.assessment.contradictions.find import is_conflict
from floodmark.assessment.contradictions.sentences import said_by
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
    for other in material.by_about.get(statement.about, ()):
        if same_speaker(statement, other) and is_before(statement, other):
            for answer in _against(statement, assertion, other, material):
                yield Evidence(
                    test=TEST,
                    effect="contradicts",
                    words=f"Later the same speaker said otherwise, as {said_by(other)}: {answer.words}.",
                    power=POWER,
                    sources=(other.id,),
                )


def _against(
    statement: Statement, assertion: Assertion, other: Statement, material: Material
) -> Iterator[Claim]:
    """Answers of the other statement that cannot be true together with the assertion, each once."""
    mine = [one for one in material.answers(statement) if one.assertion == assertion]
    its = (answer for answer in material.answers(other) if any(is_conflict(one, answer) for one in mine))
    yield from {answer.words: answer for answer in its}.values()


LATER = EvidenceTest(
    TEST, frozenset(ASSERTION_KINDS), "a later statement of the same speaker", later, asked_for=frozenset()
)
