"""What public reports are known to disagree on is found in the reference set, and shown with who says what."""

import pytest

from floodmark.assessment import reference
from floodmark.assessment.contradictions import Contradiction, contradictions
from floodmark.assessment.evidence.testing import test_all
from floodmark.assessment.evidence.unsettled import unsettled

FOUND = contradictions(reference.statements())


def one(about: str, thing: str, scope: str, word: str) -> Contradiction:
    """The contradiction on this, one side of which has the word."""
    (found,) = (
        each
        for each in FOUND
        if (each.about, each.thing, each.scope) == (about, thing, scope)
        and any(word in side.words for side in each.sides)
    )
    return found


@pytest.mark.parametrize(
    ("about", "thing", "scope", "answers", "how"),
    [
        ("whatsapp-2022", "total", "", ["360 million phone", "487 million phone"], ("disagree",)),
        ("meta-fines-2023", "amount", "transfers", ["EUR 1.2 billion", "USD 1.2 billion"], ("disagree",)),
        ("facebook-token-2018", "total", "", ["50 million accounts", "30 million accounts"], ("changed",)),
        ("facebook-2021", "total", "", ["509,458,528 accounts", "533 million users"], ("disagree",)),
        ("facebook-2021", "total", "", ["2.5 million e-mail", "25 million e-mail"], ("disagree",)),
        ("facebook-2021", "dated", "memo sent", ["8 April 2021", "19 April 2021"], ("disagree",)),
        ("facebook-2021", "table", "", ["Egypt 44,823,547", "Egypt 44,833,547"], ("disagree",)),
        (
            "meta-outage-2024",
            "cause",
            "",
            ["Anonymous Sudan", "Godzilla", "Skynet", "a technical fault", "a breach of security"],
            ("disagree", "changed", "claimed"),
        ),
    ],
)
def test_known_disagreements_are_found(
    about: str, thing: str, scope: str, answers: list[str], how: tuple[str, ...]
) -> None:
    found = one(about, thing, scope, answers[0])
    assert found.how == how
    for answer in answers:
        assert sum(answer in side.words for side in found.sides) == 1
        assert answer.casefold() in found.words.casefold()


def test_the_company_that_named_a_fault_and_then_a_breach_said_both() -> None:
    assert one("meta-outage-2024", "cause", "", "a breach of security").changed == ("Meta",)


def test_both_values_keep_their_speakers_dates_and_sources() -> None:
    for found in FOUND:
        speakers = [each.statement for side in found.sides for each in side.said]
        assert all(each.speaker and each.said_on and (each.source_url or each.source) for each in speakers)
        assert {each.about for each in speakers} == {found.about}


@pytest.mark.parametrize(
    ("statement", "kind", "state"),
    [
        ("whatsapp-2022/advert", "new", "contradicted"),
        ("facebook-token-2018/50-million", "total", "contradicted"),
        ("facebook-2021/old-data", "old", "untested"),
        ("meta-outage-2024/technical-issue", "fault", "untestable"),
        ("meta-outage-2024/skynet", "attack-by", "untestable"),
        ("meta-outage-2024/breach-of-security", "breach", "untested"),
    ],
)
def test_states_are_what_public_knowledge_carries(statement: str, kind: str, state: str) -> None:
    said = [each for each in reference.statements() if each.id == statement]
    tested = test_all(reference.statements(), reference.known_tables(), of=said)
    found = next(each for each in tested if each.assertion.kind == kind)
    assert found.state == state
    assert bool(unsettled(found)) == (state in ("untested", "untestable"))
