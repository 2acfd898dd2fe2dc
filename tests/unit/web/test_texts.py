"""Which language a page is in, and how it writes what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.web.texts import languages, negotiated, texts


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "en"),
        (None, "", "en"),
        (None, "de", "de"),
        (None, "DE-ch", "de"),
        (None, "fr, de", "de"),
        (None, "fr, *", "en"),
        (None, "en;q=0.2, de;q=0.8", "de"),
        (None, "de;q=0, en;q=0.1", "en"),
        (None, "de;q=0", "en"),
        (None, "de; q=0.5 , en ; q=0.4", "de"),
        (None, "nonsense!, de", "de"),
        (None, "de;q=7", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("../de", "de", "de"),
        ("", "de", "de"),
    ],
)
def test_the_language_is_the_one_that_is_wished_for_most(asked, accepted, language):
    assert negotiated(asked, accepted) == language


@given(st.none() | st.text(max_size=50), st.none() | st.text(alphabet="defrn-;q=.,*019 ", max_size=2000))
def test_whatever_is_wished_for_the_page_has_a_language(asked, accepted):
    assert negotiated(asked, accepted) in languages()


def test_a_long_header_is_read_to_its_thousandth_character():
    assert negotiated(None, "fr," * 400 + "de") == "en"


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (None, "", ""),
        ("2019", "2019", "2019"),
        ("2019-08", "August 2019", "August 2019"),
        ("2019-03-01", "1 March 2019", "1. März 2019"),
        (date(2026, 11, 22), "22 November 2026", "22. November 2026"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), "22 November 2026", "22. November 2026"),
    ],
)
def test_dates_are_written_as_precisely_as_they_are_known(value, english, german):
    assert texts("en").date(value) == english
    assert texts("de").date(value) == german


def test_a_field_type_that_this_version_does_not_know_is_shown_as_it_is():
    assert texts("de").field_name("shoe_size") == "shoe size"


def test_a_country_without_a_name_is_shown_by_its_code():
    assert texts("de").country("QQ") == "QQ"


@pytest.mark.parametrize("language", languages())
def test_a_message_with_a_number_has_every_form_of_its_language(language):
    made = texts(language).forms("{n} leak", "{n} leaks")
    assert set(made) == set(texts(language).locale.plural_form.tags) | {"other"}
    assert made["one"] != made["other"]


def test_a_page_with_an_unknown_name_is_an_error_and_no_empty_place():
    made = texts("en").environment.from_string("{{ nothing }}")
    with pytest.raises(Exception, match="nothing"):
        made.render()
