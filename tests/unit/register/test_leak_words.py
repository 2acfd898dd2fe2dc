"""What is said of a leak: kept as it should be, or refused in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.leak_words import FLAGS, UnfitDate, UnfitSource, cleaned, edit_leak
from floodmark.register.leaks import LeakNotFound, get_leak

TODAY = date(2026, 1, 31)
NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "given_text", "kept"),
    [
        ("title", "  Two \n words\x1b[31m ", "Two words[31m"),
        ("description", "Two\r\nlines", "Two\nlines"),
        ("description", " ", ""),
        ("attribution", "a\nb", "a b"),
        ("attribution", "", ""),
        ("domain", "Bücher.Example.", "xn--bcher-kva.example"),
        ("domain", "", ""),
        ("domain", "163.com", "163.com"),
        ("domain", "a447700900123.example", "a447700900123.example"),
        (
            "disclosure_url",
            " https://example.org/news/2021-04-03/technology-56639081?page=2#c ",
            "https://example.org/news/2021-04-03/technology-56639081?page=2#c",
        ),
        ("disclosure_url", "", ""),
        ("breach_date", "2019-08-31", "2019-08-31"),
        ("breach_date", "2026-02-01", "2026-02-01"),  # today already, further east
        ("breach_date", "", None),
        ("verified", True, True),
    ],
)
def test_what_is_said_is_kept(name, given_text, kept):
    assert cleaned({name: given_text}, TODAY) == {name: kept}


@pytest.mark.parametrize(
    ("name", "given_text", "error"),
    [
        ("title", " ", UnfitText),
        ("title", "x" * 201, UnfitText),
        ("title", "sold by +44 7700 900123", HoldsIdentifier),
        ("description", "ask ada@example.org", HoldsIdentifier),
        ("description", "x" * 10_001, UnfitText),
        ("attribution", "07700 900123", HoldsIdentifier),
        ("domain", "localhost", UnfitSource),
        ("domain", "exa mple.org", UnfitSource),
        ("domain", "a..example", UnfitSource),
        ("domain", "https://example.org", UnfitSource),
        ("domain", "ada@example.org", UnfitSource),
        ("domain", ".".join(["a" * 60] * 5), UnfitSource),
        ("domain", "447700900123.example", HoldsIdentifier),
        ("domain", "www.44-7700-900123.example", HoldsIdentifier),
        ("disclosure_url", "https://447700900123.example/", HoldsIdentifier),
        ("disclosure_url", "https://example.org/a/447700900123", HoldsIdentifier),
        ("disclosure_url", "https://example.org/%30%37700%20900%20123", HoldsIdentifier),
        ("disclosure_url", "https://example.org/?who=ada%40example.org", HoldsIdentifier),
        ("disclosure_url", "https://example.org/?profile=100001234567890&tab=a", HoldsIdentifier),
        ("disclosure_url", "https://example.org/#07700900123", HoldsIdentifier),
        ("disclosure_url", "example.org/notice", UnfitSource),
        ("disclosure_url", "javascript:alert(1)", UnfitSource),
        ("disclosure_url", "file:///etc/passwd", UnfitSource),
        ("disclosure_url", "https://", UnfitSource),
        ("disclosure_url", "https://[x", UnfitSource),
        ("disclosure_url", "https://user@example.org/", UnfitSource),
        ("disclosure_url", "https://example.org/\x1b[31m", UnfitSource),
        ("disclosure_url", "https://example.org/" + "x" * 2000, UnfitText),
        ("breach_date", "2019-02-29", UnfitDate),
        ("breach_date", "31.08.2019", UnfitDate),
        ("breach_date", "20190831", UnfitDate),
        ("breach_date", "2019-W35-6", UnfitDate),
        ("breach_date", "2026-02-02", UnfitDate),
    ],
)
def test_what_cannot_be_kept_is_refused_without_repeating_it(name, given_text, error):
    with pytest.raises(error) as caught:
        cleaned({name: given_text}, TODAY)
    assert caught.value.exit_code == 2
    assert not given_text.strip() or given_text not in caught.value.message


@pytest.mark.parametrize("name", ["rows", "slug", "synthetic", "folder", "nothing"])
def test_what_was_counted_is_for_nobody_to_say(name):
    with pytest.raises(KeyError):
        cleaned({name: "1"}, TODAY)


@given(
    st.sampled_from(["title", "domain", "description", "attribution", "disclosure_url", "breach_date"]),
    st.text(),
)
def test_any_text_is_kept_or_refused_and_what_is_kept_is_kept_again(name, text):
    try:
        kept = cleaned({name: text}, TODAY)[name]
    except UsageError:
        return
    assert cleaned({name: kept or ""}, TODAY) == {name: kept}


def test_an_edit_changes_what_is_said_and_when_and_nothing_else(workspace, save):
    before = save()
    with workspace.writing("test") as connection:
        changes = {"title": "New", "breach_date": "2019-08-31", **dict.fromkeys(FLAGS, True)}
        after = edit_leak(connection, "made-up", changes, NOW.astimezone(timezone(timedelta(hours=9))))
    assert (after.title, after.breach_date, after.modified_at) == (
        "New",
        "2019-08-31",
        "2026-01-31T13:05:00Z",
    )
    assert all(getattr(after, flag) for flag in FLAGS)
    kept = ("slug", "rows", "saved_at", "description", "synthetic", "folder", "identifiers", "field_types")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    with workspace.connect() as connection:
        assert get_leak(connection, "made-up") == after


def test_a_leak_is_not_published_before_its_breach(workspace, save):
    save()
    with workspace.writing("test") as connection:
        edit_leak(connection, "made-up", {"breach_date": "2019-08-31"}, NOW)
    for changes in (
        {"published_date": "2019-08-30"},
        {"breach_date": "2021-01-02", "published_date": "2021-01-01"},
    ):
        with pytest.raises(UnfitDate, match="before the breach"), workspace.writing("test") as connection:
            edit_leak(connection, "made-up", changes, NOW)
    with workspace.writing("test") as connection:
        both = {"breach_date": "2015-01-01", "published_date": "2015-01-01"}
        assert edit_leak(connection, "made-up", both, NOW).published_date == "2015-01-01"


def test_an_edit_that_is_refused_changes_nothing(workspace, save):
    before = save()
    with pytest.raises(UsageError), workspace.writing("test") as connection:
        edit_leak(connection, "made-up", {"title": "New", "domain": "x"}, NOW)
    with workspace.connect() as connection:
        assert get_leak(connection, "made-up") == before


def test_what_is_not_there_cannot_be_edited(workspace):
    with pytest.raises(LeakNotFound), workspace.writing("test") as connection:
        edit_leak(connection, "made-up", {"title": "New"}, NOW)
