"""Answering an organisation's steps from servers or folders, several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from floodmark.errors import FloodmarkError
from floodmark.exposure.check.asking import (
    Ask,
    AsyncEvaluator,
    AsyncSource,
    Evaluate,
    Evaluator,
    GetBucket,
    Source,
)
from floodmark.exposure.check.organisation_steps import Outcome, Result, Several, Wait


async def drive_together(
    steps: Several[Result],
    source: Source | AsyncSource,
    evaluator: Evaluator | AsyncEvaluator,
    wait: Callable[[Wait], Awaitable[None]],
) -> Result:
    """Run steps to their result.

    Args:
        steps: of an organisation's check.
        source: of the buckets.
        evaluator: who has the key.
        wait: waits as long as it is told to, or raises.

    Raises:
        FloodmarkError: an answer did not come, or was refused.
    """
    outcomes: list[Any] = []
    try:
        wanted = next(steps)
        while True:
            if isinstance(wanted, Wait):
                await wait(wanted)
            else:
                outcomes = await asyncio.gather(*(_outcome(ask, source, evaluator) for ask in wanted.asks))
            wanted = steps.send(outcomes)
    except StopIteration as done:
        found: Result = done.value
        return found
    finally:
        steps.close()


async def _outcome(ask: Ask, source: Source | AsyncSource, evaluator: Evaluator | AsyncEvaluator) -> Outcome:
    """The answer, or the error that came instead: of several, one must not take the others' answers along."""
    try:
        if isinstance(ask, Evaluate):
            answer: Any = evaluator.evaluate(ask.epoch, ask.elements)
        elif isinstance(ask, GetBucket):
            answer = source.bucket(ask.snapshot, ask.number)
        else:
            answer = source.envelope()
        outcome: Outcome = await answer if isawaitable(answer) else answer
    except FloodmarkError as error:
        return error
    return outcome
