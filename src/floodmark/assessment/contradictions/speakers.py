"""Whether two statements are of one speaker.

A name that is a role is nobody's: `a researcher` of one report and `a researcher` of another may be two.
"""

from __future__ import annotations

from functools import lru_cache

from floodmark.assessment.contradictions.scopes import folded
from floodmark.assessment.statements.statement import Statement

_ROLES = frozenset(
    "a an the one another other others some several many various unnamed unknown press media newspapers agencies"
    " journalists reporters researchers experts analysts users sellers members officials authorities".split()
)
_ARTICLES = frozenset({"a", "an", "the"})


def same_speaker(a: Statement, b: Statement) -> bool:
    """Whether one body or person surely made both, as far as names tell.

    A company is one however it speaks: `Example Ltd, by a spokesperson` is `Example Ltd`.
    """
    return a.id == b.id or (may_be_same_speaker(a, b) and not is_role(a.speaker))


def may_be_same_speaker(a: Statement, b: Statement) -> bool:
    """Whether one body or person may have made both: by name or by role."""
    return a.speaker_kind == b.speaker_kind and _body(a.speaker, a.speaker_kind) == _body(
        b.speaker, b.speaker_kind
    )


@lru_cache(maxsize=1_000)
def is_role(speaker: str) -> bool:
    """Whether a name says what somebody is, not who.

    >>> [is_role(name) for name in ("a researcher", "The seller", "press agencies", "Some users of forums")]
    [True, True, True, True]
    >>> [is_role(name) for name in ("The Register", "the Register", "Press Association", "Skynet")]
    [False, False, False, False]
    """
    first, _, rest = " ".join(speaker.split()).partition(" ")
    if rest[:1].isupper() and (first[:1].isupper() or folded(first) in _ARTICLES):
        return False
    return not first or folded(first) in _ROLES


@lru_cache(maxsize=1_000)
def _body(speaker: str, kind: str) -> str:
    return folded(speaker.split(",", maxsplit=1)[0] if kind == "company" else speaker)
