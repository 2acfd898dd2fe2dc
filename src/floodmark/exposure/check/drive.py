"""Answering a check's steps from a source and an evaluator, blocking or awaited."""

from __future__ import annotations

from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from floodmark.exposure.check.asking import (
    Ask,
    AsyncEvaluator,
    AsyncSource,
    Evaluate,
    Evaluated,
    Evaluator,
    GetSnapshot,
    Result,
    Source,
    Steps,
)


def drive(steps: Steps[Result], source: Source, evaluator: Evaluator) -> Result:
    """Run steps to their result, one answer after another.

    Raises:
        FloodmarkError: an answer did not come, or was refused.
    """
    try:
        ask = next(steps)
        while True:
            ask = steps.send(_answer(ask, source, evaluator))
    except StopIteration as done:
        found: Result = done.value
        return found
    finally:
        steps.close()


async def drive_async(
    steps: Steps[Result], source: Source | AsyncSource, evaluator: Evaluator | AsyncEvaluator
) -> Result:
    """As `drive`, awaiting what is awaitable.

    Raises:
        FloodmarkError: an answer did not come, or was refused.
    """
    try:
        ask = next(steps)
        while True:
            answer = _answer(ask, source, evaluator)
            ask = steps.send(await answer if isawaitable(answer) else answer)
    except StopIteration as done:
        found: Result = done.value
        return found
    finally:
        steps.close()


def _answer(
    ask: Ask, source: Source | AsyncSource, evaluator: Evaluator | AsyncEvaluator
) -> bytes | Evaluated | Awaitable[Any]:
    if isinstance(ask, GetSnapshot):
        return source.envelope()
    if isinstance(ask, Evaluate):
        return evaluator.evaluate(ask.epoch, ask.elements)
    return source.bucket(ask.snapshot, ask.number)
