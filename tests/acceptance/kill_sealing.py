"""A process that forks others, kills them with -9 at random moments of a seal, a snapshot or a publication.

    python kill_sealing.py seal|snapshot|publish FOLDER SEED KILLS

What is left is the former state or the new one, every byte of it verified; then the next run goes on and cleans up.
It must not start Polars' threads itself, since a fork does not take them along.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from kill_loop import Rig, forked, lasting, shortest, sooner

from floodmark.exposure.oprf import engine
from floodmark.exposure.sealed.sealed_leak import SealedLeak
from floodmark.exposure.snapshots import SnapshotDirectory, open_snapshot
from floodmark.exposure.snapshots.publishing import publish
from floodmark.exposure.snapshots.verify import verify_buckets
from floodmark.register.keys import Keyring
from floodmark.register.leaks import get_leak
from floodmark.register.sealed_leaks import list_sealed, sealed_of
from floodmark.register.sealing import seal
from floodmark.register.snapshot_folders import latest_snapshot
from floodmark.register.snapshots import make_snapshot

PIECE = 50  # so that a small dump takes many pieces,
CHUNK = 100  # and many chunks of the journal
SLUG = "kept"
PHASES = ("start", "Evaluating", "Writing")  # that are killed in
OLD = "killed, old"  # what became of a kill that came in time


class SealingRig(Rig):
    """A workspace with one leak saved in it, to seal."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.web = folder / "web"
        self.rows = {}
        forked(self.save(SLUG, 0))
        with Keyring.open(self.keys, workspace=self.home) as keys:
            self.root = keys.signing_key().public

    def seal(self, tell):
        """An action: seal the leak, telling of its phases, and in each whether some was evaluated before."""
        sentences = []

        @contextmanager
        def phase(name, total):
            tell(name)
            if any(sentence.startswith("Going on") for sentence in sentences):
                tell("resumed")
            yield lambda done: None

        with self.workspace() as place, Keyring.open(self.keys, workspace=self.home) as keys:
            asked = {"workers": 2, "by": replace(engine(), piece=PIECE), "chunk": CHUNK}
            seal(place, keys, SLUG, [self.dumps[0]], **asked, phase=phase, said=sentences.append)

    def snapshot(self, tell):
        """An action: make a snapshot of the sealed leak."""
        with self.workspace() as place, Keyring.open(self.keys, workspace=self.home) as keys:
            make_snapshot(place, keys)

    def publish(self, tell):
        """An action: publish the newest snapshot."""
        with self.workspace() as place:
            source = SnapshotDirectory(latest_snapshot(place))
        publish(source, source.envelope(), self.root, self.web)

    def sealed(self):
        """The name of the sealed leak, every byte of it verified; None where there is none."""
        with self.workspace() as place:
            with place.connect() as connection:
                rows, leak = list_sealed(connection), get_leak(connection, SLUG)
            if not rows:
                return None
            with SealedLeak.open(sealed_of(place, SLUG).folder, root=self.root) as found:
                found.verify()
                assert found.manifest.members == {kind: leak.identifiers[kind] for kind in ("phone", "email")}
                return found.manifest.seal_id

    def made(self):
        """Number of the newest snapshot, every byte of it verified; 0 where there is none."""
        with self.workspace() as place:
            folder = latest_snapshot(place)
        return 0 if folder is None else self.verified(folder)

    def published(self):
        """Number of the snapshot that is published, every byte of it verified; 0 where there is none."""
        return self.verified(self.web) if (self.web / "v1/snapshot").exists() else 0

    def verified(self, folder):
        """Number of the snapshot in a directory, as a client accepts it and byte by byte."""
        directory = SnapshotDirectory(folder)
        snapshot = open_snapshot(directory.envelope(), self.root, datetime.now(UTC))
        assert verify_buckets(directory, snapshot) == ()
        return snapshot.number


def kill_seals(rig, kills, draw):
    """Kill seals: there is the former sealed leak or the new one, and some go on from what a kill left."""
    seconds = shortest(rig.seal)
    present, seen, last = rig.sealed(), Counter(), ""

    def missing():
        resumed = any(outcome.startswith("resumed") for outcome in seen) or last == f"Writing, {OLD}"
        return None if resumed and any(OLD in outcome for outcome in seen) else "Writing"

    phases = [draw.choice(PHASES) for _ in range(kills)]
    moments = [(phase, draw.uniform(0, 1.2 * seconds[phase])) for phase in phases]
    left_alone = [(None, 0.0)]  # which goes on from what the kill before it left
    for phase, delay in chain(moments, sooner(draw, seconds, missing), left_alone):
        told, was_killed = forked(rig.seal, phase, delay)
        after = rig.sealed()
        assert was_killed or after != present
        assert after is not None
        last = f"{told}, {'killed' if was_killed else 'done'}, {'old' if after == present else 'new'}"
        seen[last] += 1
        present = after
    rig.clean()
    [folder] = (rig.home / "leaks" / SLUG / "sealed").iterdir()
    assert folder.name == rig.sealed()
    assert not (rig.home / "leaks" / SLUG / "sealing").exists()
    return seen


def delays(whole, kills, draw, seen):
    """Seconds after which to kill what takes so many: so often, and then sooner until one came in time."""
    yield from (draw.uniform(0, 1.6 * whole) for _ in range(kills))
    more = sooner(
        draw, {"start": whole}, lambda: None if any(OLD in outcome for outcome in seen) else "start"
    )
    yield from (delay for _, delay in more)


def kill_snapshots(rig, kills, draw):
    """Kill the making of snapshots: the newest is the former or the next one."""
    forked(rig.seal)
    whole = sum(lasting(rig.snapshot).values())
    present, seen = rig.made(), Counter()
    for delay in delays(whole, kills, draw, seen):
        _, was_killed = forked(rig.snapshot, "start", delay)
        after = rig.made()
        assert after == present + 1 or (was_killed and after == present)
        seen[f"{'killed' if was_killed else 'done'}, {'old' if after == present else 'new'}"] += 1
        present = after
    forked(rig.snapshot)
    assert len([path for path in (rig.home / "snapshots").iterdir() if path.is_dir()]) == 2
    assert not [path for path in rig.home.rglob("*") if path.name.endswith(".part")]
    return seen


def kill_publications(rig, kills, draw):
    """Kill publications: a client finds the former snapshot or the new one, whole."""
    forked(rig.seal)
    forked(rig.snapshot)
    whole = sum(lasting(rig.publish).values())
    present, seen = rig.published(), Counter()
    for delay in delays(whole, kills, draw, seen):
        if rig.made() == present:
            forked(rig.snapshot)
        _, was_killed = forked(rig.publish, "start", delay)
        after = rig.published()
        assert after == rig.made() or (was_killed and after == present)
        seen[f"{'killed' if was_killed else 'done'}, {'old' if after == present else 'new'}"] += 1
        present = after
    forked(rig.publish)
    assert rig.published() == rig.made()
    assert not [path for path in rig.web.rglob("*") if path.name.endswith(".part")]
    return seen


if __name__ == "__main__":
    what, folder, seed, kills = sys.argv[1:]
    loop = {"seal": kill_seals, "snapshot": kill_snapshots, "publish": kill_publications}[what]
    print(json.dumps(loop(SealingRig(Path(folder)), int(kills), random.Random(int(seed)))))
