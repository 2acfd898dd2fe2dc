"""Profiles read back from JSON: checked against the published schema, refused when newer or damaged.

>>> profile_from_dict({"schema_version": 99})
Traceback (most recent call last):
floodmark.triage.profile_file.ProfileTooNew: profile.json has a newer schema than 3, the newest that this version reads
"""

from __future__ import annotations

import json
import os
import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from floodmark.errors import FloodmarkError
from floodmark.triage.profile import SCHEMA_VERSION, Profile
from floodmark.triage.schema import Schema, first_fault

LARGEST_FILE = 1 << 30


class ProfileTooNew(FloodmarkError):
    """The profile was written by a newer version of Floodmark, with a schema that this one does not know."""

    slug: ClassVar[str] = "profile-too-new"
    hint = "Upgrade Floodmark, or triage the dump again with this version."


class ProfileDamaged(FloodmarkError):
    """A profile is not what was written: cut off, edited, or no profile."""

    slug: ClassVar[str] = "profile-damaged"
    hint = "Bring the file back from a copy, or triage the dump again."


def load_profile(path: Path) -> Profile:
    """The profile in a JSON file.

    Raises:
        ProfileTooNew: its schema is newer than this version's.
        ProfileDamaged: it cannot be read, is no JSON or does not fit the schema; the message names the file and the
            place (a JSON pointer), never what stands there.
    """
    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise ProfileDamaged(
            f"{name} cannot be read: {reason}", "Check that the file is there and who may read it."
        ) from error
    if len(text) > LARGEST_FILE:
        raise ProfileDamaged(f"{name} is larger than any profile")
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # What json says quotes the text, so it is not passed on.
        raise ProfileDamaged(f"{name} is not JSON") from None
    return profile_from_dict(data, name)


def profile_from_dict(data: Any, name: str = "profile.json") -> Profile:
    """The profile whose `to_dict` gave this.

    Args:
        data: JSON values; schema 1 is read as well, as a profile without statistics, and schema 2.
        name: of the file, for errors.

    Raises:
        ProfileTooNew: its schema is newer than this version's.
        ProfileDamaged: it does not fit the schema.
    """
    version = data.get("schema_version") if isinstance(data, dict) else None
    if type(version) is not int or version < 1:
        raise ProfileDamaged(f"{name} does not say at /schema_version which schema it has")
    if version > SCHEMA_VERSION:
        raise ProfileTooNew(
            f"{name} has a newer schema than {SCHEMA_VERSION}, the newest that this version reads"
        )
    if version == 1:
        data = {**data, "statistics": None}
    try:
        if version < SCHEMA_VERSION:
            data = _of_now(data)
        fault = first_fault(data, _schema())
    except RecursionError:
        fault = ""
    if fault is not None:
        raise ProfileDamaged(f"{name} does not fit its schema at {fault or 'its top'}")
    profile: Profile = _built(Profile, data)
    return profile


def _of_now(data: Any) -> Any:
    """A profile of schema 2 in the shape of now; what is no such profile stays what it is."""
    if isinstance(data, list):
        return [_of_now(item) for item in data]
    if not isinstance(data, dict):
        return data
    now = {name: _of_now(value) for name, value in data.items()}
    if "schema_version" in now:
        now["schema_version"] = SCHEMA_VERSION
    if "container" in now and "columns" in now:
        now |= {"table": "", "encoding_confidence": 1.0}
    elif "date_order" in now and "fill_rate" in now:
        now["hash_kind"] = None
    elif "delimiter" in now and "reason" in now:
        now["record"] = "delimited"
    return now


@cache
def _schema() -> Schema:
    text = files("floodmark.triage").joinpath("profile.schema.json").read_text("utf-8")
    schema: Schema = json.loads(text)
    return schema


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _built(annotation: Any, value: Any) -> Any:
    """A value as the type that its dataclass field has; lists and objects without one stay as they are."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        annotation = next(part for part in typing.get_args(annotation) if part is not type(None))
    if value is None:
        return None
    if isinstance(annotation, type) and is_dataclass(annotation):
        hints = _hints(annotation)
        return annotation(**{name: _built(hint, value[name]) for name, hint in hints.items()})
    if typing.get_origin(annotation) is list:
        (inner,) = typing.get_args(annotation)
        return [_built(inner, item) for item in value] if is_dataclass(inner) else value
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError("not a number of JSON")
