"""Grammar inference: from a sample to the grammar that explains it best, with its runners-up."""

from __future__ import annotations

from floodmark.dumps.combos import as_combo
from floodmark.dumps.infer_delimited import delimited_grammar
from floodmark.dumps.infer_jsonl import is_jsonl, jsonl_grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.dumps.typing_columns import Inferred
from floodmark.errors import NothingToRead


def infer(sample: Sample, overrides: Overrides | None = None) -> Inferred:
    """The grammar of a sample.

    Raises:
        NoGrammar: nothing but blank lines, or the overrides contradict the sample.
        LimitExceeded: more columns than any table of people has.
    """
    given = overrides or Overrides()
    newline = given.newline or newline_of(sample.head)
    lines = lines_of(sample.head, newline)
    if not any(line.strip() for line in lines):
        raise NothingToRead("There are only blank lines", "Check that this is the right file.")
    if given.record == "jsonl" or (given.record is None and given.delimiter is None and is_jsonl(lines)):
        return jsonl_grammar(sample, newline, lines, given)
    return as_combo(delimited_grammar(sample, newline, lines, given), lines, given)
