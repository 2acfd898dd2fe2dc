"""Words of tables in several languages (`data/table_words.tsv`): of headings, totals, nouns and bounds.

>>> words("label")[key("Gesamt")], words("heading")[key("#")], words("before")[key(">")]
('total', 'rank', 'at-least')
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from floodmark.assessment.reading.folding import fold


def key(text: str) -> str:
    """A word as it is looked up; a sign, of which folding leaves nothing, as it stands."""
    return fold(text) or text.strip()


@cache
def words(group: str) -> Mapping[str, str]:
    """Names by word of a group: `label`, `heading`, `noun`, `before` or `after`."""
    text = (files("floodmark") / "assessment/data/table_words.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {key(word): name for of, name, listed in rows if of == group for word in listed.split("|")}
