"""Where a mistake in a TOML file is: what is wrong there may quote the file, and is not said."""

from __future__ import annotations

import re

_PLACE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")


def toml_place(error: Exception) -> str:
    """The place in an error of `tomllib`, to go behind a message; empty where it names none.

    Examples:
        >>> import tomllib
        >>> try:
        ...     tomllib.loads("shadow = maybe")
        ... except tomllib.TOMLDecodeError as error:
        ...     toml_place(error)
        ', at line 1, column 10'
    """
    found = _PLACE.search(str(error))
    return f", at {found[1]}" if found else ""
