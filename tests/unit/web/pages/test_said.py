"""What was said of a leak, as a page writes it: as reports do, in every language, and nothing in it is markup."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from floodmark.assessment.contradictions import HOW, contradictions
from floodmark.assessment.contradictions.sentences import question
from floodmark.assessment.evidence.evidence import EFFECTS, STATES, Evidence, Tested
from floodmark.assessment.evidence.testing import TESTS
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.kinds import ASSERTION_KINDS, COUNTED
from floodmark.assessment.statements.quantity import BOUNDS, Quantity
from floodmark.assessment.statements.statement import Statement
from floodmark.assessment.timeline import timelines
from floodmark.web.pages.said import amount, claimed, newest
from floodmark.web.texts import languages, texts

TABLE = CountryTable((CountryRow("EG", exactly(44_823_547)), CountryRow("IT", exactly(35_677_323))))
ASSERTIONS = [
    *[Assertion(kind=kind) for kind in ASSERTION_KINDS if kind not in {"total", "amount", "fields"}],
    *[Assertion(kind="total", quantity=Quantity(487_000_000, 3, bound), of="users") for bound in BOUNDS],
    *[Assertion(kind="total", quantity=exactly(44_823_547), of=of, scope="US") for of in COUNTED],
    Assertion(kind="countries", quantity=Quantity(84, 2), table=TABLE),
    Assertion(kind="countries", quantity=Quantity(1, 1)),
    Assertion(kind="old", on="2019"),
    Assertion(kind="fixed-before", on="2019-09"),
    Assertion(kind="dated", on="2021-04-08"),
    Assertion(kind="attack-by", who="Group & <b>Sons</b>"),
]


def saying(**changed):
    values = {"id": "1", "about": "acme", "kind": "denial", "speaker_kind": "company", "speaker": "Acme Ltd",
              "said_on": "2021-04-06", "text": "No.", "source": "Press"}  # fmt: skip
    return Statement(**values | changed)


def macro(name, language, *given):
    """A macro of the template, as text."""
    words = texts(language)
    module = words.environment.get_template("said_words.html").make_module(
        {"amount": partial(amount, words), "claimed": claimed}
    )
    made = str(getattr(module, name)(*given))
    return (
        " ".join(Markup(made).striptags().split())
        if "<" in made
        else " ".join(Markup(made).unescape().split())
    )


@pytest.mark.parametrize("one", ASSERTIONS, ids=lambda one: f"{one.kind} {one.on or one.of}")
def test_a_claim_is_said_in_english_as_reports_say_it(one):
    assert macro("claim", "en", one) == in_words(one)


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
@pytest.mark.parametrize("one", ASSERTIONS, ids=lambda one: f"{one.kind} {one.on or one.of}")
def test_a_claim_is_translated(one, language):
    made = macro("claim", language, one)
    assert made
    assert made != in_words(one)


@given(st.integers(0, 10**13), st.integers(1, 14))
def test_an_amount_is_the_number_that_was_said(value, digits):
    step = 10 ** max(0, len(str(value)) - digits)
    value = value // step * step
    head, _, word = amount(texts("en"), Quantity(value, min(digits, len(str(value))))).partition(" ")
    unit = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[word]
    assert Decimal(head.replace(",", "")) * unit == value


@pytest.mark.parametrize("language", languages())
def test_states_effects_tests_and_questions_have_words(language):
    for names, kind in (
        (STATES, "state"),
        (EFFECTS, "effect"),
        ([one.name for one in TESTS], "test"),
        (HOW, "how"),
    ):
        said = [macro(kind, language, name) for name in names]
        assert len(set(said)) == len(said)
        assert not set(said) & {name for name in names if "-" in name}


@pytest.mark.parametrize(
    "kind",
    [
        "total",
        "countries",
        "table",
        "cause",
        "origin",
        "age",
        "visibility",
        "dated",
        "amount",
    ],
)
def test_a_question_is_asked_in_english_as_reports_ask_it(kind):
    class Against:
        thing, scope = kind, "US"

    asked = macro("question", "en", Against())
    assert asked.replace("? (US)", " (US)?") == question(kind, "US")


def whole(*statements, language="en"):
    """A page's part on what was said."""
    result = Evidence(test="sums", effect="flags", words="<b>They</b> do not add up.", power="")
    tested = [Tested(one, said, "untested", (result,)) for one in statements for said in one.assertions]
    (timeline,) = timelines(statements, tested, contradictions(statements), titles={})
    return (
        "".join(
            str(part)
            for part in [_raw("statements", language, timeline), _raw("disputes", language, timeline)]
        ),
        timeline,
    )


def _raw(name, language, timeline):
    words = texts(language)
    module = words.environment.get_template("said_words.html").make_module(
        {"amount": partial(amount, words), "claimed": claimed}
    )
    return getattr(module, name)(timeline)


@pytest.mark.parametrize("language", languages())
def test_nothing_that_somebody_wrote_is_markup(language):
    evil = "<script>alert(1)</script>"
    claims = (
        Assertion(kind="attack-by", who=evil, scope=evil, quote=evil),
        Assertion(kind="fault", scope=evil),
    )
    made, _ = whole(
        saying(speaker=evil, text=evil, source=evil, source_url="javascript:alert(1)", assertions=claims),
        language=language,
    )
    assert "<script" not in made
    assert "<b>They" not in made
    assert 'href="javascript' not in made
    assert "&lt;script&gt;" in made


def test_what_became_known_later_stands_at_both_dates_and_leads_to_the_statement():
    made, _ = whole(saying(learnt_on="2021-05-02"))
    assert [*re.findall(r'datetime="([^"]+)"', made)] == ["2021-04-06", "2021-05-02"]
    assert made.count('href="#statement-1"') == 1


def test_answers_are_those_of_the_claims_and_of_kinds_of_statements():
    first = saying(id="1", assertions=(Assertion(kind="fault"),))
    second = saying(id="2", speaker="Another", assertions=(Assertion(kind="breach"),))
    german, timeline = whole(first, second, language="de")
    assert timeline.contradictions
    assert "<dt>eine technische Störung oder ein Fehler" in german
    assert 'lang="en">a technical fault' not in german


def test_a_page_has_the_statements_that_were_made_last_with_their_numbers_and_leads_to_no_other():
    first, *others = (
        saying(
            id=str(place),
            said_on=f"2021-0{place}",
            speaker=f"Speaker {place}",
            assertions=(Assertion(kind="fault" if place == 1 else "breach"),),
        )
        for place in (1, 2, 3)
    )
    (timeline,) = timelines([first, *others], contradictions=contradictions([first, *others]), titles={})
    assert newest(timeline, 3) is timeline
    found = newest(timeline, 2)
    assert [one.number for one in found.entries] == [2, 3]
    made = str(_raw("disputes", "en", found))
    assert "Speaker 1" in made and 'href="#statement-1"' not in made and 'href="#statement-3"' in made
    assert not newest(timelines([first, *others], titles={})[0], 1).contradictions


def test_an_answer_that_is_no_claim_is_marked_as_english():
    tables = [CountryTable((CountryRow("EG", exactly(count)),)) for count in (44_823_547, 41_111_111)]
    said = [
        saying(
            id=str(place), speaker=f"Speaker {place}", assertions=(Assertion(kind="countries", table=table),)
        )
        for place, table in enumerate(tables, 1)
    ]
    german, timeline = whole(*said, language="de")
    assert [one.thing for one in timeline.contradictions] == ["table"]
    assert '<span lang="en">Egypt 44,823,547</span>' in german


def test_dates_are_written_as_the_language_writes_them():
    assert (
        macro("claim", "de", Assertion(kind="dated", on="2021-04-08"))
        == f"datiert: {texts('de').date(date(2021, 4, 8))}"
    )
