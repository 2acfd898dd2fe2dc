"""Writes the pinned table of code points without a character; run under Python 3.11, whose Unicode is 14.0."""

from __future__ import annotations

import sys
import unicodedata
from itertools import groupby
from pathlib import Path

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

UNICODE = "14.0"


def table() -> str:
    """The table's text: first and last code point of every run, in hexadecimal, parted by a tab."""
    lines = [f"# Unassigned code points of Unicode {UNICODE}; Unicode License v3, (c) Unicode, Inc."]
    for unassigned, run in groupby(
        range(sys.maxunicode + 1), lambda code: unicodedata.category(chr(code)) == "Cn"
    ):
        codes = list(run)
        if unassigned:
            lines.append(f"{codes[0]:04X}\t{codes[-1]:04X}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if not unicodedata.unidata_version.startswith(UNICODE):
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, not {UNICODE}")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / f"unassigned-{UNICODE}.tsv").write_text(table(), "utf-8")
