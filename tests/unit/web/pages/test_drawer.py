"""Drawing charts for whoever asks."""

from __future__ import annotations

import asyncio
import threading

import pytest

from floodmark.web.pages import drawer as module
from floodmark.web.pages.drawer import MOST_PENDING, Drawer, DrawingBusy


def test_one_chart_is_drawn_at_a_time_and_each_once():
    drawing, seen = [], []

    def draw(name):
        drawing.append(name)
        seen.append(len(drawing))
        drawing.remove(name)
        return name

    async def ask():
        drawer, names = Drawer(), [f"chart {n % 5}" for n in range(60)]
        assert (
            await asyncio.gather(*[drawer.get(name, 1, lambda name=name: draw(name)) for name in names])
            == names
        )

    asyncio.run(ask())
    assert seen == [1] * 5


def test_so_many_charts_are_waited_for_by_any_number_and_more_are_refused():
    go_on = threading.Event()

    def draw():
        assert go_on.wait(60)
        return "drawn"

    async def ask():
        drawer = Drawer()
        names = [*range(MOST_PENDING)] * 9
        waiting = [asyncio.ensure_future(drawer.get(name, 1, draw)) for name in names]
        await asyncio.sleep(0)
        with pytest.raises(DrawingBusy) as caught:
            await drawer.get("another", 1, draw)
        assert caught.value.headers == {"retry-after": "5"}
        go_on.set()
        assert await asyncio.gather(*waiting) == ["drawn"] * len(names)
        assert await drawer.get("another", 1, draw) == "drawn"

    asyncio.run(ask())


def test_who_goes_away_takes_the_drawing_from_nobody():
    go_on = threading.Event()

    async def ask():
        drawer = Drawer()
        gone, waits = (
            asyncio.ensure_future(drawer.get("chart", 1, lambda: str(go_on.wait(60)))) for _ in range(2)
        )
        await asyncio.sleep(0)
        gone.cancel()
        go_on.set()
        assert await waits == "True"

    asyncio.run(ask())


def test_a_drawing_that_fails_is_tried_again():
    async def ask():
        drawer = Drawer()
        for _ in range(MOST_PENDING + 1):
            with pytest.raises(ZeroDivisionError):
                await drawer.get("chart", 1, lambda: str(1 // 0))
        assert await drawer.get("chart", 1, lambda: "drawn") == "drawn"

    asyncio.run(ask())


def test_a_chart_is_drawn_anew_for_another_mark_and_the_oldest_goes(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    drawn = []

    async def ask():
        drawer = Drawer()
        for name, mark in (("a", 1), ("a", 1), ("a", 2), ("b", 1), ("c", 1), ("b", 1), ("a", 2)):
            await drawer.get(name, mark, lambda name=name: drawn.append(name) or name)

    asyncio.run(ask())
    assert drawn == ["a", "a", "b", "c", "a"]
