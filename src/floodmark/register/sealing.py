"""Sealing a leak: its dump streamed once more, each distinct identifier evaluated once, into a sealed leak.

Hours of evaluation are kept in a journal in the leak's folder, from which the same command goes on after a kill. The
register's row comes last: before it, the leak has no sealed leak, or the former one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import LimitExceeded, NothingToRead
from floodmark.exposure.oprf import Engine, engine
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.sealed_folder import LARGEST_MANIFEST
from floodmark.exposure.sealing.evaluated import Sealer, evaluate_all
from floodmark.exposure.sealing.journal import CHUNK_RECORDS, Journal
from floodmark.exposure.sealing.ranks import DumpDiffers, Ranks
from floodmark.identifiers import KINDS
from floodmark.kernel.oprf import Seal
from floodmark.register import workspace_keys
from floodmark.register.arrays import LeakArrays, leak_arrays
from floodmark.register.key_epochs import EpochChanged
from floodmark.register.key_evaluation import EvaluationKey
from floodmark.register.keys import Keyring
from floodmark.register.optouts import opted_out
from floodmark.register.profiles import saved_profile
from floodmark.register.saving import Phase, silent
from floodmark.register.sealed_leaks import SealedRow, sealed_row
from floodmark.register.sealing_folder import Plan, SealingFolder
from floodmark.register.sealing_inputs import Expected, as_saved, read_all
from floodmark.register.sealing_writing import Sealing
from floodmark.register.workspace import Workspace
from floodmark.triage import Options
from floodmark.triage.inputs import inputs

DEFAULT_KINDS = ("phone", "email")
MOST_NARROW = 1 << 16  # field sets whose numbers take two bytes


def seal(
    workspace: Workspace,
    keyring: Keyring,
    slug: str,
    paths: Iterable[str | Path],
    options: Options | None = None,
    *,
    kinds: Iterable[str] = DEFAULT_KINDS,
    workers: int | None = None,
    by: Engine | None = None,
    chunk: int = CHUNK_RECORDS,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    random: Callable[[int], bytes] = token_bytes,
    phase: Phase = silent,
    said: Callable[[str], None] = lambda sentence: None,
) -> SealedRow:
    """Make the sealed leak of a saved leak from its dump.

    Args:
        workspace: where the leak is saved.
        keyring: has the digest, the signing and the evaluation key.
        slug: of the leak.
        paths: the files that it was saved from, or folders of them, in any order.
        options: how they are read, where it was not as they were saved.
        kinds: of identifiers to seal; one that the leak has none of is left out.
        workers: threads; None for one on every core.
        by: what evaluates; None for the fastest way of this processor.
        chunk: identifiers that are evaluated between two writes of the journal, and so lost by a kill.
        clock: gives the time.
        random: gives the random bytes of the sealed leak's name.
        phase: shows the work.
        said: told what somebody should know on the way.

    Raises:
        LeakNotFound: no leak of that slug is saved.
        DumpDiffers: the files are not those that were saved, or are read in another way.
        NothingToRead: the leak has no identifiers of these kinds.
        UsageError: it was saved with a grammar file, which is not given.
        NoKeys, WrongKeys: the keys do not serve.
        EpochChanged: the evaluation key was replaced meanwhile.
        WorkspaceBusy, WorkspaceUnwritable: another process seals the leak, or there is no space.
        FloodmarkError: a file cannot be read.
    """
    key, signing, evaluation = keyring.digest_key(), keyring.signing_key(), keyring.evaluation_key()
    arrays = leak_arrays(workspace, slug)
    with workspace.connect() as connection:
        workspace_keys.check(connection, key.id, signing.public)
    wanted = _kinds(kinds, arrays)
    _check_field_sets(arrays)
    custody = saved_profile(workspace, slug).custody
    files, options = inputs([Path(path) for path in paths]), as_saved(options or Options(), custody)
    expected = Expected(custody)
    expected.check_sizes(files)
    ranks = Ranks({kind: arrays.digests(kind) for kind in wanted})
    withheld = _withheld(workspace, ranks, wanted)
    plan = Plan(
        kinds=tuple(wanted),
        cell_bytes=2 if len(arrays.field_sets) <= MOST_NARROW else 4,
        epoch=evaluation.epoch,
        public_key=evaluation.public.hex(),
        saved_at=arrays.leak.saved_at,
    )
    private, threads = evaluation.pair.private, workers or len(os.sched_getaffinity(0))
    with SealingFolder.opened(workspace, arrays.folder) as place:
        with workspace.connect() as connection:
            former = sealed_row(connection, slug)
        seal_id = place.begun(plan, former.seal_id if former else None, random, said)
        with Journal(place.folder, private, seal_id, chunk_records=chunk) as journal:
            _mark_done(journal, ranks, withheld, said)
            numbers = {kind: arrays.fields(kind) for kind in wanted}
            sealer = Sealer(by or engine(), private, Seal(seal_id, plan.cell_bytes), ranks, numbers)
            found = read_all(files, options, expected, ranks, wanted, key)
            with phase("Evaluating", ranks.left) as advance, closing(found):
                evaluate_all(found, sealer, journal, advance, threads)
            if ranks.left:
                raise DumpDiffers(f"The dump lacks {ranks.left:,} identifiers that the saved leak has.")
            sealed_at = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            # Hours later: who opted out meanwhile is left out, too. Who opted back in was not evaluated.
            withheld = np.union1d(withheld, _withheld(workspace, ranks, wanted))
            with phase("Writing", BUCKETS) as advance:
                made = Sealing(arrays, ranks, plan, seal_id, evaluation, signing)
                row = made.write(place.output(), journal, withheld, sealed_at, threads, advance)
        _check_epoch(keyring, evaluation)
        place.commit(row, arrays.leak.saved_at)
    return row


def _kinds(kinds: Iterable[str], arrays: LeakArrays) -> list[str]:
    """The kinds to seal, in their order, that the leak has."""
    asked = set(kinds)
    wanted: list[str] = [kind for kind in KINDS if kind in asked and kind in arrays.kinds]
    if not wanted:
        raise NothingToRead(
            f"{arrays.slug} has no identifiers of the kinds to seal",
            "Name others with --kinds; floodmark leak show lists what it has.",
        )
    return wanted


def _check_field_sets(arrays: LeakArrays) -> None:
    """Refuse, before hours of work, a table of field sets that no reader of the manifest would take."""
    if sum(len(label) + 3 for labels in arrays.field_sets for label in labels) > LARGEST_MANIFEST // 2:
        raise LimitExceeded(
            f"The records of {arrays.slug} have too many different sets of field types for a manifest",
            "Save the leak again, with fewer columns named in a grammar file (--grammar).",
        )


def _withheld(workspace: Workspace, ranks: Ranks, kinds: Iterable[str]) -> NDArray[np.int64]:
    """Ranks of identifiers whose owners opted out, ascending."""
    with workspace.connect() as connection:
        found = [ranks.find(kind, opted_out(connection, kind)) for kind in kinds]
    joined = np.concatenate(found)
    return np.sort(joined[joined >= 0])


def _mark_done(
    journal: Journal, ranks: Ranks, withheld: NDArray[np.int64], said: Callable[[str], None]
) -> None:
    """Leave out what an earlier run evaluated, and who opted out."""
    for records in journal.records():
        ranks.mark(records["rank"])
    if ranks.left < ranks.total:
        said(f"Going on: {ranks.total - ranks.left:,} identifiers were evaluated before.")
    ranks.mark(withheld)
    if len(withheld):
        said(f"Left out: {len(withheld):,} identifiers whose owners opted out.")


def _check_epoch(keyring: Keyring, evaluation: EvaluationKey) -> None:
    """See that the key that everything was evaluated with is the live one still.

    Raises:
        EpochChanged: it is not.
    """
    if evaluation.public not in [file.public for file in keyring.files()]:
        raise EpochChanged(
            "The evaluation key was replaced while the leak was sealed.",
            "Seal it again, for the epoch of now.",
        )
