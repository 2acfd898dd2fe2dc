"""Evidence while lookups come in: the same numbers as `evidence`, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.guard.actors import Actor
from floodmark.guard.evidence.model import Model
from floodmark.guard.evidence.reference import Reference
from floodmark.guard.reduction import Reduced
from floodmark.identifiers import IdentifierKind


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


class Watch:
    """Evidence on actors while they ask.

    Args:
        model: to score by.
        reference: to compare with.
        alpha: as for `evidence`.
        epsilon: as for `evidence`.
        actors: most actors whose identifiers are held at a time.
    """

    def __init__(
        self,
        model: Model,
        reference: Reference,
        *,
        alpha: float = 0.01,
        epsilon: float = 0.0,
        actors: int = 100_000,
    ) -> None:
        self.alpha = alpha
        self.epsilon = epsilon

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
        raise NotImplementedError

    def standing(self, actor: Actor) -> Standing:
        """Where an actor stands."""
        raise NotImplementedError
