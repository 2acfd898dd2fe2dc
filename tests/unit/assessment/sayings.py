"""Made-up statements to put on timelines."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from floodmark.assessment.evidence.evidence import STATES, Evidence, Tested
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.kinds import KINDS, SPEAKER_KINDS
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

SPEAKERS = {
    "seller": "an account on a forum",
    "company": "the company",
    "researcher": "a research group",
    "journalist": "a newspaper",
    "regulator": "the data protection authority",
    "court": "a regional court",
    "claimed-attacker": "a group on a messenger",
}


def saying(**changed: Any) -> Statement:
    """A statement with some of its parts changed."""
    values = {
        "id": "1",
        "about": "acme",
        "kind": "advert",
        "speaker_kind": "seller",
        "speaker": SPEAKERS["seller"],
        "said_on": "2021-04-03",
        "text": "Offers a table of customers.",
        "source": "Thread seen by a monitoring service",
    }
    return Statement(**values | changed)


def many(
    count: int, years: float = 8, seed: int = 1, about: str = "acme"
) -> tuple[list[Statement], list[Tested]]:
    """Statements over some years, most of them soon after one another, as in life, and their assertions as tested."""
    chance = random.Random(seed)
    said, tested = [], []
    for place in range(count):
        spread = chance.choice([0.02, 0.1, 1.0])
        day = date(2018, 3, 1) + timedelta(days=int(365 * years * (0.35 + (chance.random() - 0.35) * spread)))
        on = day.isoformat()[: chance.choice([10, 10, 10, 10, 7, 4])]
        who = chance.choice(SPEAKER_KINDS)
        learnt = (
            (day + timedelta(days=chance.randrange(20, 200))).isoformat() if chance.random() < 0.08 else None
        )
        assertions = (
            Assertion(
                kind="total", quantity=Quantity(chance.choice([478, 487, 533]) * 10**6, 3), of="phones"
            ),
            Assertion(kind=chance.choice(["new", "old", "scraped", "breach", "not-ours"])),
        )[: chance.randrange(3)]
        one = saying(
            id=str(place + 1),
            about=about,
            kind=chance.choice(KINDS),
            speaker_kind=who,
            speaker=SPEAKERS[who],
            said_on=on,
            learnt_on=learnt,
            text="What was said here runs over a line or two, as it does in the press. "
            * chance.randrange(1, 4),
            source_url="https://acme.example/news/2021/a-page-that-bears-it-out",
            assertions=assertions,
        )
        said.append(one)
        for assertion in assertions:
            state = chance.choice(STATES)
            effect = {"supported": "supports", "contradicted": "contradicts"}.get(state, "cannot-tell")
            evidence = Evidence(
                test="fingerprint",
                effect=effect,
                words="Of 84 rows, 79 have the digits of the table of 2021; below one in a million by chance.",
                power="It would have seen a table that is half new.",
            )
            tested.append(Tested(one, assertion, state, () if state == "untested" else (evidence,)))
    return said, tested
