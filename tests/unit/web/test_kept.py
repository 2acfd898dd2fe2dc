"""Results that are kept: made once however many ask, made anew when their mark changes, never kept when they failed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from floodmark.web.kept import Kept


def test_a_result_is_made_once_however_many_ask_at_the_same_time():
    kept, made, begun, go_on = Kept(2), [], threading.Event(), threading.Event()

    def make():
        begun.set()
        go_on.wait(60)
        made.append("once")
        return len(made)

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(kept.get, "name", 1, make)
        assert begun.wait(60)
        others = [threads.submit(kept.get, "name", 1, make) for _ in range(7)]
        go_on.set()
        assert {one.result(60) for one in (first, *others)} == {1}


def test_a_result_is_made_anew_when_its_mark_changes():
    kept = Kept(2)
    assert [kept.get("name", mark, lambda mark=mark: mark) for mark in (1, 1, 2, 1)] == [1, 1, 2, 1]


def test_what_failed_is_tried_again():
    kept = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("name", 1, lambda: 1 // 0)
    assert kept.get("name", 1, lambda: "well") == "well"


def test_what_was_asked_for_longest_ago_goes_first():
    kept, made = Kept(2), []
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name, 1, lambda name=name: made.append(name))
    assert made == ["a", "b", "c", "b"]
