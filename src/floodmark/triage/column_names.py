"""Column names that may be published: a header that is really somebody's record names nobody.

>>> looks_personal("Phone number"), looks_personal("+44 7700 900123"), looks_personal("who@example.org")
(False, True, True)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from floodmark.dumps import Grammar
from floodmark.triage.report.labels import column_name

LONGEST = 1000


def looks_personal(name: str) -> bool:
    """Whether a column's name holds something shaped like a number, a full date or an address."""
    return column_name(name, LONGEST).count("▮") > name.count("▮")


def published(grammar: Grammar) -> Grammar:
    """The grammar with the labels of the types instead of names that may say who somebody is.

    One such name in a header makes the whole header a record, and none of its names is kept. Keys of JSON are
    looked at one by one.
    """
    personal = [looks_personal(name) for name in grammar.names]
    if not any(personal):
        return grammar
    if grammar.header:
        personal = [True] * len(personal)
    taken = Counter(name for name, covered in zip(grammar.names, personal, strict=True) if not covered)
    columns = []
    for column, covered in zip(grammar.columns, personal, strict=True):
        name = column.type.label if covered else column.name
        while covered and taken[name]:
            taken[column.type.label] += 1
            name = f"{column.type.label}_{taken[column.type.label]}"
        taken[name] += covered
        columns.append(replace(column, name=name))
    return replace(grammar, columns=tuple(columns))
