"""Evidence while lookups come in: the same numbers as `evidence`, in bounded memory.

Of an actor that is followed, the identifiers up to the last checkpoint are held, 21 bytes each; at a checkpoint its
score is taken, its e-value goes to the ledger, and after the last one the ledger is all that is left. When memory is
full, of the actors that were longest unseen the one with the fewest identifiers is given up. If it comes back, it is
counted from nothing, but what the ledger holds stays, and no checkpoint is taken twice.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from floodmark.guard.actors import Actor
from floodmark.guard.evidence.actor_evidence import guarantee
from floodmark.guard.evidence.askings import cluster_of, folds
from floodmark.guard.evidence.conformal import weigh
from floodmark.guard.evidence.ledger import LAST_EPOCH, Entry, Ledger
from floodmark.guard.evidence.model import Model
from floodmark.guard.evidence.rarity import FOLDS
from floodmark.guard.evidence.reference import Reference
from floodmark.guard.evidence.scores import Rows, log_parts
from floodmark.guard.reduction import BLOCK_SIZE, Reduced
from floodmark.identifiers import IdentifierKind

ACTOR_BYTES = 600  # of one that is followed, without its identifiers
IDENTIFIER_BYTES = 8 + 21  # a digest, and what `_PLACE` holds
_DIGEST = struct.Struct("<Q")
_PLACE = struct.Struct("<QIIb")
_PLACES = np.dtype([("block", "<u8"), ("position", "<u4"), ("size", "<u4"), ("hit", "i1")])
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an actor in the current epoch.

    Attributes:
        new: distinct identifiers, counted up to the last checkpoint.
        reached: the last checkpoint; 0 for none.
        m: weighted sum of its e-values.
        flagged: whether `m` is at least 1 / alpha.
        stratum: at the last checkpoint; empty for none.
        reference: actors in it.
        reachable: the smallest alpha at which it could be flagged by what it reached.
        guarantee: what a flag means, a sentence.
    """

    new: int = 0
    reached: int = 0
    m: float = 0.0
    flagged: bool = False
    stratum: str = ""
    reference: int = 0
    reachable: float = 1.0
    guarantee: str = ""


@dataclass(slots=True)
class _Followed:
    """An actor whose identifiers are held."""

    epoch: int
    first: float
    actor: Actor
    entry: Entry
    digests: bytearray = field(default_factory=bytearray)
    places: bytearray = field(default_factory=bytearray)


class Watch:
    """Evidence on actors while they ask.

    Args:
        model: to score by.
        reference: to compare with.
        alpha: as for `evidence`.
        epsilon: as for `evidence`.
        start: UNIX seconds when an epoch begins; the others follow one another from it.
        memory: bytes that followed actors may take, about.
        ledger: of evidence so far; None for one in memory.
    """

    def __init__(
        self,
        model: Model,
        reference: Reference,
        *,
        alpha: float = 0.01,
        epsilon: float = 0.0,
        start: float = 0.0,
        memory: int = 2**28,
        ledger: Path | Ledger | None = None,
    ) -> None:
        self.model = model
        self.reference = reference
        self.alpha = alpha
        self.epsilon = epsilon
        self.start = start
        self.memory = memory
        self.ledger = ledger if isinstance(ledger, Ledger) else Ledger(ledger, epoch=reference.epoch)
        self._followed: OrderedDict[int, _Followed] = OrderedDict()
        self._held = 0
        self._last = model.checkpoints[-1]
        self._weights = dict(zip(model.checkpoints, model.weights, strict=True))

    @property
    def held(self) -> int:
        """Bytes that followed actors take, about."""
        return self._held

    def observe(
        self,
        at: float,
        actor: Actor,
        endpoint: str,
        identifiers: Sequence[Reduced | None],
        hits: Sequence[bool | None] = (),
        *,
        kind: IdentifierKind = "phone",
    ) -> Standing:
        """Take lookups in and say where the actor stands after them.

        Args:
            at: UNIX seconds.
            actor: who asked.
            endpoint: what was asked.
            identifiers: that were asked about, in order; None for what is no identifier.
            hits: whether each existed, in the same order; empty where nobody says.
            kind: of identifiers.
        """
        who = actor.who
        if not who:
            return Standing()
        epoch = self._epoch(at)
        followed = self._follow(who, actor, at, epoch)
        if followed is None:
            return self._standing(self._last, self.ledger.get(who, epoch))
        size = BLOCK_SIZE[kind]
        for index, one in enumerate(identifiers):
            if one is None or _holds(followed.digests, digest := _DIGEST.pack(one.digest)):
                continue
            hit = hits[index] if index < len(hits) else None
            followed.digests += digest
            followed.places += _PLACE.pack(one.block, one.position, size, -1 if hit is None else hit)
            self._held += IDENTIFIER_BYTES
            count = len(followed.digests) // 8
            if count in self._weights and count > followed.entry.reached:
                self._checkpoint(who, followed, count, at)
                if count == self._last:
                    self._forget(who)
                    break
        while self._held > self.memory and self._followed:
            self._evict()
        return self._standing(len(followed.digests) // 8, followed.entry)

    def standing(self, actor: Actor) -> Standing:
        """Where an actor stands, as of its last lookup."""
        followed = self._followed.get(actor.who)
        if followed is not None:
            return self._standing(len(followed.digests) // 8, followed.entry)
        entry = self.ledger.get(actor.who, 0)
        return self._standing(entry.reached, entry)

    def value(self, at: float, actor: Actor) -> float:
        """M of an actor in the epoch of a time, UNIX seconds; 0.0 where there is nothing yet."""
        return self.ledger.get(actor.who, self._epoch(at)).m

    def _epoch(self, at: float) -> int:
        """The number of the epoch of a time."""
        return min(max(int((at - self.start) // self.reference.epoch), 0), LAST_EPOCH)

    def _follow(self, who: int, actor: Actor, at: float, epoch: int) -> _Followed | None:
        """The actor, held as the one last seen; None where there is nothing more to learn of it in this epoch."""
        followed = self._followed.get(who)
        if followed is not None and epoch > followed.epoch:
            self._forget(who)
            followed = None
        if followed is not None:
            self._followed.move_to_end(who)
            return followed
        entry = self.ledger.get(who, epoch)
        if entry.reached >= self._last:
            return None
        self._held += ACTOR_BYTES
        self._followed[who] = followed = _Followed(epoch, at, actor, entry)
        return followed

    def _checkpoint(self, who: int, followed: _Followed, count: int, at: float) -> None:
        actor = followed.actor
        stratum = self.model.strata.of_one(count, at - followed.first, actor.account, actor.app, actor.cohort)
        ends = np.array([0]), np.array([count - 1])
        score = sum(float(part[0]) for part in log_parts(self.model, self._rows(followed), *ends))
        others = self.reference.at(stratum, count)
        weight = self._weights[count]
        entry = followed.entry
        followed.entry = Entry(
            followed.epoch,
            count,
            entry.m + weight * float(weigh(score, others, self.epsilon)),
            entry.most + weight * (1.0 - self.epsilon) * (len(others) + 1),
            stratum,
        )
        self.ledger.put(who, followed.entry)

    def _rows(self, followed: _Followed) -> Rows:
        places = np.frombuffer(followed.places, _PLACES)
        identifiers = np.frombuffer(followed.digests, "<u8").astype(np.uint64)
        cluster = np.array([cluster_of(followed.actor, self.model.cluster)], np.uint64)
        return Rows(
            identifiers,
            np.unique(places["block"], return_inverse=True)[1].astype(np.int64),
            places["position"].astype(np.int64),
            places["size"].astype(np.int64),
            (places["hit"] >= 0).astype(np.int64),
            (places["hit"] > 0).astype(np.int64),
            np.repeat(folds(cluster, FOLDS), len(identifiers)),
        )

    def _forget(self, who: int) -> None:
        followed = self._followed.pop(who)
        self._held -= ACTOR_BYTES + len(followed.digests) // 8 * IDENTIFIER_BYTES

    def _evict(self) -> None:
        """Give up, of those longest unseen, the one with the fewest identifiers; the others get another round."""
        oldest = [who for who, _ in zip(self._followed, range(_CANDIDATES), strict=False)]
        least = min(oldest, key=lambda who: len(self._followed[who].digests))
        for who in oldest:
            self._followed.move_to_end(who)
        self._forget(least)

    def _standing(self, new: int, entry: Entry) -> Standing:
        if not entry.m:
            return Standing(new)
        size = len(self.reference.at(entry.stratum, entry.reached))
        return Standing(
            new,
            entry.reached,
            entry.m,
            entry.m >= 1.0 / self.alpha,
            entry.stratum,
            size,
            min(1.0, 1.0 / entry.most) if entry.most else 1.0,
            guarantee(entry.stratum, size, self.reference.epoch, self.alpha, self.epsilon),
        )


def _holds(digests: bytearray, digest: bytes) -> bool:
    at = digests.find(digest)
    while at % 8 and at >= 0:
        at = digests.find(digest, at + 1)
    return at >= 0
