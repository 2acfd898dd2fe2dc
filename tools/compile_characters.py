"""Writes what is pinned of Unicode's characters; run under Python 3.11, whose Unicode is 14.0."""

from __future__ import annotations

import sys
import unicodedata
from itertools import groupby
from pathlib import Path

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

UNICODE = "14.0"
# Default_Ignorable_Code_Point of Unicode 14.0 (DerivedCoreProperties.txt) but controls, formats and unassigned ones.
INVISIBLE = [
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x180E), 0x180F, 0x3164, *range(0xFE00, 0xFE10), 0xFFA0,
    *range(0xE0100, 0xE01F0),
]  # fmt: skip


def kind(code: int) -> str:
    """`unassigned`, `unwritten` or nothing of a code point."""
    character = chr(code)
    category = unicodedata.category(character)
    if category == "Cn":
        return "unassigned"
    if code < 0x80:
        return ""
    return "unwritten" if category[0] in "PS" or code in INVISIBLE or _is_a_form(character) else ""


def _is_a_form(character: str) -> bool:
    """Whether it is another look of something: full-width, circled, raised, a ligature of Latin letters.

    What Unicode calls `<compat>` is more often than not how a script is typed (the Thai am, an Armenian ligature), so
    that counts only where plain ASCII is meant.
    """
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if not tag.startswith("<"):
        return False
    return tag != "<compat>" or unicodedata.normalize("NFKC", character).isascii()


def table() -> str:
    """The table's text: first and last code point of a run in hexadecimal and its kind, parted by tabs."""
    lines = [f"# Characters of Unicode {UNICODE} that matter to us; Unicode License v3, (c) Unicode, Inc."]
    for name, run in groupby(range(sys.maxunicode + 1), key=kind):
        codes = list(run)
        if name:
            lines.append(f"{codes[0]:04X}\t{codes[-1]:04X}\t{name}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if not unicodedata.unidata_version.startswith(UNICODE):
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, not {UNICODE}")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / f"characters-{UNICODE}.tsv").write_text(table(), "utf-8")
