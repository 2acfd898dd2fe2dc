"""Grammar inference: from a sample to the grammar that explains it best, with its runners-up."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from floodmark.dumps.candidates import Candidate, candidates, cut_evenly, sample_cells, sample_rows
from floodmark.dumps.columns import infer_columns, infer_header
from floodmark.dumps.delimited import split
from floodmark.dumps.fits import Checked, known_cells, misfits
from floodmark.dumps.grammar import Alternative, Column, Grammar
from floodmark.dumps.jsonl import key_counts, read_object, split_json
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.plan import Plan
from floodmark.dumps.protect import patterns_for, usual_times
from floodmark.dumps.quoted import split_quoted
from floodmark.dumps.sample import Sample
from floodmark.errors import LimitExceeded, NoGrammar, NothingToRead, UsageError
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

MAX_COLUMNS = 10_000
TYPE_SAMPLE = 20_000
COMPARED = 4
FEW_LINES = 3
EVEN = 0.9
COMMENT = re.compile(r"^\s*(?:#|--|//|/\*|;;|%|<!--)")
# A header cell that could be an identifier is not repeated as a name.
REVEALING = re.compile(r"@|\d{5}")
STRONG_SHARE = 0.95
MOSTLY_WHOLE = 0.7
# How much of a cell a type explains, for comparing ways to cut: checkable types explain most.
PLAIN_TEXT_STRENGTH = 0.45
UNKNOWN_STRENGTH = 0.12


@dataclass(frozen=True)
class Inferred:
    """A grammar, and what else the sample shows that makes reading sure and fast.

    Attributes:
        grammar: the grammar.
        strong: columns whose cells nearly always fit their type, with the cells known to fit (`Plan.known`).
        times: times of day that nearly all dated cells share (`Plan.times`).
        keys: for JSON Lines, the keys of the columns, which may be called otherwise.
    """

    grammar: Grammar
    strong: dict[int, pl.Series | None]
    times: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan by which the file is split."""
        return Plan.of(self.grammar, self.strong, self.times)


def infer(sample: Sample, overrides: Overrides | None = None) -> Inferred:
    """The grammar of a sample.

    Raises:
        NoGrammar: nothing but blank lines, or the overrides contradict the sample.
        LimitExceeded: more columns than any table of people has.
    """
    given = overrides or Overrides()
    newline = given.newline or newline_of(sample.head)
    lines = _lines(sample.head, newline)
    if not any(line.strip() for line in lines):
        raise NothingToRead("There are only blank lines", "Check that this is the right file.")
    if given.record == "jsonl" or (given.record is None and given.delimiter is None and _is_jsonl(lines)):
        return _json_grammar(sample, newline, lines, given)
    return _delimited_grammar(sample, newline, lines, given)


def newline_of(head: bytes) -> str:
    """How lines end in a sample: `lf`, `crlf`, `cr` or `mixed`."""
    feeds, both, returns = head.count(b"\n"), head.count(b"\r\n"), head.count(b"\r")
    if feeds == 0:
        return "cr" if returns else "lf"
    lone = returns - both
    if lone > 0.01 * feeds and lone > 1:
        return "mixed"
    if both == feeds:
        return "crlf"
    return "lf" if both == 0 else "mixed"


def _lines(head: bytes, newline: str) -> list[str]:
    """Up to 5,000 lines of text; lines that are not UTF-8 or hold a NUL are left out."""
    ends = {"cr": rb"\r", "mixed": rb"\r\n|\n|\r"}.get(newline, rb"\r?\n")
    lines: list[str] = []
    for line in re.split(ends, head, maxsplit=5000)[:5000]:
        if b"\0" in line:
            continue
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            continue
    return lines


def _is_jsonl(lines: list[str]) -> bool:
    full = [line for line in lines[:200] if line.strip() and not COMMENT.match(line)]
    if not full or not full[0].lstrip().startswith("{"):
        return False
    return sum(read_object(line) is not None for line in full) >= 0.5 * len(full)


def _json_grammar(sample: Sample, newline: str, lines: list[str], given: Overrides) -> Inferred:
    preamble = _comments(lines) if given.preamble is None else given.preamble
    counts = key_counts(lines)
    names = list(given.columns) if given.columns and not _labels(given.columns) else list(counts)
    if not names:
        raise NoGrammar("No line is a JSON object with a key")
    grammar = Grammar(
        record="jsonl",
        container=sample.container,
        encoding=sample.encoding.name,
        bom=sample.encoding.bom,
        delimiter="",
        quote=None,
        newline=newline,
        header=False,
        preamble=preamble,
        protected=(),
        columns=tuple(Column(i, name, FieldType.UNKNOWN, 0.0) for i, name in enumerate(names)),
        confidence=1.0,
    )
    text = "\n".join(lines[preamble:]).encode()
    cells = split_json(text, 0, "lf", names).frame.head(TYPE_SAMPLE)
    # A key that one line alone has can be somebody's name (`{"ada": …}`): it is read, and not repeated.
    shown = [name if counts.get(name, 2) > 1 or len(lines) < FEW_LINES else "" for name in names]
    return replace(_typed(grammar, cells, shown, given), keys=tuple(names))


def _comments(lines: list[str]) -> int:
    """Lines at the top that are comments or blank."""
    count = 0
    while count < len(lines) and count < 100 and (not lines[count].strip() or COMMENT.match(lines[count])):
        count += 1
    return count if count < len(lines) else 0


def _delimited_grammar(sample: Sample, newline: str, lines: list[str], given: Overrides) -> Inferred:
    top = _comments(lines) if given.preamble is None else given.preamble
    body = [line for line in lines[top:] if line.strip()]
    if not body:
        raise NothingToRead("There is nothing after the preamble", "State the number of preamble lines.")
    best, others = _choose(body, given)
    if best.columns > MAX_COLUMNS:
        raise LimitExceeded(
            f"A line has {best.columns:,} cells; more than {MAX_COLUMNS:,} columns are not read"
        )
    preamble = top
    if given.preamble is None and best.columns > 2:
        preamble += _stray_top(lines[top:], best)
    body = [line for line in lines[preamble:] if line.strip()]
    first = (sample_rows(body[:1], best) or [[]])[0]
    grammar = Grammar(
        record="delimited",
        container=sample.container,
        encoding=sample.encoding.name,
        bom=sample.encoding.bom,
        delimiter=best.delimiter,
        quote=best.quote,
        newline=newline,
        header=False,
        preamble=preamble,
        protected=tuple(p.name for p in patterns_for(best.delimiter))
        if given.protected is None
        else given.protected,
        columns=tuple(Column(i, f"c{i}", FieldType.UNKNOWN, 0.0) for i in range(best.columns)),
        confidence=_confidence(best, others),
        alternatives=tuple(others),
    )
    cells = _cells(grammar, sample, body)
    header = given.header
    if header is None:
        header = len(first) == best.columns and infer_header(first, cells.slice(1))
    names = (first or sample_cells(body[0], best))[: best.columns] if header and body else None
    names = names + [""] * (best.columns - len(names)) if names is not None else None
    if header:
        cells = cells.slice(1)
    typed = _typed(replace(grammar, header=header), cells, names, given)
    hide = "timestamp" in grammar.protected and len(grammar.delimiter.encode()) == 1 and grammar.quote is None
    return replace(typed, times=usual_times(body)) if hide else typed


def _choose(body: list[str], given: Overrides) -> tuple[Candidate, list[Alternative]]:
    """The best way to cut, and why the others lost."""
    quote: str | bool | None = True if given.quote is None else (given.quote or None)
    if given.delimiter is not None:
        cut = cut_evenly(body, given.delimiter, quote, given.protected) if given.delimiter else None
        return _with_columns(cut or Candidate(given.delimiter, None, 1, 1.0), body, given), []
    found = candidates(body, quote, given.protected)
    even = [c for c in found if c.consistency >= 0.5 * found[0].consistency]
    rivalled = found[0].columns > 1 and found[0].consistency >= EVEN
    scored = sorted(
        ((_score(c, body, rivalled), c) for c in [*even[:COMPARED], found[-1]]), key=lambda pair: -pair[0]
    )
    best_score, best = scored[0]
    if given.columns:
        matching = [c for _, c in scored if c.columns == len(given.columns)]
        best = _with_columns(matching[0] if matching else best, body, given)
    others = [
        Alternative(c.delimiter, c.columns, round(score / (score + best_score + 1e-9), 3), _why(c, best))
        for score, c in scored
        if c is not best and c != scored[0][1]
    ]
    return best, others[:4]


def _with_columns(candidate: Candidate, body: list[str], given: Overrides) -> Candidate:
    """The candidate with as many columns as were stated.

    Raises:
        UsageError: no line of the sample has so many cells.
    """
    wanted = len(given.columns) if given.columns else candidate.columns
    if wanted == candidate.columns:
        return candidate
    lines = body[:600]
    masked = any(len(sample_cells(line, candidate)) == wanted for line in lines)
    plainly = any(candidate.delimiter and line.count(candidate.delimiter) + 1 == wanted for line in lines)
    over_lines = candidate.quote is not None and any(candidate.quote in line for line in lines)
    if not (masked or plainly or over_lines):
        raise UsageError(
            f"{wanted:,} columns were stated, but lines have {candidate.columns:,} cells",
            "Name as many columns as the lines have, or state the delimiter too.",
        )
    return replace(candidate, columns=wanted)


def _score(candidate: Candidate, body: list[str], rivalled: bool) -> float:
    """How well a candidate explains the lines: even cuts, and cells that are something.

    Args:
        candidate: a way to cut.
        body: lines of the sample.
        rivalled: whether some delimiter cuts nearly all lines into the same number of cells.
    """
    if candidate.columns > MAX_COLUMNS:
        return candidate.consistency * 100
    rows = sample_rows(body[:300], candidate)
    if len(rows) < 2:
        rows = [*rows, *rows]
    if not rows:
        return 0.0
    # The first line may be a header, so it is left out; what columns are called is for the winner to ask.
    columns = infer_columns(_frame(rows[1:]), None)
    if candidate.columns == 1:
        # A whole line is one cell only where it is something that can be checked: any line is some text.
        only = columns[0]
        if recogniser(only.type) is None:
            return UNKNOWN_STRENGTH
        # Where a delimiter cuts as evenly, a line that passes for one long address or hash is likely a record.
        return (_strength(only) + 0.08) * (0.5 if rivalled else 1.0)
    typed = float(np.mean([_strength(column) for column in columns]))
    return candidate.consistency**2 * (typed + 0.08 * math.log2(1 + min(candidate.columns, 30)))


def _frame(rows: list[list[str]]) -> pl.DataFrame:
    width = len(rows[0]) if rows else 0
    return pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(width)}, orient="row")


def _strength(column: Column) -> float:
    if column.type is FieldType.UNKNOWN:
        return UNKNOWN_STRENGTH
    return column.confidence * (1.0 if recogniser(column.type) is not None else PLAIN_TEXT_STRENGTH)


def _why(lost: Candidate, best: Candidate) -> str:
    if lost.consistency < best.consistency - 0.02:
        return f"only {lost.consistency:.0%} of the sample's lines have {lost.columns} cells"
    return "its cells look less like the fields of a person"


def _confidence(best: Candidate, others: list[Alternative]) -> float:
    rival = max((other.confidence for other in others), default=0.0)
    return round(min(0.999, best.consistency * (1 - max(0.0, rival - 0.25))), 3)


def _stray_top(lines: list[str], best: Candidate) -> int:
    """Lines of a title or note at the top: without any delimiter, where the table's lines have several."""
    return next((i for i, line in enumerate(lines[:50]) if line.strip() and best.delimiter in line), 0)


def _cells(grammar: Grammar, sample: Sample, body: list[str]) -> pl.DataFrame:
    """Cells of the sample as records, from its beginning and from its pieces."""
    plan = Plan.of(grammar)
    texts = ["\n".join(body).encode(), *sample.pieces]
    frames = []
    for number, text in enumerate(texts):
        newline = "lf" if number == 0 else grammar.newline
        if grammar.quote is None:
            frames.append(split(text, 0, newline, plan).frame)
        else:
            frames.append(split_quoted(text, 0, newline, plan, grammar.quote).frame)
    cells = pl.concat(frames)
    if cells.height <= TYPE_SAMPLE:
        return cells
    # The first record stays first (it may be a header); the others are thinned evenly.
    step = np.unique(np.linspace(0, cells.height - 1, TYPE_SAMPLE).astype(np.int64))
    return cells[step]


def _labels(columns: tuple[str, ...]) -> bool:
    return all(name.upper() in FieldType.__members__ for name in columns)


def _typed(grammar: Grammar, cells: pl.DataFrame, names: list[str] | None, given: Overrides) -> Inferred:
    """The grammar with its columns typed and named; and its strong columns."""
    columns = list(infer_columns(cells, names))
    whole = _unshifted(cells, columns)
    if whole.height < cells.height:
        cells = whole
        columns = list(infer_columns(cells, names))
    stated = given.columns or ()
    for i, name in enumerate(stated[: len(columns)]):
        if name.upper() in FieldType.__members__:
            columns[i] = replace(columns[i], type=FieldType[name.upper()], confidence=1.0, alternatives=())
    if names and grammar.header and any(REVEALING.search(name) for name in names):
        # A record taken for a header: none of its cells may become a name.
        names = [""] * len(names)
    wanted = [
        stated[i] if i < len(stated) else (names[i] if names else column.type.label)
        for i, column in enumerate(columns)
    ]
    named = [
        replace(c, index=i, name=name)
        for i, (c, name) in enumerate(zip(columns, _unique(wanted), strict=True))
    ]
    grammar = replace(grammar, columns=tuple(named))
    strong = _strong(cells, grammar.columns)
    return Inferred(grammar, {i: known_cells(cells.to_series(i), grammar.columns[i].type) for i in strong})


def _unshifted(cells: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    """The sample without the lines of which two cells or more do not fit their columns: damage, not examples."""
    strong = _strong(cells, columns)
    checked = [Checked(cells.columns[i], columns[i].type) for i in strong]
    good = misfits(cells, checked) < 2
    return cells.filter(pl.Series(good)) if good.sum() >= MOSTLY_WHOLE * cells.height else cells


def _unique(names: list[str]) -> list[str]:
    """Names made usable: no controls, none that could be an identifier, not too long, none twice."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for i, name in enumerate(names):
        clean = "".join(c for c in name.strip() if c.isprintable())[:80]
        if not clean or REVEALING.search(clean):
            clean = f"column_{i + 1}"
        while clean in seen:
            seen[clean] += 1
            clean = f"{clean}_{seen[clean]}"
        seen[clean] = 1
        result.append(clean)
    return result


def _strong(cells: pl.DataFrame, columns: Sequence[Column]) -> list[int]:
    """Columns whose non-empty cells fit their type at least 95 times of a hundred in the sample."""
    strong: list[int] = []
    for column, name in zip(columns, cells.columns, strict=True):
        check = recogniser(column.type)
        if check is None:
            continue
        filled = cells.filter(pl.col(name) != "")
        if not filled.height:
            continue
        wrong = filled.height - int(filled.select(check(pl.col(name)).fill_null(False).sum()).item())
        # One cell in a small sample may be the damaged line itself.
        if wrong <= max((1 - STRONG_SHARE) * filled.height, min(1, filled.height // 6)):
            strong.append(column.index)
    return strong
