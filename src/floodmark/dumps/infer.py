"""Grammar inference: from a sample to what explains it best, with its runners-up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import BinaryIO

import polars as pl

from floodmark.dumps.combos import as_combo
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.infer_delimited import delimited_grammar
from floodmark.dumps.infer_jsonl import is_jsonl, jsonl_grammar
from floodmark.dumps.kinds.kind import Kind, Likeness, Reader, TableReader
from floodmark.dumps.kinds.known import KINDS, UNLINED, WORKBOOKS
from floodmark.dumps.line_reader import LineReader
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import TYPE_SAMPLE, Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.dumps.table_names import table_name
from floodmark.dumps.typing_columns import Inferred, typed
from floodmark.errors import NoGrammar, NothingToRead

BELIEVED = 0.5


@dataclass(frozen=True)
class Inference:
    """What a sample shows of its text.

    Attributes:
        reader: reads the text.
        tables: the tables that the sample has records of, by name as its reader calls them.
        likeness: by kind of record, how like it the sample is; those that were asked.
        stated: what the caller states of tables that are met later.
    """

    reader: Reader | TableReader
    tables: dict[str, Inferred]
    likeness: dict[RecordKind, Likeness]
    stated: Overrides = field(default_factory=Overrides)

    @property
    def first(self) -> Inferred:
        """The first table."""
        return next(iter(self.tables.values()))

    @property
    def grammar(self) -> Grammar:
        """Grammar of the first table."""
        return self.first.grammar


def infer(sample: Sample, overrides: Overrides | None = None) -> Inference:
    """What explains a sample.

    Raises:
        NothingToRead: nothing but blank lines.
        NoGrammar: the overrides contradict the sample.
        LimitExceeded: more columns than any table of people has.
    """
    given = overrides or Overrides()
    newline = given.newline or newline_of(sample.head)
    lines = lines_of(sample.head, newline)
    if not any(line.strip() for line in lines):
        raise NothingToRead("There are only blank lines", "Check that this is the right file.")
    asked = [kind for kind in KINDS if given.record == kind.name] if given.record else list(KINDS)
    if given.record is None and given.delimiter is not None:
        asked = []
    likeness = {kind.name: kind.likeness(sample, given) for kind in asked}
    by_likeness = sorted(asked, key=lambda kind: -likeness[kind.name].confidence)
    jsonl = given.record == "jsonl" or (given.record is None and given.delimiter is None and is_jsonl(lines))
    for kind in by_likeness:
        stated = given.record == kind.name != "delimited"  # of delimited text only several tables are a kind
        # One line that is an object may as well be a whole JSON text, which only its own kind can tell.
        asked_for = not jsonl or kind.name == "json"
        if stated or (likeness[kind.name].confidence > BELIEVED and asked_for):
            try:
                reader, tables = _by_kind(kind, sample, newline, given, likeness[kind.name])
            except NoGrammar:
                if stated:
                    raise
                continue
            return Inference(reader, tables, likeness, _of_others(given))
    if jsonl:
        found = jsonl_grammar(sample, newline, lines, given)
    else:
        found = as_combo(delimited_grammar(sample, newline, lines, given), lines, given)
    confidence = sample.encoding.confidence
    found = replace(found, grammar=replace(found.grammar, encoding_confidence=confidence))
    return Inference(LineReader(found), {"": found}, likeness)


def _by_kind(
    kind: Kind, sample: Sample, newline: str, given: Overrides, likeness: Likeness
) -> tuple[Reader, dict[str, Inferred]]:
    reader = kind.reader(sample, newline, given)
    found: dict[str, list[Batch]] = {}
    unread: list[Batch] = []
    text = sample.text if kind.name in UNLINED else sample.head
    for chunk in reader.chunks(BytesIO(text).read, 0):
        for batch in reader.split(chunk):
            if batch.frame.height:
                found.setdefault(batch.table, []).append(batch)
            elif batch.frame.width and kind.name == "json":
                unread.append(batch)
    if not found and unread:
        found[unread[0].table] = unread[:1]
    if not found:
        raise NoGrammar("The beginning of the text has no record", "State the kind of record, or a grammar.")
    grammar = Grammar(
        record=kind.name,
        container=sample.container,
        encoding=sample.encoding.name,
        encoding_confidence=sample.encoding.confidence,
        bom=sample.encoding.bom,
        delimiter="",
        quote=None,
        newline=newline,
        header=False,
        preamble=0,
        protected=(),
        columns=(),
        confidence=round(likeness.confidence, 3),
    )
    described = reader.describe(grammar)
    tables: dict[str, Inferred] = {}
    for name, batches in found.items():
        tables[name] = table_of(batches, described, name, given if not tables else _of_others(given))
    return reader, tables


def infer_workbook(kind: str, file: BinaryIO, container: str, given: Overrides) -> Inference:
    """What the first table of a workbook shows; its other tables show themselves when they are met.

    Args:
        kind: of the file (`Source.kind`).
        file: the whole file.
        container: what wraps it.
        given: what the caller states.

    Raises:
        UnreadableInput: it is damaged.
        NothingToRead: it has no table with a record.
        LimitExceeded: it would need more memory than any such file of people does.
    """
    reader = WORKBOOKS[kind](given)
    first = next((batch for batch in reader.batches(file) if batch.frame.height), None)
    if first is None:
        raise NothingToRead("It has no table with a record", "Check that this is the right file.")
    grammar = Grammar(
        record=reader.name,
        container=container,
        encoding="utf-8",
        bom=False,
        delimiter="",
        quote=None,
        newline="lf",
        header=False,
        preamble=0,
        protected=(),
        columns=(),
        confidence=1.0,
    )
    tables = {first.table: table_of([first], grammar, first.table, given)}
    return Inference(reader, tables, {}, _of_others(given))


def _of_others(given: Overrides) -> Overrides:
    """What is stated of tables but the first: columns by name, and not by place."""
    return Overrides(tables=given.tables)


def table_of(batches: list[Batch], grammar: Grammar, name: str, given: Overrides) -> Inferred:
    """A table by its first records.

    Args:
        batches: of the table, with a record at least.
        grammar: of the text, whose columns are replaced.
        name: of the table, as the text has it.
        given: what the caller states of its columns.
    """
    cells = pl.concat([batch.frame for batch in batches]).head(TYPE_SAMPLE)
    names = cells.columns if batches[0].named else None
    whole = replace(grammar, table=table_name(name), header=batches[0].named)
    return typed(whole, cells, names, given)
