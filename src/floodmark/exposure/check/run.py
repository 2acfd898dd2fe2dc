"""A check from text to result, blocking or awaited."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from floodmark.errors import UsageError
from floodmark.exposure.check.asked import Asked, read
from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluator, Random, Source
from floodmark.exposure.check.drive import drive, drive_async
from floodmark.exposure.check.opened import opened, opened_async, root_key_of
from floodmark.exposure.check.result import Checked
from floodmark.exposure.check.steps import MOST_IDENTIFIERS, steps
from floodmark.identifiers.field_types import IdentifierKind


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def check(
    identifiers: str | Sequence[str],
    *,
    source: Source | Path | str,
    evaluator: Evaluator | str | None = None,
    root_key: bytes | str,
    kind: IdentifierKind | None = None,
    region: str | None = None,
    api_key: str | None = None,
    clock: Callable[[], datetime] = now,
    random: Random = secrets.token_bytes,
) -> Checked:
    """Ask whether identifiers are in the leaks of a snapshot, without telling anyone which identifiers.

    Args:
        identifiers: one, or 1 to 64; whoever hosts the snapshot sees how many were asked about together.
        source: where the snapshot and its buckets are: a folder, the address of a server, or any `Source`.
        evaluator: who has the key: the address of a server, or any `Evaluator`; None for the source's server.
        root_key: the public key with which the snapshot has to be signed, 32 bytes or their 64 hexadecimal digits;
            from whoever publishes the snapshot, by a way that you trust.
        kind: what the identifiers are; None for e-mail addresses where there is an `@`, else telephone numbers.
        region: country of national telephone numbers, ISO 3166-1 alpha-2.
        api_key: for the server that evaluates, and sent to no other; it says who asks.
        clock: the time now, with time zone.
        random: gives so many random bytes.

    Raises:
        TypeError: an identifier is no text, or the time has no time zone.
        NotAnIdentifier: one of them has no canonical form; nothing was sent.
        FloodmarkError: an answer did not come, or was refused.
    """
    asked, root = _read(identifiers, kind, region), root_key_of(root_key)
    with opened(source, evaluator, api_key) as (there, whoever):
        fetched = drive(steps(asked, root, clock=clock, random=random), there, whoever)
    return fetched.looked_up()


async def check_async(
    identifiers: str | Sequence[str],
    *,
    source: Source | AsyncSource | Path | str,
    evaluator: Evaluator | AsyncEvaluator | str | None = None,
    root_key: bytes | str,
    kind: IdentifierKind | None = None,
    region: str | None = None,
    api_key: str | None = None,
    clock: Callable[[], datetime] = now,
    random: Random = secrets.token_bytes,
) -> Checked:
    """As `check`, for an event loop.

    Args:
        identifiers: one, or 1 to 64.
        source: as for `check`, or one that is awaited.
        evaluator: as for `check`, or one that is awaited.
        root_key: as for `check`.
        kind: as for `check`.
        region: as for `check`.
        api_key: as for `check`.
        clock: as for `check`.
        random: as for `check`.

    Raises:
        TypeError: an identifier is no text, or the time has no time zone.
        NotAnIdentifier: one of them has no canonical form; nothing was sent.
        FloodmarkError: an answer did not come, or was refused.
    """
    asked, root = _read(identifiers, kind, region), root_key_of(root_key)
    async with opened_async(source, evaluator, api_key) as (there, whoever):
        fetched = await drive_async(steps(asked, root, clock=clock, random=random), there, whoever)
    return fetched.looked_up()


def _read(identifiers: str | Sequence[str], kind: IdentifierKind | None, region: str | None) -> list[Asked]:
    texts = [identifiers] if isinstance(identifiers, str | bytes) else list(identifiers)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("identifiers are given as str: one, or a sequence of them")
    if not 1 <= len(texts) <= MOST_IDENTIFIERS:
        raise UsageError(
            f"A check is of 1 to {MOST_IDENTIFIERS} identifiers, and {len(texts):,} were given.",
            "Check them in several calls, or an organisation's list with floodmark check --batch.",
        )
    return [read(text, kind, region) for text in texts]
