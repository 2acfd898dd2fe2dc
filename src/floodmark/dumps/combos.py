"""Lists of credentials: a login, a password with any delimiter in it, and perhaps the address of a site.

In `email:password` lists the password goes on to the end of the line, whatever is in it. A line with more delimiters
than columns is no damage there, and nothing is repaired: the column of the password takes what the others leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from floodmark.dumps.credentials import MIXED
from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.plan import rest_column
from floodmark.dumps.protect import mask
from floodmark.dumps.typing_columns import Inferred
from floodmark.identifiers import FieldType

SEEN = 600
MOST_COLUMNS = 4
MOSTLY = 0.9
LONGEST = 120
LOGINS = frozenset({FieldType.EMAIL, FieldType.PHONE, FieldType.USERNAME, FieldType.PROFILE_ID})
# Types that a column of logins or passwords is taken for where nothing speaks for another.
VAGUE = frozenset({FieldType.UNKNOWN, FieldType.USERNAME, FieldType.PASSWORD})
_SITE = re.compile(r"(?:[a-zA-Z]{2,10}://\S+|(?:[\w-]+\.)+[^\W\d]{2,18}(?::\d{2,5})?(?:[/?#]\S*)?)")
_LOGIN = re.compile(r"[\w.+@-]{2,80}")


def as_combo(inferred: Inferred, lines: Sequence[str], given: Overrides) -> Inferred:
    """The grammar with `rest` set where it is that of such a list, its columns typed accordingly; else as it is.

    Args:
        inferred: a grammar of delimited text.
        lines: lines of the sample.
        given: what the caller knows.
    """
    if inferred.grammar.rest or given.rest is False:
        return inferred
    told = _told(inferred, lines, given)
    if given.rest and not told.grammar.rest and told.grammar.delimiter:
        return replace(told, grammar=replace(told.grammar, rest=True, protected=given.protected or ()))
    return told


def _told(inferred: Inferred, lines: Sequence[str], given: Overrides) -> Inferred:
    """The same where nothing is stated of it."""
    grammar = inferred.grammar
    if given.columns or given.protected is not None or given.quote or not grammar.delimiter.strip(" "):
        return inferred
    if not 2 <= len(grammar.columns) <= MOST_COLUMNS:
        return inferred
    rows = _rows(grammar, lines)
    if len(rows) < 2 or _quoted(grammar, lines):
        return inferred
    found = _roles(grammar, rows)
    if found is None:
        return inferred
    columns, rest = found
    if rest_column([column.type for column in columns]) != rest:
        return inferred
    strong = {i: cells for i, cells in inferred.strong.items() if columns[i].type is grammar.columns[i].type}
    grammar = replace(grammar, columns=columns, rest=True, quote=None, protected=())
    return replace(inferred, grammar=grammar, strong=strong, times=())


def _rows(grammar: Grammar, lines: Sequence[str]) -> list[list[str]]:
    """Cells of those lines that have as many as there are columns."""
    d = grammar.delimiter
    first = grammar.preamble + grammar.header
    masked = (mask(line, d, grammar.protected).split(d) for line in lines[first : first + SEEN])
    return [[c.replace("\0" * len(d), d) for c in row] for row in masked if len(row) == len(grammar.columns)]


def _quoted(grammar: Grammar, lines: Sequence[str]) -> bool:
    """Whether cells are enclosed in quotes, so that the quotes say where a cell ends."""
    if grammar.quote is None:
        return False
    q, d = re.escape(grammar.quote), re.escape(grammar.delimiter)
    cell = re.compile(rf"(?:^|{d}){q}[^{q}]*{q}(?:{d}|$)")
    return sum(cell.search(line) is not None for line in lines[:SEEN]) > 0.01 * min(len(lines), SEEN)


def _roles(grammar: Grammar, rows: list[list[str]]) -> tuple[tuple[Column, ...], int] | None:
    """The columns as login, password and site, and which one is the password; None where it is no such list."""
    columns = list(grammar.columns)
    sites = [
        i for i in range(len(columns)) if _share(rows, i, _SITE) >= 0.8 and columns[i].type not in LOGINS
    ]
    if len(sites) > 1:
        return None
    for site in sites:
        columns[site] = replace(columns[site], type=FieldType.URL, confidence=0.9, alternatives=())
    others = [i for i in range(len(columns)) if i not in sites]
    sure = [i for i in others if columns[i].type in LOGINS - VAGUE]
    secret = [i for i in others if columns[i].type is FieldType.PASSWORD]
    if len(sure) == 1 and len(secret) == 1:
        return tuple(columns), secret[0]
    return _unsure(grammar, rows, columns, others, sure)


def _unsure(
    grammar: Grammar, rows: list[list[str]], columns: list[Column], others: list[int], sure: list[int]
) -> tuple[tuple[Column, ...], int] | None:
    """The same where no column is known for passwords: a login before, and one short text after it."""
    vague = [i for i in others if columns[i].type in VAGUE]
    if grammar.header or len(others) != 2 or grammar.delimiter.strip(" ") == "," or not vague:
        return None
    if not _compact(rows, vague[-1]):
        return None
    if sure:
        return tuple(columns), vague[0]
    if len(vague) < 2 or _share(rows, vague[0], _LOGIN) < MOSTLY:
        return None
    return _user_and_password(rows, columns, *vague), vague[1]


def _user_and_password(
    rows: list[list[str]], columns: list[Column], login: int, password: int
) -> tuple[Column, ...]:
    """Columns of logins that are no addresses: what they are called is only said where passwords look like some."""
    alike = _share(rows, password, MIXED) >= 0.3
    kinds = {login: FieldType.USERNAME, password: FieldType.PASSWORD}
    for i, kind in kinds.items():
        sure = 0.6 if alike else 0.0
        columns[i] = replace(
            columns[i], type=kind if alike else FieldType.UNKNOWN, confidence=sure, alternatives=()
        )
    return tuple(columns)


def _share(rows: list[list[str]], column: int, pattern: re.Pattern[str]) -> float:
    return sum(pattern.fullmatch(row[column][:LONGEST]) is not None for row in rows) / len(rows)


def _compact(rows: list[list[str]], column: int) -> bool:
    """Whether cells are short and without blanks, and most differ."""
    cells = [row[column] for row in rows]
    short = sum(0 < len(cell) <= LONGEST // 2 and not re.search(r"\s", cell) for cell in cells)
    return short >= MOSTLY * len(cells) and len(set(cells)) >= min(0.2 * len(cells), 20)
