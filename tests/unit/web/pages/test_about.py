"""The page `/about`: who runs a server, and what it answers from, also while that is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from floodmark.web.pages import about
from floodmark.web.settings import Operator

from ...exposure.check.published import NOW, ROOT
from .asking import Page, asked, site_of


@pytest.fixture(scope="module")
def folder(published):
    return published.folder


def shown(folder, clock=NOW, path="/about", **settings):
    with site_of(folder, clock, **settings) as site:
        return asked(about.router(site), path)


def test_the_root_key_and_the_snapshot_are_told(folder):
    text = shown(folder).text
    assert ROOT.public.hex() in text.replace(" ", "")
    assert "Snapshot" in text and "Good until" in text
    assert "<title>[synthetic] About" in text


def test_it_answers_while_there_is_nothing_to_check(folder):
    answer = shown(folder, NOW + timedelta(days=400))
    assert answer.status_code == 200
    assert "Nothing can be checked here now" in answer.text
    assert ROOT.public.hex() in answer.text.replace(" ", "")


def test_who_runs_it_is_said_or_that_nobody_said(folder):
    assert "has not given a name" in shown(folder).text
    operator = Operator(
        name="Example <CERT>", contact="abuse@example.org", optout="https://example.org/opt-out"
    )
    page = shown(folder, operator=operator)
    assert "Example &lt;CERT&gt;" in page.text
    links = Page(page.text).all("href")
    assert "mailto:abuse@example.org" in links
    assert "https://example.org/opt-out" in links


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,<p>", "call us @ noon", "//evil.example"]
)
def test_a_contact_that_is_no_link_stays_text(folder, text):
    page = shown(folder, operator=Operator(contact=text, optout=text))
    assert not [
        link
        for link in Page(page.text).all("href")
        if link.startswith(("javascript", "data", "mailto", "//"))
    ]


def test_two_operators_are_told_from_one(folder):
    alone = "Here one operator runs both"
    assert alone in shown(folder).text
    apart = shown(folder, role="buckets", evaluator_at="https://evaluate.example.org/")
    assert alone not in apart.text
    assert "https://evaluate.example.org/" in Page(apart.text).all("href")


def test_limits_are_those_of_the_server(folder):
    assert "A day has 20 checks for one network address, 5,000 for one network" in shown(folder).text
    german = shown(folder, path="/about?language=de").text
    assert "20 Prüfungen für eine Netzadresse, 5.000 für ein Netz" in german
