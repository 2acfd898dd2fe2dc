"""The reference set: every statement has a date, a source and a speaker who is no private person."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from floodmark.assessment import reference
from floodmark.assessment.statements.kinds import (
    ASSERTION_KINDS,
    COUNTED,
    DRAWN,
    KINDS,
    OFFERS,
    SPEAKER_KINDS,
)
from floodmark.assessment.statements.values import assertion, values
from floodmark.identifiers import FieldType
from floodmark.register.free_text import clean
from floodmark.register.identifier_search import identifier_in
from floodmark.register.slugs import SLUG
from floodmark.reports.partial_dates import days

SAID = reference.statements()
CHECKED_ON = "2026-11-22"
# Bodies, outlets, roles and names of accounts that the press printed. A new one is added here once somebody has made
# sure that it is no private person.
SPEAKERS = {
    "seller": {"a seller on a forum", "a user of a forum", "users of forums", "sellers", "ByteBreaker"}
    | {"a seller with a bot on Telegram"},
    "company": {"Cambridge Analytica", "Facebook", "WhatsApp", "Meta"},
    "claimed-attacker": {"Skynet", "Godzilla", "Anonymous Sudan"},
    "court": {"Federal Court of Justice (Germany)", "Court for collective interests, São Luís (Brazil)"},
    "regulator": {
        "CISA (United States)",
        "Data Protection Commission (Ireland)",
        "Federal Trade Commission (United States)",
        "Garante per la protezione dei dati personali (Italy)",
        "Information Commissioner's Office (United Kingdom)",
        "Office of the Australian Information Commissioner",
        "Personal Data Protection Authority (Türkiye)",
        "Privacy Commissioner for Personal Data (Hong Kong)",
    },
    "researcher": {
        "Cyberint",
        "Check Point Research",
        "Comparitech",
        "Have I Been Pwned",
        "Hudson Rock",
        "KZ-CERT",
        "Surfshark",
        "a researcher of CSIRT KNF (Poland)",
    },
    "journalist": {
        "ABP Live",
        "Big World Tale",
        "Business Insider",
        "CNET",
        "ComplexDiscovery",
        "Natural News",
        "WinBuzzer",
        "Computing",
        "Conso News",
        "Cyber Daily",
        "Cybernews",
        "Daily The Patriot",
        "Digit",
        "Goody Feed",
        "Grub News",
        "IT World Canada",
        "KrebsOnSecurity",
        "La Comparación",
        "NetIAP",
        "New Scientist",
        "Pulse Nigeria",
        "RegSol",
        "Rude Baguette",
        "Sumtrix",
        "TechCrunch",
        "Vice News",
        "Vietnam.vn",
        "Wired",
        "press",
        "press agencies",
    },
}
# Where data is sold, pasted, sent around or fetched; no link may lead there.
NEVER = (
    "breachforum",
    "raidforum",
    "leakbase",
    "t.me",
    "telegram",
    "pastebin",
    "mega.nz",
    "torrent",
    ".onion",
)
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".csv", ".txt", ".sql", ".torrent")
each = pytest.mark.parametrize("one", SAID, ids=lambda one: one.id)


def words_of(one):
    """Every text of a statement but its links."""
    rows = one.table.rows if one.table else ()
    texts = (one.text, one.speaker, one.source, *(row.source for row in rows))
    return [
        *filter(
            None, (*texts, *(part for said in one.assertions for part in (said.quote, said.scope, said.who)))
        )
    ]


def test_incidents_stand_in_the_order_in_which_they_came_out_and_have_slugs_and_titles_of_their_own():
    found = reference.incidents()
    assert [one.slug for one in found] == [
        "cambridge-analytica",
        "mypersonality-2018",
        "facebook-token-2018",
        "facebook-passwords-2019",
        "facebook-phones-2019",
        "facebook-267m-2019",
        "facebook-2021",
        "whatsapp-2022",
        "meta-fines-2023",
        "meta-outage-2024",
        "facebook-2025",
    ]
    assert all(SLUG.fullmatch(one.slug) for one in found)
    assert len({one.title for one in found}) == len(found)


def test_every_statement_has_an_id_of_its_own_that_begins_with_its_incident():
    assert len({one.id for one in SAID}) == len(SAID)
    assert all(one.id.startswith(f"{one.about}/") and one.is_reference for one in SAID)


def test_statements_of_an_incident_are_asked_for_by_its_slug_and_stand_by_day():
    by_incident = [reference.statements(one.slug) for one in reference.incidents()]
    assert tuple(one for some in by_incident for one in some) == SAID
    assert all([*some] == sorted(some, key=lambda one: one.said_on + "~") for some in by_incident)
    assert reference.statements("no-such-incident") == ()


@each
def test_a_statement_has_a_date_a_source_and_words(one):
    first, last = days(one.said_on)
    assert first.isoformat() >= "2018-01-01" and last.isoformat() < CHECKED_ON
    assert one.learnt_on is None or days(one.learnt_on)[1] >= first
    assert one.source_url or one.source
    assert 20 <= len(one.text) <= 700
    assert one.kind in KINDS and one.speaker_kind in SPEAKER_KINDS
    assert one.offer in {"", *OFFERS} and bool(one.offer) == (one.kind == "advert")
    assert one.drawn in {"", *DRAWN} and bool(one.drawn) == (one.sample is not None)


@each
def test_a_statement_that_nobody_read_up_says_so_in_its_own_words(one):
    assert one.checked_on in {"", CHECKED_ON}
    if one.checked_on:
        assert one.source_url
    else:
        assert "not opened" in one.source
        assert "opened" in one.text


@each
def test_a_link_is_a_plain_public_address_that_leads_to_no_place_where_data_is_had(one):
    if not one.source_url:
        return
    link = urlsplit(one.source_url)
    assert link.scheme in {"https", "http"} and link.hostname and "." in link.hostname
    assert (link.port, link.username, link.password, link.fragment) == (None, None, None, "")
    assert {name for name, _ in parse_qsl(link.query)} <= {"id"}
    assert one.source_url.isascii() and " " not in one.source_url
    assert not any(place in one.source_url.lower() for place in NEVER)
    assert not link.path.lower().endswith(ARCHIVES)


@each
def test_a_speaker_is_a_body_a_role_or_an_account_that_the_press_named(one):
    assert one.speaker in SPEAKERS[one.speaker_kind]


@each
def test_no_text_seems_to_hold_an_identifier_and_each_is_what_the_register_would_keep(one):
    for text in words_of(one):
        assert clean(text, "The text") == text
        assert identifier_in(text) is None


@each
def test_assertions_go_through_their_values_and_name_what_exists(one):
    for said in one.assertions:
        assert assertion(json.loads(json.dumps(values(said)))) == said
        assert said.kind in ASSERTION_KINDS and said.of in COUNTED
        assert said.kind != "total" or said.quantity is not None
        assert said.kind not in {"amount", "total"} or said.quantity.value > 0
        assert said.kind != "amount" or said.currency
        assert said.kind not in {"dated", "fixed-before"} or days(said.on)
        assert all(FieldType.from_label(label).label == label for label in said.fields)


def test_every_speaker_that_may_be_named_is():
    assert {one.speaker for one in SAID} == set.union(*SPEAKERS.values())


def test_one_statement_is_cited_without_having_been_read():
    assert [one.id for one in SAID if not one.checked_on] == ["facebook-2021/loaded"]


@each
def test_a_statement_without_a_link_names_the_page_on_which_it_was_found(one):
    assert one.source_url or re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+, \S", one.source)
