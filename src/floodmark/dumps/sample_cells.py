"""Cells of a sample under a plan, from the beginning of the text and from its pieces."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.dumps.delimited import split
from floodmark.dumps.plan import Plan
from floodmark.dumps.quoted import split_quoted
from floodmark.dumps.sample import TYPE_SAMPLE, Sample
from floodmark.dumps.sample_lines import newline_of


def cells_of_sample(plan: Plan, sample: Sample, body: list[str]) -> pl.DataFrame:
    """Cells of the sample as records, a row a record that is kept; more than `TYPE_SAMPLE` are thinned.

    Args:
        plan: how lines are cut.
        sample: whose pieces are added.
        body: lines of its beginning, without preamble and blank lines.
    """
    texts = ["\n".join(body).encode(), *sample.pieces]
    frames = []
    for number, text in enumerate(texts):
        newline = "lf" if number == 0 else newline_of(text)
        if plan.quote is None:
            frames.append(split(text, 0, newline, plan).frame)
        else:
            frames.append(split_quoted(text, 0, newline, plan, plan.quote).frame)
    cells = pl.concat(frames)
    if cells.height <= TYPE_SAMPLE:
        return cells
    # The first record stays first (it may be a header); the others are thinned evenly.
    step = np.unique(np.linspace(0, cells.height - 1, TYPE_SAMPLE).astype(np.int64))
    return cells[step]
