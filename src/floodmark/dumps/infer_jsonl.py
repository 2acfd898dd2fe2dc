"""Inference of JSON Lines."""

from __future__ import annotations

from dataclasses import replace

from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.jsonl import key_counts, read_object, split_json
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import TYPE_SAMPLE, Sample
from floodmark.dumps.sample_lines import COMMENT, FEW_LINES, comments_of
from floodmark.dumps.typing_columns import Inferred, labels, typed
from floodmark.errors import NoGrammar
from floodmark.identifiers import FieldType


def is_jsonl(lines: list[str]) -> bool:
    """Whether lines are JSON objects, one each."""
    full = [line for line in lines[:200] if line.strip() and not COMMENT.match(line)]
    if not full or not full[0].lstrip().startswith("{"):
        return False
    return sum(read_object(line) is not None for line in full) >= 0.5 * len(full)


def jsonl_grammar(sample: Sample, newline: str, lines: list[str], given: Overrides) -> Inferred:
    """The grammar of a sample as JSON Lines."""
    preamble = comments_of(lines) if given.preamble is None else given.preamble
    counts = key_counts(lines)
    names = list(given.columns) if given.columns and not labels(given.columns) else list(counts)
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
    return replace(typed(grammar, cells, shown, given), keys=tuple(names))
