"""An organisation's check: all of its customers at once, each asked about once in an epoch (protocol 1, section 6)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from inspect import isawaitable
from pathlib import Path
from typing import Any

from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluator, Random, Source
from floodmark.exposure.check.loop_thread import LoopThread
from floodmark.exposure.check.opened import opened_async, root_key_of
from floodmark.exposure.check.organisation_budget import budget, check_size
from floodmark.exposure.check.organisation_drive import drive_together
from floodmark.exposure.check.organisation_progress import Asking, Progress
from floodmark.exposure.check.organisation_result import OrganisationChecked, answer_of
from floodmark.exposure.check.organisation_steps import (
    Advance,
    Wait,
    buckets_of,
    evaluate_missing,
    look_through,
)
from floodmark.exposure.check.organisation_table import Customers
from floodmark.exposure.check.run import now
from floodmark.exposure.snapshots import open_snapshot
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel import keyed_hash
from floodmark.reports.numbers import plural

LONGEST_WAIT = 3600  # seconds

Phase = Callable[[str, int], AbstractContextManager[Advance]]
"""Shows work while a block runs, given its name and size; gives what to call with what was done."""


@contextmanager
def silent(name: str, total: int) -> Iterator[Advance]:
    """A `Phase` that shows nothing."""
    yield lambda done: None


async def patiently(wait: Wait) -> None:
    """Wait for up to an hour.

    Raises:
        FloodmarkError: it would take longer.
    """
    if wait.seconds > LONGEST_WAIT:
        raise wait.why
    await asyncio.sleep(wait.seconds)


def check_organisation(customers: Customers, **options: Any) -> OrganisationChecked:
    """As `check_organisation_async`, for callers that block, in a notebook too, which has an event loop of its own."""
    checking = check_organisation_async(customers, **options)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(checking)
    loop = LoopThread()
    try:
        return loop.run(checking)
    finally:
        loop.run(_others_end())
        loop.close()


async def _others_end() -> None:
    """Let what an interrupt cancelled put its things away."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)


async def check_organisation_async(
    customers: Customers,
    *,
    source: Source | AsyncSource | Path | str,
    evaluator: Evaluator | AsyncEvaluator | str | None = None,
    root_key: bytes | str,
    size: int,
    key: DigestKey,
    progress: Path,
    column: str = "",
    file_changed: bool = False,
    api_key: str | None = None,
    clock: Callable[[], datetime] = now,
    random: Random = secrets.token_bytes,
    phase: Phase = silent,
    wait: Callable[[Wait], Awaitable[None]] = patiently,
    said: Callable[[str], None] = lambda sentence: None,
) -> OrganisationChecked:
    """Ask which of an organisation's customers are in the leaks of a snapshot, without telling anyone who they are.

    After an interrupt or an error the same call goes on: what was answered is not asked again in the epoch, in a later
    snapshot either.

    Args:
        customers: who is asked about.
        source: where the snapshot and its buckets are: a folder, the address of a server, or any source.
        evaluator: who has the key: the address of a server, or any evaluator; None for the source's server.
        root_key: the public key with which the snapshot has to be signed, 32 bytes or 64 hexadecimal digits.
        size: number of customers that was attested to whoever runs the server.
        key: the digest key; what is kept is encrypted under it.
        progress: file of what was asked so far; it stays after the check, for the next one.
        column: how the identifiers were read; a change of it is a change of the file.
        file_changed: whether another file than the one that was begun with will do.
        api_key: for the server that evaluates, and sent to no other.
        clock: the time now, with time zone.
        random: gives so many random bytes.
        phase: shows the work.
        wait: waits as long as a server asks for, or raises.
        said: told what somebody should know on the way.

    Raises:
        TooManyCustomers: there are more than `size`; nothing was sent.
        CustomersChanged: the file is another one; nothing was evaluated.
        OverBudget: what is to be asked is more than is left in the epoch; nothing more was evaluated.
        ProgressLocked, ProgressDamaged, ProgressBusy: the progress file cannot be used.
        FloodmarkError: an answer did not come, or was refused.
    """
    check_size(len(customers.inputs), size)
    root = root_key_of(root_key)
    digests = keyed_hash.of_texts(key.secret, b"", customers.inputs)
    async with opened_async(source, evaluator, api_key) as (there, whoever):
        envelope = there.envelope()
        snapshot = open_snapshot(await envelope if isawaitable(envelope) else envelope, root, clock())
        asking = Asking(customers.sha256, column, snapshot.epoch, snapshot.public_key.hex())
        with Progress.opened(progress, key, asking, file_changed=file_changed) as kept:
            if kept.resumed:
                known = len(kept.answers)
                were = "was" if known == 1 else "were"
                said(f"Going on: {plural(known, 'identifier')} {were} evaluated before, in this epoch.")
            with phase("Evaluating", len(digests)) as advance:
                steps = evaluate_missing(
                    customers.inputs, digests, snapshot, kept, size=size, random=random, advance=advance
                )
                await drive_together(steps, there, whoever, wait)
            with phase("Looking through buckets", len(buckets_of(digests, kept))) as advance:
                steps = look_through(digests, snapshot, kept, random=random, advance=advance)
                await drive_together(steps, there, whoever, wait)
            kept.keep()
            return answer_of(customers, digests, kept.hits, snapshot, spent=kept.spent, budget=budget(size))
