"""What ends a run."""

from __future__ import annotations


class Leak(Exception):
    """Time or an address shows a secret; or a secret is declared to be public that must not be."""


class CannotFollow(Exception):
    """A turn depends on a value that is not secret but is not worked out either, or an instruction is not known."""


def refuse(level: int, secret: int, sentence: str) -> None:
    """Raise what fits the level of a value that has to be known."""
    raise Leak(sentence) if level == secret else CannotFollow(sentence)
