"""Writes the pinned case-folding table of usernames; run under Python 3.11, whose Unicode is 14.0."""

import sys
import unicodedata
from pathlib import Path

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

UNICODE = "14.0"


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
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / f"casefold-{UNICODE}.tsv").write_text(table(), "utf-8")
