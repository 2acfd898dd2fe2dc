"""Writing a sealed leak's files, when everything is evaluated: rows.npy, the manifest and its signature."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import RowsFile, keyed_filler, write_matrix
from floodmark.exposure.sealed.sealed_folder import MANIFEST, ROWS, SIGNATURE
from floodmark.exposure.sealing.journal import Journal
from floodmark.exposure.sealing.partitions import Partitions, rows_needed
from floodmark.exposure.sealing.ranks import Ranks
from floodmark.files import write_atomic
from floodmark.register.arrays import LeakArrays
from floodmark.register.key_evaluation import EvaluationKey
from floodmark.register.sealed_leaks import SealedRow
from floodmark.register.sealing_folder import Plan
from floodmark.signatures import Signer, signature_file


@dataclass(frozen=True)
class Sealing:
    """What a sealed leak is written from.

    Attributes:
        arrays: of the saved leak.
        ranks: of its identifiers.
        plan: under which it was begun.
        seal_id: its random name.
        evaluation: the epoch's key.
        signing: the workspace's key.
    """

    arrays: LeakArrays
    ranks: Ranks
    plan: Plan
    seal_id: bytes
    evaluation: EvaluationKey
    signing: Signer

    def write(
        self,
        folder: Path,
        journal: Journal,
        withheld: NDArray[np.int64],
        sealed_at: str,
        workers: int,
        advance: Callable[[int], None],
    ) -> SealedRow:
        """Write the files.

        Args:
            folder: empty.
            journal: has every identifier's row.
            withheld: ranks of those that are left out, ascending.
            sealed_at: up to when opt-outs were heeded, ISO 8601 in UTC to the second.
            workers: threads.
            advance: told of the buckets written.

        Raises:
            OutputFailed: the disk refused.
        """
        partitions = Partitions(journal, withheld)
        counts = partitions.counts(workers)
        if int(counts.sum()) != self.ranks.total - len(withheld):
            raise AssertionError("every identifier is evaluated once")
        m = rows_needed(counts)
        filler = keyed_filler(self.evaluation.pair.private, self.seal_id)
        rows = write_matrix(
            folder / ROWS,
            partitions,
            m,
            self.plan.cell_bytes,
            filler=filler,
            workers=workers,
            advance=advance,
        )
        manifest = self._manifest(m, rows, withheld, sealed_at)
        data = manifest.to_bytes()
        write_atomic(folder / MANIFEST, data, private=True)
        signature = signature_file(self.signing.public, self.signing.sign(CONTEXT + data))
        write_atomic(folder / SIGNATURE, signature, private=True)
        return SealedRow(
            slug=manifest.slug,
            seal_id=manifest.seal_id,
            epoch=manifest.epoch,
            public_key=manifest.public_key.hex(),
            members=dict(manifest.members),
            m=m,
            bytes=rows.bytes,
            manifest_sha256=hashlib.sha256(data).hexdigest(),
            sealed_at=sealed_at,
        )

    def _manifest(self, m: int, rows: RowsFile, withheld: NDArray[np.int64], sealed_at: str) -> Manifest:
        return Manifest(
            seal_id=self.seal_id.hex(),
            slug=self.arrays.slug,
            synthetic=self.arrays.leak.synthetic,
            sealed_at=sealed_at,
            epoch=self.evaluation.epoch,
            public_key=self.evaluation.public,
            members=self._members(withheld),
            field_sets=tuple(tuple(labels) for labels in self.arrays.field_sets),
            cell_bytes=self.plan.cell_bytes,
            m=m,
            rows_bytes=rows.bytes,
            rows_sha256=rows.sha256,
        )

    def _members(self, withheld: NDArray[np.int64]) -> dict[str, int]:
        members = {}
        for kind in self.plan.kinds:
            first, length = self.ranks.first(kind), len(self.arrays.digests(kind))
            out = int(((withheld >= first) & (withheld < first + length)).sum())
            members[kind] = length - out
        return members
