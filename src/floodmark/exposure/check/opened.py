"""Sources and evaluators as people name them: folders and addresses, opened for one check."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, aclosing, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TypeVar

from floodmark.errors import UsageError
from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluator, Source
from floodmark.exposure.check.http import AsyncHttpEvaluator, AsyncHttpSource, HttpEvaluator, HttpSource
from floodmark.exposure.snapshots import SnapshotDirectory

AnyEvaluator = TypeVar("AnyEvaluator")
_KEY = re.compile(r"[0-9a-f]{64}")
_KEY_BYTES = 32


@contextmanager
def opened(
    source: Source | Path | str, evaluator: Evaluator | str | None, api_key: str | None = None
) -> Iterator[tuple[Source, Evaluator]]:
    """A source and an evaluator, closed after the block if they were opened here.

    Args:
        source: a folder, an address, or a source as it is.
        evaluator: an address, or an evaluator as it is; None for the source's address.
        api_key: for the server that evaluates, and sent to no other.

    Raises:
        UsageError: an address or a key is none, or nobody evaluates.
    """
    whoever: Evaluator | str = _evaluator_of(source, evaluator)
    with ExitStack() as stack:
        if isinstance(source, str):
            source = stack.enter_context(closing(HttpSource(source)))
        elif isinstance(source, Path):
            source = SnapshotDirectory(source)
        if isinstance(whoever, str):
            whoever = stack.enter_context(closing(HttpEvaluator(whoever, api_key=api_key)))
        yield source, whoever


@asynccontextmanager
async def opened_async(
    source: Source | AsyncSource | Path | str,
    evaluator: Evaluator | AsyncEvaluator | str | None,
    api_key: str | None = None,
) -> AsyncIterator[tuple[Source | AsyncSource, Evaluator | AsyncEvaluator]]:
    """As `opened`, for an event loop.

    Raises:
        UsageError: an address or a key is none, or nobody evaluates.
    """
    whoever: Evaluator | AsyncEvaluator | str = _evaluator_of(source, evaluator)
    async with AsyncExitStack() as stack:
        if isinstance(source, str):
            source = await stack.enter_async_context(aclosing(AsyncHttpSource(source)))
        elif isinstance(source, Path):
            source = SnapshotDirectory(source)
        if isinstance(whoever, str):
            whoever = await stack.enter_async_context(aclosing(AsyncHttpEvaluator(whoever, api_key=api_key)))
        yield source, whoever


def root_key_of(key: bytes | str) -> bytes:
    """A root key, 32 bytes.

    Args:
        key: these, or their 64 hexadecimal digits.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(key, str):
        key = bytes.fromhex(key) if _KEY.fullmatch(key) else b""
    if not isinstance(key, bytes) or len(key) != _KEY_BYTES:
        raise UsageError(
            "A root key is 32 bytes, in 64 hexadecimal digits.",
            "Get it from whoever publishes the snapshot, by a way that you trust.",
        )
    return key


def _evaluator_of(source: object, evaluator: AnyEvaluator | None) -> AnyEvaluator | str:
    if evaluator is not None:
        return evaluator
    if isinstance(source, str):
        return source
    raise UsageError(
        "A snapshot's files do not evaluate.", "Name the server that does, or give the evaluation key."
    )
