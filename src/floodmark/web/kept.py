"""Results that are slow to make, kept in memory for as long as what they were made of stays as it is.

>>> kept = Kept(2)
>>> [kept.get("sum", mark, lambda: print("made") or mark + 1) for mark in (1, 1, 2)]
made
made
[2, 2, 3]
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Results by name, each made once by one thread while others wait for it, and made anew when its mark changes.

    Args:
        most: results kept; the one that was asked for longest ago goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, tuple[Hashable, Future[Any]]] = OrderedDict()

    def get(self, name: Hashable, mark: Hashable, make: Callable[[], T]) -> T:
        """The result that has this name and mark, made if it is not kept; one that failed is not.

        Raises:
            Exception: as `make`.
        """
        with self._lock:
            before = self._results.get(name)
            ours = before is None or before[0] != mark
            future: Future[T] = Future() if ours or before is None else before[1]
            self._results[name] = (mark, future)
            self._results.move_to_end(name)
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        if ours:
            self._make(name, mark, future, make)
        return future.result()

    def _make(self, name: Hashable, mark: Hashable, future: Future[T], make: Callable[[], T]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._results.get(name) == (mark, future):
                    del self._results[name]
            future.set_exception(error)
