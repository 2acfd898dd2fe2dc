"""A check from text to result, of a folder and with the key at hand."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from floodmark.errors import UsageError
from floodmark.exposure.check import (
    AsyncHttpEvaluator,
    AsyncHttpSource,
    LocalEvaluator,
    NotAnIdentifier,
    check,
    check_async,
)
from floodmark.exposure.check.steps import Fetched
from floodmark.exposure.snapshots import SnapshotDirectory, WrongEpoch

from .published import EMAIL, KEY, NOW, PHONE, ROOT, STRANGER, Key, Published


def asked(published: Published, *identifiers: str, **options):
    return check(
        list(identifiers),
        source=SnapshotDirectory(published.folder),
        evaluator=LocalEvaluator(KEY),
        root_key=ROOT.public,
        clock=lambda: NOW,
        **options,
    )


def test_an_identifier_is_found_with_what_each_leak_says_of_it(published):
    checked = asked(published, PHONE)
    [one] = checked.identifiers
    assert (one.kind, one.not_looked_in) == ("phone", ())
    assert [(leak.slug, leak.field_types) for leak in one.leaks] == [
        ("first", ("phone", "full_name", "birth_date")),
        ("second", ("phone",)),
    ]
    assert one.field_types == ("phone", "full_name", "birth_date")
    assert checked.found
    assert (checked.snapshot.leaks, checked.snapshot.synthetic) == (2, 2)
    assert (one.leaks[0].breach_date, one.leaks[1].breach_date) == ("2019-08", None)


def test_several_are_answered_in_their_order_and_a_kind_that_was_not_sealed_is_said(published):
    checked = asked(published, STRANGER, EMAIL, "020 7946 0001", region="GB")
    assert [one.kind for one in checked.identifiers] == ["email", "email", "phone"]
    assert [len(one.leaks) for one in checked.identifiers] == [0, 1, 2]
    assert [one.not_looked_in for one in checked.identifiers] == [("second",), ("second",), ()]


def test_who_is_in_no_leak_is_not_found(published):
    checked = asked(published, STRANGER)
    assert not checked.found
    assert checked.to_dict()["identifiers"] == [
        {"kind": "email", "leaks": [], "looked_in": 1, "not_looked_in": ["second"]}
    ]


def test_the_same_one_twice_is_answered_twice(published):
    one, other = asked(published, EMAIL, EMAIL.upper()).identifiers
    assert one == other


def test_an_event_loop_gets_the_same_answer(published):
    found = asyncio.run(
        check_async(
            PHONE,
            source=SnapshotDirectory(published.folder),
            evaluator=LocalEvaluator(KEY),
            root_key=ROOT.public,
            clock=lambda: NOW,
        )
    )
    assert found == asked(published, PHONE)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("hello", None), ("", None), ("ada@", None), ("0", "profile_id"), ("a b", "username"), ("@ada", None)],
)
def test_what_is_no_identifier_is_refused_unquoted(published, text, kind):
    with pytest.raises(NotAnIdentifier) as refused:
        asked(published, text, kind=kind)
    assert not text or text not in refused.value.message + refused.value.hint


def test_no_more_than_64_are_asked_about_at_once_and_no_fewer_than_one(published):
    for identifiers in ([], [EMAIL] * 65):
        with pytest.raises(UsageError):
            asked(published, *identifiers)


def test_another_epochs_key_is_refused(published):
    with pytest.raises(WrongEpoch):
        check(
            EMAIL,
            source=SnapshotDirectory(published.folder),
            evaluator=LocalEvaluator(Key(2, KEY.pair)),
            root_key=ROOT.public,
            clock=lambda: NOW,
        )


def test_no_identifier_is_in_a_repr(published):
    shown = repr(asked(published, EMAIL, PHONE))
    assert "ada" not in shown and "7946" not in shown


@pytest.mark.parametrize("given", [b"ada@example.org", [b"ada@example.org"], [None], [EMAIL, 7], [[EMAIL]]])
def test_what_is_no_text_is_refused_in_a_sentence_unquoted(published, given):
    with pytest.raises(TypeError, match="identifiers are given as str") as refused:
        check(given, source=published.folder, evaluator=LocalEvaluator(KEY), root_key=ROOT.public)
    assert "ada" not in str(refused.value)


@pytest.mark.parametrize("key", [None, 32, "", "0" * 63, "g" * 64, b"", bytes(31), [0] * 32])
def test_what_is_no_root_key_is_refused_in_a_sentence(published, key):
    with pytest.raises(UsageError, match="A root key is 32 bytes"):
        check(EMAIL, source=published.folder, evaluator=LocalEvaluator(KEY), root_key=key)


class Untouched:
    """A source that nothing may be asked."""

    def envelope(self):
        raise AssertionError

    bucket = envelope


@pytest.mark.parametrize("moment", [datetime(2026, 1, 31), NOW.replace(tzinfo=None)])
def test_a_clock_without_a_time_zone_is_refused_before_anything_is_asked(moment):
    options = {"source": Untouched(), "evaluator": LocalEvaluator(KEY), "root_key": ROOT.public}
    with pytest.raises(TypeError, match="time zone"):
        check(EMAIL, clock=lambda: moment, **options)
    with pytest.raises(TypeError, match="time zone"):
        asyncio.run(check_async(EMAIL, clock=lambda: moment, **options))


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("awaited", [False, True])
def test_nothing_is_looked_up_before_every_connection_is_closed(server, monkeypatch, awaited):
    """When a connection ends must not depend on what is found: the order that `steps` promises."""
    order = []

    def noted(owner, name, event):
        done = getattr(owner, name)

        def closing(self):
            order.append(event)
            return done(self)

        monkeypatch.setattr(owner, name, closing)

    noted(AsyncHttpSource, "aclose", "closed")
    noted(AsyncHttpEvaluator, "aclose", "closed")
    noted(Fetched, "looked_up", "looked up")
    options = {"source": server.address, "root_key": ROOT.public, "clock": lambda: NOW}
    checked = asyncio.run(check_async(EMAIL, **options)) if awaited else check(EMAIL, **options)
    assert checked.found
    assert order == ["closed", "closed", "looked up"]
