"""Writes the pinned case-folding table of usernames; run under Python 3.11, whose Unicode is 14.0."""

import sys
import unicodedata
from pathlib import Path

UNICODE = "14.0"
TARGET = Path(__file__).parents[1] / f"src/floodmark/identifiers/data/casefold-{UNICODE}.tsv"


def table() -> str:
    """The table's text: code point, tab, code points that it folds to, all in hexadecimal."""
    lines = [f"# Full case folding (C + F) of Unicode {UNICODE}; Unicode License v3, (c) Unicode, Inc."]
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        folded = character if 0xD800 <= code <= 0xDFFF else character.casefold()
        if folded != character:
            lines.append(f"{code:04X}\t{' '.join(f'{ord(part):04X}' for part in folded)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if not unicodedata.unidata_version.startswith(UNICODE):
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, not {UNICODE}")
    TARGET.write_text(table(), "utf-8")
