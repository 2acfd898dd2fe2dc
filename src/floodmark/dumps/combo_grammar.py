"""The grammar of a list of credentials that is told by its lines (`dumps.credentials`)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from floodmark.dumps.columns import infer_header
from floodmark.dumps.credentials import CredentialList, Role, credential_list
from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.plan import Plan
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_cells import cells_of_sample
from floodmark.dumps.typing_columns import Inferred, typed
from floodmark.errors import UsageError
from floodmark.identifiers import FieldType

TYPES = {Role.SITE: FieldType.URL, Role.LOGIN: FieldType.USERNAME, Role.SECRET: FieldType.PASSWORD}
# What the columns may be taken for by their cells alone, without that speaking against a list of credentials.
LOGINS = frozenset({FieldType.EMAIL, FieldType.PHONE, FieldType.PROFILE_ID})
SECRETS = frozenset({FieldType.PASSWORD, FieldType.PASSWORD_HASH, FieldType.UNKNOWN, FieldType.USERNAME})
HASHES = frozenset({FieldType.PASSWORD_HASH})
SURE = 0.9
TOP = 20  # most lines before the first credentials


def combo_grammar(
    sample: Sample, newline: str, top: list[str], lines: list[str], given: Overrides
) -> Inferred | None:
    """The grammar of a sample as a list of credentials; None where it is none, or is stated to be another table.

    Args:
        sample: of the text.
        newline: of the text.
        top: lines before the records that are known for it, such as comments.
        lines: the lines after them, blank ones too.
        given: what the caller knows.
    """
    if given.rest and given.columns and given.delimiter:
        return _as_stated(sample, newline, len(top), lines, given, given.delimiter, given.columns)
    stated = given.columns or given.protected or given.quote or given.escape or given.delimiter == ""
    if stated or given.rest is False:
        return None
    body = [(number, line) for number, line in enumerate(lines) if line.strip()]
    listed = credential_list([line for _, line in body], given.delimiter)
    if listed is None or listed.first > TOP:
        return None
    columns = len(listed.roles)
    first = 0 if given.preamble is not None else listed.first
    grammar = _grammar(sample, newline, listed.delimiter, [TYPES[role] for role in listed.roles])
    grammar = replace(
        grammar,
        preamble=len(top) + (body[first][0] if first else 0),
        confidence=round(min(0.999, listed.share), 3),
        after_site=listed.after_site,
    )
    cells = cells_of_sample(Plan.of(grammar), sample, [line for _, line in body[listed.first + 1 :]])
    number, line = body[max(listed.first - 1, 0)]
    names = line.split(listed.delimiter)
    header = given.header
    if header is None:
        named = len(names) == columns and not (listed.first == 0 and Role.SITE in listed.roles)
        header = named and infer_header(names, cells)
    if header:
        preamble = len(top) + (number if given.preamble is None and number else 0)
        grammar = replace(grammar, header=True, preamble=preamble)
    elif listed.first == 0:
        cells = pl.concat([cells_of_sample(Plan.of(grammar), sample, [line]).head(1), cells])
    names = [*names, *[""] * columns][:columns]
    return _with_roles(typed(grammar, cells, names if header else None, given), listed)


def _grammar(sample: Sample, newline: str, delimiter: str, types: list[FieldType]) -> Grammar:
    return Grammar(
        record="delimited",
        container=sample.container,
        encoding=sample.encoding.name,
        bom=sample.encoding.bom,
        delimiter=delimiter,
        quote=None,
        newline=newline,
        header=False,
        preamble=0,
        protected=(),
        columns=tuple(Column(i, f"c{i}", kind, 0.0) for i, kind in enumerate(types)),
        confidence=0.0,
        rest=True,
    )


def _as_stated(
    sample: Sample,
    newline: str,
    preamble: int,
    lines: list[str],
    given: Overrides,
    delimiter: str,
    columns: tuple[str, ...],
) -> Inferred:
    """The grammar of lines of which one column takes the rest, by what is stated of all columns.

    Raises:
        UsageError: no line of the sample has so many cells.
    """
    by_name = given.types_of("")
    types = [
        by_name.get(name) or FieldType.__members__.get(name.upper(), FieldType.UNKNOWN) for name in columns
    ]
    body = [line for line in lines if line.strip()][bool(given.header) :]
    whole = sum(line.count(delimiter) + 1 >= len(columns) for line in body)
    if body and not whole:
        raise UsageError(
            f"{len(columns):,} columns were stated, but no line has so many cells",
            "Name as many columns as the lines have, or state another delimiter.",
        )
    grammar = replace(
        _grammar(sample, newline, delimiter, types),
        quote=given.quote or None,
        escape=given.escape or None,
        after_site=given.after_site or "",
        protected=given.protected or (),
        header=bool(given.header),
        preamble=preamble,
        confidence=round(min(0.999, whole / len(body)), 3) if body else 0.0,
    )
    return typed(grammar, cells_of_sample(Plan.of(grammar), sample, body), None, given)


def _with_roles(inferred: Inferred, listed: CredentialList) -> Inferred | None:
    """The grammar with columns of the types that such a list has; None where the cells are something else."""
    columns: list[Column] = []
    for column, role in zip(inferred.grammar.columns, listed.roles, strict=True):
        if role is Role.SECRET and column.type not in SECRETS and column.confidence >= SURE:
            return None
        last = role is Role.SECRET and role is listed.roles[-1]
        known = (role is Role.LOGIN and column.type in LOGINS) or (last and column.type in HASHES)
        kind = column.type if known else TYPES[role]
        sure = column.confidence if column.type is kind else SURE
        name = column.name if inferred.grammar.header else kind.label
        others = column.alternatives if column.type is kind else ()
        columns.append(replace(column, name=name, type=kind, confidence=sure, alternatives=others))
    strong = {
        i: cells
        for i, cells in inferred.strong.items()
        if columns[i].type is inferred.grammar.columns[i].type
    }
    grammar = replace(inferred.grammar, columns=tuple(columns))
    return replace(inferred, grammar=grammar, strong=strong, times=())
