"""Slugs: what can be one, and what is suggested in place of what cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.register.slugs import SLUG, BadSlug, check_slug, suggestion


@pytest.mark.parametrize("text", ["a", "facebook-2021", "0", "a" * 64, "a--b-"])
def test_small_letters_digits_and_hyphens_are_a_slug(text):
    assert check_slug(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "-a",
        "A",
        "é",
        "a b",
        "a\n",
        "a@2",
        "a" * 65,
        ".staging-a",
        "a\0b",
        "١",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadSlug) as caught:
        check_slug(text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Facebook 2021", "facebook-2021"),
        ("Été", "ete"),
        ("../../etc", "etc"),
        ("x" * 99, "x" * 64),
        ("电话", ""),
    ],
)
def test_the_nearest_slug_is_suggested(text, near):
    assert suggestion(text) == near
    with pytest.raises(BadSlug) as caught:
        check_slug(text, "case")
    assert caught.value.message == "That cannot name a case."
    assert caught.value.hint.endswith(f"Try {near}." if near else "facebook-2021.")


@given(st.text())
def test_a_suggestion_is_a_slug_or_nothing(text):
    assert suggestion(text) == "" or SLUG.fullmatch(suggestion(text))
