"""Small JSON files of the guard in a workspace: private, whole or not at all, and tied to the digest key.

Their digests mean nothing under another key, so that a file that was made under one is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.files import write_atomic

LARGEST = 64 * 1024 * 1024
"""Bytes of such a file at most."""


class GuardFileError(FloodmarkError):
    """A file of the guard is damaged, or of another version."""

    slug: ClassVar[str] = "guard-file"
    hint = "Put it back from a copy of the workspace, or move it away and make it again."


class OtherKey(GuardFileError):
    """A file of the guard was made under another digest key, and its digests mean nothing under this one."""

    slug: ClassVar[str] = "guard-other-key"
    hint = "Use the keys that it was made with, or move it away and make it again under these."


def read(path: Path, what: str, key_id: str) -> list[dict[str, Any]]:
    """The entries of a file; none where there is no file.

    Args:
        path: of the file.
        what: it holds, such as `allowed`.
        key_id: of the digest key.

    Raises:
        GuardFileError: it cannot be read, is no such file, or was made under another key.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GuardFileError(f"{path.name} cannot be read") from error
    if len(raw) > LARGEST:
        raise GuardFileError(f"{path.name} is larger than {LARGEST:,} bytes")
    try:
        table = json.loads(raw)
        version, made_under, entries = table["version"], table["key_id"], table[what]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GuardFileError(f"{path.name} is damaged") from error
    if version != 1:
        raise GuardFileError(f"{path.name} was written by another version")
    if made_under != key_id:
        raise OtherKey(f"{path.name} was made under another digest key")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise GuardFileError(f"{path.name} is damaged")
    return entries


def write(path: Path, what: str, key_id: str, entries: Sequence[dict[str, Any]]) -> None:
    """Write such a file.

    Args:
        path: of the file.
        what: it holds.
        key_id: of the digest key.
        entries: JSON objects.

    Raises:
        OutputFailed: it cannot be written.
    """
    text = json.dumps({"version": 1, "key_id": key_id, what: list(entries)}, indent=1)
    write_atomic(path, text.encode() + b"\n", private=True)
