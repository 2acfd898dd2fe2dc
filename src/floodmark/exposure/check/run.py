"""A check from text to result, blocking or awaited."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from floodmark.errors import UsageError
from floodmark.exposure.check.asked import Asked, read
from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluator, Random, Source
from floodmark.exposure.check.drive import drive, drive_async
from floodmark.exposure.check.result import Checked
from floodmark.exposure.check.steps import MOST_IDENTIFIERS, steps
from floodmark.identifiers.field_types import IdentifierKind

ROOT_KEY_BYTES = 32


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def check(
    identifiers: str | Sequence[str],
    *,
    source: Source,
    evaluator: Evaluator,
    root_key: bytes,
    kind: IdentifierKind | None = None,
    region: str | None = None,
    clock: Callable[[], datetime] = now,
    random: Random = secrets.token_bytes,
) -> Checked:
    """Ask whether identifiers are in the leaks of a snapshot, without telling anyone which identifiers.

    Args:
        identifiers: one, or 1 to 64; whoever hosts the snapshot sees how many were asked about together.
        source: the snapshot and its buckets.
        evaluator: whoever has the key.
        root_key: the public key, 32 bytes, with which the snapshot has to be signed.
        kind: what the identifiers are; None for e-mail addresses where there is an `@`, else telephone numbers.
        region: country of national telephone numbers, ISO 3166-1 alpha-2.
        clock: the time now, with time zone.
        random: gives so many random bytes.

    Raises:
        NotAnIdentifier: one of them has no canonical form; nothing was sent.
        FloodmarkError: an answer did not come, or was refused.
    """
    asked = _read(identifiers, kind, region, root_key)
    return drive(steps(asked, root_key, clock=clock, random=random), source, evaluator)


async def check_async(
    identifiers: str | Sequence[str],
    *,
    source: Source | AsyncSource,
    evaluator: Evaluator | AsyncEvaluator,
    root_key: bytes,
    kind: IdentifierKind | None = None,
    region: str | None = None,
    clock: Callable[[], datetime] = now,
    random: Random = secrets.token_bytes,
) -> Checked:
    """As `check`, for an event loop.

    Args:
        identifiers: one, or 1 to 64.
        source: blocking or awaited.
        evaluator: blocking or awaited.
        root_key: as for `check`.
        kind: as for `check`.
        region: as for `check`.
        clock: as for `check`.
        random: as for `check`.

    Raises:
        NotAnIdentifier: one of them has no canonical form; nothing was sent.
        FloodmarkError: an answer did not come, or was refused.
    """
    asked = _read(identifiers, kind, region, root_key)
    return await drive_async(steps(asked, root_key, clock=clock, random=random), source, evaluator)


def _read(
    identifiers: str | Sequence[str], kind: IdentifierKind | None, region: str | None, root_key: bytes
) -> list[Asked]:
    if not isinstance(root_key, bytes) or len(root_key) != ROOT_KEY_BYTES:
        raise UsageError("A root key is 32 bytes.", "Get it from whoever publishes the snapshot.")
    texts = [identifiers] if isinstance(identifiers, str) else list(identifiers)
    if not 1 <= len(texts) <= MOST_IDENTIFIERS:
        raise UsageError(
            f"A check is of 1 to {MOST_IDENTIFIERS} identifiers, and {len(texts):,} were given.",
            "Check them in several calls, or an organisation's list with floodmark check --batch.",
        )
    return [read(text, kind, region) for text in texts]
