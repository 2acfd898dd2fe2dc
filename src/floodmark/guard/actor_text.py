"""How an actor is written and read: by its digest, or by what it is known by, which is hashed at once.

>>> key = DigestKey(bytes(32))
>>> part, digest = read_actor("account:ada", lambda: key)
>>> written(part, digest), digest == Actor.of(key, account="ada").account
('account/58386bb5ab99b641', True)
>>> read_actor(written(part, digest), lambda: key) == (part, digest)
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from floodmark.errors import UsageError
from floodmark.guard.actors import PARTS, Actor
from floodmark.identifiers.digests import DigestKey

_BY_ADDRESS = ("address", "prefix", "network")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_LONGEST = 4096


class ActorError(UsageError):
    """What names an actor is neither a digest nor a name; exit code 2."""

    slug: ClassVar[str] = "guard-actor"
    hint = (
        "Write account/1a2b3c4d5e6f7081, as reports do, or account:NAME, address:203.0.113.7, "
        "prefix:203.0.113.7 and so on."
    )


def written(part: str, digest: int) -> str:
    """One part of an actor, fit for people, files and logs of decisions."""
    return f"{part}/{digest:016x}"


def who_written(actor: Actor) -> str:
    """Whom evidence is about; empty where nothing is known."""
    if actor.account:
        return written("account", actor.account)
    return written("address", actor.address) if actor.address else ""


def read_actor(text: str, key: Callable[[], DigestKey]) -> tuple[str, int]:
    """The part and the digest that a text names.

    Args:
        text: `part/digest` or `part:name`; of `prefix` and `network`, the name may be an address in it.
        key: gives the digest key; asked only where there is a name to hash.

    Raises:
        ActorError: it is neither, there is no such part, or what should be an address is none.
    """
    part, separator, rest = text.partition("/" if "/" in text.partition(":")[0] else ":")
    if part not in PARTS or not separator:
        raise ActorError(f"An actor is named by one of its parts: {', '.join(PARTS)}")
    if separator == "/":
        if not _DIGEST.fullmatch(rest) or int(rest, 16) == 0:
            raise ActorError("The digest of an actor has 16 hexadecimal digits, not all of them 0")
        return part, int(rest, 16)
    if not rest.strip() or len(rest) > _LONGEST:
        raise ActorError("The name of an actor is missing, or far too long")
    found: int = getattr(Actor.of(key(), **{"address" if part in _BY_ADDRESS else part: rest}), part)
    if found == 0 and part == "network":
        found = Actor.of(key(), network=rest).network
    if found == 0:
        raise ActorError("What should be an address is none")
    return part, found
