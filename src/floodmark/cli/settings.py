"""Defaults from `floodmark.toml` in the current folder.

A table is a command, a key one of its options: `[triage]` with `region = "GB"`, or `[synth.leak]` with
`rows = 1000`. The folder may hold a dump, and so a file that somebody else put there: no file names a path to
read or to write, whose option must be given by hand.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import click

from floodmark.errors import UsageError

FILE = Path("floodmark.toml")
LARGEST = 64 * 1024


class SettingsError(UsageError):
    """`floodmark.toml` cannot be read, or sets what it may not set; exit code 2."""

    slug = "settings"
    hint = "Mend floodmark.toml in the current folder, or run in another folder."


def read(group: click.Group, path: Path = FILE) -> dict[str, Any]:
    """Defaults for click's `default_map`, checked against the options that exist.

    Args:
        group: the group whose commands and options may be set.
        path: the settings file; one that does not exist sets nothing.

    Returns:
        Nested dictionary by command and parameter name.

    Raises:
        SettingsError: the file is not TOML, too large, or names an unknown command, option or a path option.
    """
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise SettingsError(f"floodmark.toml is larger than {LARGEST} bytes.")
        table = tomllib.loads(raw.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("floodmark.toml cannot be read as TOML.") from error
    return _defaults(group, table, "")


def names(defaults: dict[str, Any], where: str = "") -> list[str]:
    """What a settings file sets, as `triage.region`."""
    found: list[str] = []
    for key, value in defaults.items():
        found += names(value, f"{where}{key}.") if isinstance(value, dict) else [f"{where}{key}"]
    return found


def _defaults(command: click.Command, table: dict[str, Any], where: str) -> dict[str, Any]:
    context = click.Context(command)
    options = {p.name: p for p in command.params if isinstance(p, click.Option) and p.expose_value}
    found: dict[str, Any] = {}
    for key, value in table.items():
        label = f"{where}{key}"
        name = key.replace("-", "_")
        child = command.get_command(context, key) if isinstance(command, click.Group) else None
        if child is not None and isinstance(value, dict):
            found[key] = _defaults(child, value, f"{label}.")
        elif name not in options or isinstance(value, dict):
            raise SettingsError(f"floodmark.toml sets {label}, which is no command or option.")
        elif isinstance(options[name].type, click.Path | click.File):
            raise SettingsError(f"floodmark.toml sets {label}; a path is given by hand only.")
        else:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found
