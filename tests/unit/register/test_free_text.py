"""Text of users: made safe to show, and refused where it holds an identifier, in words that do not repeat it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.register.free_text import HoldsIdentifier, UnfitText, clean, visible


def test_an_ordinary_text_stays_as_it_was_written():
    text = "Told the press desk.\n\n\tThey will say nothing before Monday: 9 h.\nمی‌خواهم 👩‍💻"
    assert clean(text, "The note") == text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  a \r\n b\rc\u2028d\x0be\x85f ", "a \n b\nc\nd\ne\nf"),
        ("a\x1b[31mred\x1b]0;title\x07", "a[31mred]0;title"),
        ("a\u202eb\u2066c\ufeffd\x00", "abcd"),
        ("Cafe\u0301", "Café"),
        ("broken \udcff byte", "broken  byte"),
    ],
)
def test_what_moves_the_cursor_or_does_not_show_is_left_out(written, kept):
    assert clean(written, "The note") == kept


def test_a_title_is_one_line():
    assert clean("a\n  b\tc", "The title", lines=False) == "a b c"


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x1b", "\u200d\u200c", "\ufeff"])
def test_a_text_with_nothing_in_it_is_refused(text):
    with pytest.raises(UnfitText, match="The note is empty"):
        clean(text, "The note")


def test_a_text_that_is_too_long_is_refused_before_it_is_searched():
    assert len(clean("x" * 10_000, "The note")) == 10_000
    with pytest.raises(UnfitText, match="longer than 10,000 characters"):
        clean("x" * 10_001, "The note")


@pytest.mark.parametrize(
    "text", ["rang 07700 900123", "wrote to ada@example.org", "a\u202d07700\u200b900123"]
)
def test_an_identifier_is_refused_without_repeating_it(text):
    with pytest.raises(HoldsIdentifier) as caught:
        clean(text, "The note")
    said = caught.value.message + caught.value.hint
    assert caught.value.exit_code == 2
    assert "The note seems to hold" in said
    assert "900123" not in said and "ada" not in said


@given(text=st.text(max_size=200))
def test_what_is_kept_controls_nothing_and_is_kept_alike_again(text):
    try:
        kept = clean(text, "The note")
    except FloodmarkError:
        return
    assert clean(kept, "The note") == kept
    assert visible(kept) == kept
    assert all(c in "\n\t\u200c\u200d" or unicodedata.category(c)[0] != "C" for c in kept)
    kept.encode()
