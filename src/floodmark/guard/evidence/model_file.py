"""The model file: what was learnt, in one private file without any identifier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from floodmark.guard.evidence.model import Model
from floodmark.guard.evidence.reference import Reference


@dataclass(frozen=True, eq=False)
class Learned:
    """A model and the reference that goes with it.

    Attributes:
        model: trained.
        reference: scored by it.
        key_id: of the digest key that all digests are under.
        synthetic: whether made-up lookups were learnt from.
    """

    model: Model
    reference: Reference
    key_id: str = ""
    synthetic: bool = False


def write_model(path: Path, learned: Learned) -> None:
    """Write a model file, private and whole or not at all."""
    raise NotImplementedError


def read_model(path: Path) -> Learned:
    """Read a model file.

    Raises:
        UnreadableInput: it is none, or of another version.
    """
    raise NotImplementedError
