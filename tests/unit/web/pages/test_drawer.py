"""Drawing charts for whoever asks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from floodmark.web.pages.drawer import MOST_WAITING, Drawer, DrawingBusy


def test_one_chart_is_drawn_at_a_time_and_each_once():
    drawer, drawing, seen = Drawer(), [], []

    def draw(name):
        drawing.append(name)
        seen.append(len(drawing))
        drawing.remove(name)
        return name

    with ThreadPoolExecutor(8) as threads:
        names = [f"chart {n % 5}" for n in range(60)]
        assert list(threads.map(lambda name: drawer.get(name, 1, lambda: draw(name)), names)) == names
    assert seen == [1] * 5


def test_so_many_wait_and_others_are_told_to_come_again():
    drawer, go_on = Drawer(), threading.Event()

    def draw():
        go_on.wait(10)
        return "drawn"

    with ThreadPoolExecutor(MOST_WAITING) as threads:
        waiting = [threads.submit(drawer.get, "chart", 1, draw) for _ in range(MOST_WAITING)]
        refused = None
        while refused is None:  # until all of them wait
            try:
                drawer.get("another", 1, lambda: "at once")
            except DrawingBusy as error:
                refused = error
        go_on.set()
        assert refused.headers == {"retry-after": "2"}
        assert {one.result(10) for one in waiting} == {"drawn"}
    assert drawer.get("chart", 1, draw) == "drawn"


def test_a_drawing_that_fails_lets_the_next_one_in():
    drawer = Drawer()
    for _ in range(MOST_WAITING + 1):
        with pytest.raises(ZeroDivisionError):
            drawer.get("chart", 1, lambda: str(1 // 0))
    assert drawer.get("chart", 1, lambda: "drawn") == "drawn"
