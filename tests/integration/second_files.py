"""The forms in which protocol 1 writes its files, from docs/reference/protocol.md alone; none of it is Floodmark's."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """What the page says that a client refuses."""


def same(one: object, other: object) -> bool:
    """Equal as JSON, where 1 is not true and not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def demand(fact: bool, what: str) -> None:
    if not fact:
        raise Refused(what)


def read_json(text: bytes | str, names: list[str], *, one_form: bool = True) -> dict[str, Any]:
    """An object with these names and no others, every name once; written in the one form, in this order."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        demand(len({name for name, _ in pairs}) == len(pairs), "a name twice")
        return dict(pairs)

    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    try:
        found = json.loads(plain, object_pairs_hook=once)
    except ValueError as error:
        raise Refused("no JSON") from error
    demand(isinstance(found, dict) and sorted(found) == sorted(names), "other names")
    if one_form:
        written = json.dumps(found, separators=(",", ":")) + "\n"
        demand(list(found) == names and written == plain, "another form than the one")
    return found


def hexadecimal(value: object, size: int) -> bytes:
    demand(
        isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value) is not None,
        "no hexadecimal",
    )
    return bytes.fromhex(str(value))


def count(value: object, least: int = 0) -> int:
    demand(type(value) is int and value >= least, "no number")
    return int(str(value))


def day(value: object) -> None:
    """A date, the year or month of one, or null."""
    if value is not None:
        demand(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", str(value)) is not None, "no date")
        try:
            date.fromisoformat(str(value) + "-01-01"[len(str(value)) - 4 :])
        except ValueError as error:
            raise Refused("no date") from error


def time(value: object) -> datetime:
    demand(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z", str(value)) is not None, "no time")
    try:
        return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused("no time") from error


def check_signature(root: bytes, signature: bytes, domain: str, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(root).verify(signature, domain.encode() + b"\0" + message)
    except InvalidSignature as error:
        raise Refused("a signature that is not the root key's") from error
