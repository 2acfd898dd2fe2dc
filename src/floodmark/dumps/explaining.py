"""Why a text is read by the grammar that was found: what was looked at, what else was considered, and why that lost.

Everything is a count, a share or a name of a part: no cell of the text is in it, and no name of a column that could be
an identifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from floodmark.dumps.candidates import MAX_LINES, Candidate, candidates, sample_rows
from floodmark.dumps.containers import Opening
from floodmark.dumps.containers.labels import shown_as
from floodmark.dumps.grammar import Column, Grammar, RecordKind
from floodmark.dumps.header_evidence import HeaderEvidence, header_evidence
from floodmark.dumps.infer_jsonl import is_jsonl
from floodmark.dumps.jsonl import read_object
from floodmark.dumps.kinds.kind import Likeness
from floodmark.dumps.kinds.known import WORKBOOKS
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.reading import Stated, Unopened, opened
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import COMMENT, lines_of
from floodmark.errors import FloodmarkError, UsageError

SCHEMA_VERSION = 1
JSONL_LINES = 200
MOST_DELIMITERS = 12


@dataclass(frozen=True)
class KindTried:
    """One kind of record: how like it the sample is, and why."""

    record: str
    confidence: float
    reason: str
    chosen: bool


@dataclass(frozen=True)
class DelimiterTried:
    """One way to cut lines into cells.

    Attributes:
        delimiter: text between cells; empty for one cell a line.
        quote: quoting character, or None.
        escape: character before a quote or delimiter that is text, or None.
        columns: the most usual number of cells.
        evenness: share of the sample's records that have it.
        confidence: as a runner-up, against the chosen one; None for the chosen one and for those not compared.
        reason: why it was chosen or lost.
        chosen: whether the text is read by it.
    """

    delimiter: str
    quote: str | None
    escape: str | None
    columns: int
    evenness: float
    confidence: float | None
    reason: str
    chosen: bool


@dataclass(frozen=True)
class Explanation:
    """Why a text is read as it is.

    Attributes:
        label: of the file or member.
        grammars: of its tables, in the order in which the sample has them.
        encoding_confidence: how sure the encoding is.
        encodings: other encodings, each with its confidence.
        kinds: every kind of record that was asked, likeliest first.
        delimiters: ways to cut lines, of delimited text; the chosen one first.
        header: what the first record is like, of delimited text.
    """

    label: str
    grammars: tuple[Grammar, ...]
    encoding_confidence: float
    encodings: tuple[tuple[str, float], ...]
    kinds: tuple[KindTried, ...]
    delimiters: tuple[DelimiterTried, ...]
    header: HeaderEvidence | None

    @property
    def grammar(self) -> Grammar:
        """Of its first table."""
        return self.grammars[0]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        grammar = self.grammar
        return {
            "schema_version": SCHEMA_VERSION,
            "label": self.label,
            "container": grammar.container,
            "encoding": {
                "name": grammar.encoding,
                "confidence": self.encoding_confidence,
                "byte_order_mark": grammar.bom,
                "others": [{"name": name, "confidence": p} for name, p in self.encodings],
            },
            "record": grammar.record,
            "kinds": [asdict(kind) for kind in self.kinds],
            "newline": grammar.newline,
            "preamble": grammar.preamble,
            "path": grammar.path,
            "widths": list(grammar.widths),
            "protected": list(grammar.protected),
            "rest": grammar.rest,
            "confidence": grammar.confidence,
            "delimiters": [asdict(one) for one in self.delimiters],
            "header": {"names_columns": grammar.header, **asdict(self.header)} if self.header else None,
            "tables": [
                {"name": one.table, "columns": [_column(column) for column in one.columns]}
                for one in self.grammars
            ],
        }


def _column(column: Column) -> dict[str, Any]:
    return asdict(column) | {
        "type": column.type.label,
        "confidence": round(column.confidence, 3),
        "alternatives": [{"type": kind.label, "confidence": round(p, 3)} for kind, p in column.alternatives],
    }


def explain(
    label: str,
    sample: Sample,
    grammars: Sequence[Grammar],
    likeness: Mapping[RecordKind, Likeness],
    given: Overrides,
) -> Explanation:
    """Why the text of a sample is read by these grammars.

    Args:
        label: of the file or member.
        sample: by which they were inferred.
        grammars: of its tables, at least one.
        likeness: by kind of record, how like it the sample is; those that were asked.
        given: what the caller stated.
    """
    first = grammars[0]
    lines = lines_of(sample.head, first.newline)
    body = [line for line in lines[first.preamble :] if line.strip()]
    delimited = first.record == "delimited" and bool(body)
    tried = _delimiters(first, body, given) if delimited else ()
    return Explanation(
        label=label,
        grammars=tuple(grammars),
        encoding_confidence=round(sample.encoding.confidence, 3),
        encodings=tuple((name, round(p, 3)) for name, p in sample.encoding.alternatives),
        kinds=_kinds(lines, first, tried, likeness),
        delimiters=tried,
        header=_header(first, body) if delimited else None,
    )


def _kinds(
    lines: list[str],
    grammar: Grammar,
    tried: tuple[DelimiterTried, ...],
    likeness: Mapping[RecordKind, Likeness],
) -> tuple[KindTried, ...]:
    if grammar.record in WORKBOOKS:
        return (KindTried(grammar.record, 1.0, "its first bytes say so", chosen=True),)
    asked: list[tuple[RecordKind, Likeness]] = [*likeness.items(), ("jsonl", _as_jsonl(lines))]
    evenness = max((one.evenness for one in tried if one.columns > 1), default=0.0)
    reason = f"the best delimiter cuts {evenness:.0%} of the records evenly; asked last"
    if grammar.record != "delimited":
        reason = "asked last, when no other kind is believed"
    asked.append(("delimited", Likeness(round(grammar.confidence if tried else 0.0, 3), reason)))
    found = [
        KindTried(name, round(like.confidence, 3), like.reason, name == grammar.record)
        for name, like in asked
    ]
    return tuple(sorted(found, key=lambda one: (not one.chosen, -one.confidence)))


def _as_jsonl(lines: list[str]) -> Likeness:
    full = [line for line in lines[:JSONL_LINES] if line.strip() and not COMMENT.match(line)]
    objects = sum(read_object(line) is not None for line in full)
    share = objects / len(full) if full else 0.0
    return Likeness(share if is_jsonl(lines) else 0.0, f"{objects} of {len(full)} lines are JSON objects")


def _delimiters(grammar: Grammar, body: list[str], given: Overrides) -> tuple[DelimiterTried, ...]:
    quote: str | bool | None = True if given.quote is None else (given.quote or None)
    escape: str | bool | None = True if given.escape is None else (given.escape or None)
    found = candidates(body, quote, given.protected, escape)
    reasons = {one.delimiter: one for one in grammar.alternatives}
    if grammar.rest:
        found = [one for one in found if one.delimiter != grammar.delimiter]
    shown = [_tried(one, grammar, reasons.get(one.delimiter)) for one in found]
    if grammar.rest:
        shown.append(_with_rest(grammar, body))
    if not any(one.chosen for one in shown):
        columns = len(grammar.columns)
        shown.append(
            DelimiterTried(
                grammar.delimiter, grammar.quote, grammar.escape, columns, 0.0, None, "stated", chosen=True
            )
        )
    return tuple(sorted(shown, key=lambda one: (not one.chosen, -(one.confidence or 0.0), -one.evenness)))[
        :MOST_DELIMITERS
    ]


def _with_rest(grammar: Grammar, body: list[str]) -> DelimiterTried:
    columns = len(grammar.columns)
    lines = body[grammar.header :][:MAX_LINES]
    whole = sum(line.count(grammar.delimiter) + 1 >= columns for line in lines)
    return DelimiterTried(
        delimiter=grammar.delimiter,
        quote=grammar.quote,
        escape=grammar.escape,
        columns=columns,
        evenness=round(whole / len(lines), 3) if lines else 0.0,
        confidence=None,
        reason="lines are credentials, and the password takes the delimiters that are left",
        chosen=True,
    )


def _tried(one: Candidate, grammar: Grammar, lost: Any) -> DelimiterTried:
    chosen = one.delimiter == grammar.delimiter
    if chosen:
        reason = "cuts evenly, and its cells look most like the fields of a person"
    else:
        reason = lost.reason if lost else "cuts fewer records evenly than those compared"
    return DelimiterTried(
        delimiter=one.delimiter,
        quote=one.quote,
        escape=one.escape,
        columns=one.columns,
        evenness=round(one.consistency, 3),
        confidence=lost.confidence if lost and not chosen else None,
        reason=reason,
        chosen=chosen,
    )


def _header(grammar: Grammar, body: list[str]) -> HeaderEvidence | None:
    way = Candidate(
        grammar.delimiter, grammar.quote, len(grammar.columns), 1.0, grammar.protected, grammar.escape
    )
    rows = sample_rows(body[:1], way)
    return header_evidence(rows[0]) if rows else None


def explanations(
    path: str | Path,
    *,
    grammar: str | Path | None = None,
    opening: Opening | None = None,
    member: str | None = None,
    **overrides: Any,
) -> Iterator[Explanation | Unopened]:
    """Why each text of a file is read as it is, and what of it cannot be read.

    Args:
        path: a regular file.
        grammar: a grammar file.
        opening: how its containers are opened.
        member: label of the one member that is asked about, with or without the name of its file.
        **overrides: parts of the grammar, as for `floodmark.dumps.opened`.

    Raises:
        FloodmarkError: as `floodmark.dumps.opened`; and where no text of the file can be read.
        UsageError: the file has no such member.
    """
    path = Path(path)
    given = Stated.of(grammar, overrides).overrides
    problem: FloodmarkError | None = None
    found = False
    with closing(opened(path, grammar=grammar, opening=opening, **overrides)) as dumps:
        for dump in dumps:
            if member is not None and dump.label not in (member, f"{shown_as(path.name)}/{member}"):
                continue
            if isinstance(dump, Unopened):
                problem = problem or dump.problem
                yield dump
                continue
            found = True
            grammars = [table.grammar for table in dump.tables.values()]
            yield explain(dump.label, dump.sample, grammars, dump.inference.likeness, given)
    if not found:
        raise problem or UsageError("The file has no such member", "Name one as the report calls it.")
