"""The pages of problems: every type that a server answers with has words, in every language."""

from __future__ import annotations

import pytest

import floodmark.web.app
from floodmark.web.pages import problems
from floodmark.web.problems import Refusal
from floodmark.web.texts import languages, texts

from .asking import Page, asked, site_of

assert floodmark.web.app  # every part of a server, so that all its refusals are known


@pytest.fixture(scope="module")
def routes(published):
    with site_of(published.folder) as site:
        yield problems.router(site)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("slug", problems.known())
def test_every_problem_has_a_title_and_a_meaning(language, slug):
    words = texts(language).environment.get_template("problem_words.html").module
    assert str(words.title(slug)).strip() not in ("", slug)
    assert len(str(words.meaning(slug)).strip()) > 10


def test_the_list_names_every_problem(routes):
    page = Page(asked(routes, "/problems").text)
    assert set(problems.known()) <= set(page.all("id"))


def test_a_problem_has_a_page_of_its_own_at_its_type(routes):
    for slug, status in problems.known().items():
        answer = asked(routes, f"/problems/{slug}")
        assert answer.status_code == 200
        assert f"/problems/{slug}</code>, status {status}" in answer.text


def test_refusals_of_every_part_are_known():
    assert {"not-held", "bad-body", "api-key-scope", "range-not-satisfiable", "failed"} <= set(
        problems.known()
    )
    assert problems.known()[Refusal.slug] == 400
