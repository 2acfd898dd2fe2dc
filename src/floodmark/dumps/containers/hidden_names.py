r"""Names of files and members without the people in them: whose export a file is, its name often says.

>>> without_identifiers("maria.lopez@example.org.csv.gz"), without_identifiers("+44 7712 300-001.txt")
('▮▮▮.csv.gz', '▮▮▮.txt')
>>> without_identifiers("Egypt 2019 part 12.txt"), without_identifiers("users_201012345678_2019.sql")
('Egypt 2019 part 12.txt', 'users_▮▮▮_2019.sql')
"""

from __future__ import annotations

import re

HIDDEN = "▮▮▮"
ADDRESS = re.compile(r"(?<![^\s@＠])[^\s@＠]+(?:[@＠][^\s@＠]*)+|[@＠][^\s@＠]+")
NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ .\-\u2010-\u2015\u00a0]*\d){8,}")
ENDINGS = re.compile(
    r"(?:\.(?:csv|tsv|txt|json|jsonl|ndjson|sql|xml|xlsx|xls|ods|docx?|parquet|html?|log|lst|dat|db|dump|bak|"
    r"old|gz|zst|bz2|xz|lzma|lz4|lz|z|zip|rar|7z|tar|tgz|pdf))+$",
    re.IGNORECASE,
)

LONGEST_ENDING = 40


def without_identifiers(part: str) -> str:
    """A name whose addresses and long numbers are hidden.

    Args:
        part: one part of a path, without slashes.

    Returns:
        It with `▮▮▮` for whatever has an @ between spaces and for nine digits or more, spaces, dots and dashes
        between them included; its ending stays.
    """
    ending = ENDINGS.search(part, max(0, len(part) - LONGEST_ENDING))
    stop = ending.start() if ending else len(part)
    shown = part[:stop]
    if "@" in shown or "＠" in shown:
        shown = ADDRESS.sub(HIDDEN, shown)
    return NUMBER.sub(HIDDEN, shown) + part[stop:]
