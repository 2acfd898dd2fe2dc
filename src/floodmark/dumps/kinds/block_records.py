"""Lines of `key: value` to records, all lines of a chunk at once."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT, Lines, find_lines, invalid_lines
from floodmark.dumps.delimited import kept_lines
from floodmark.dumps.fates import ACCEPTED, QUARANTINED, Batch, Fates
from floodmark.dumps.kinds.block_lines import MARKS, RULE, Form

REPEATED = "; "


def empty(form: Form) -> pl.DataFrame:
    """A frame of the form's columns without rows."""
    return pl.DataFrame(schema=dict.fromkeys(form.keys, pl.String))


def split_blocks(data: bytes, start: int, form: Form) -> Batch:
    """Records of a chunk. Lines that part records belong to them, as line ends do.

    Args:
        data: whole lines that end in LF or CRLF.
        start: offset of the chunk in the text.
        form: how the records are written.
    """
    lines = find_lines(data, "lf")
    fates = Fates(start, lines)
    fates.mark(lines.ends - lines.starts > LINE_LIMIT, QUARANTINED, "line-too-long")
    fates.mark(invalid_lines(data, lines), QUARANTINED, "invalid-utf-8-or-nul")
    fine = fates.fates == ACCEPTED
    numbers = np.flatnonzero(fine)
    if not len(numbers):
        return replace(fates.batch(empty(form)), named=True)
    texts = _texts(data, lines, fine)
    seen = texts.to_frame("text").select(
        blank=pl.col("text") == "",
        indented=pl.col("text").str.starts_with(" ") | pl.col("text").str.starts_with("\t"),
        parts=pl.col("text").str.splitn(form.delimiter, 2),
    )
    parts = seen["parts"].struct.unnest()
    keys = _known(parts["field_0"], parts["field_1"], form)
    values = parts["field_1"].fill_null("").str.strip_chars()
    has_key = keys >= 0
    blank, rule = seen["blank"].to_numpy(), np.zeros(len(keys), np.bool_)
    keyless = np.flatnonzero(~(has_key | blank))
    rule[keyless] = texts.gather(keyless).str.contains(RULE).to_numpy()
    ends = {"rule": rule, "blank": rule | blank, "first": np.zeros(len(keys), np.bool_)}[form.parting]
    owner = np.cumsum(ends | (keys == _number(form.first, form)))
    last = np.maximum.accumulate(np.where(has_key, np.arange(len(keys)), -1))
    indented = seen["indented"].to_numpy() & ~(has_key | rule | blank)
    goes_on = indented & (last >= 0) & (owner == owner[np.maximum(last, 0)])
    fates.mark(numbers[~(has_key | rule | blank | goes_on)], QUARANTINED, "line-without-known-key")
    if goes_on.any():
        values = _continued(values, texts, last, goes_on, form)
    if _is_ldif(form):
        values = _decoded(values)
    frame = _columns(keys[has_key], owner[has_key], values.filter(pl.Series(has_key)), form)
    return replace(fates.batch(frame), named=True)


def _texts(data: bytes, lines: Lines, fine: NDArray[np.bool_]) -> pl.Series:
    text = data if fine.all() else b"".join(kept_lines(data, lines, fine))
    cut = pl.Series([text.decode()]).str.split("\n").explode()
    # What follows the last line end is no line.
    return cut.head(int(fine.sum())).str.strip_chars_end()


def _known(before: pl.Series, after: pl.Series, form: Form) -> NDArray[np.int64]:
    """For each line the number of its key, -1 where it has none that is known."""
    known = {key.casefold(): i for i, key in enumerate(form.keys)}
    keys = before.str.replace(MARKS, "").str.strip_chars().str.to_lowercase()
    found = keys.replace_strict(list(known), list(known.values()), default=-1, return_dtype=pl.Int64)
    numbers: NDArray[np.int64] = np.where(after.is_null().to_numpy(), -1, found.to_numpy())
    return numbers


def _number(key: str | None, form: Form) -> int:
    return form.keys.index(key) if key is not None else -2


def _continued(
    values: pl.Series, texts: pl.Series, last: NDArray[np.int64], goes_on: NDArray[np.bool_], form: Form
) -> pl.Series:
    """The values with the indented lines that go on with them. LDIF folds lines anywhere, others between words."""
    folded = _is_ldif(form)
    joint = "" if folded else " "
    rows = np.flatnonzero(goes_on)
    indent = r"^[ \t]" if folded else r"^[ \t]+"
    more = pl.DataFrame({"at": last[rows], "text": texts.gather(rows).str.replace(indent, "")})
    more = more.group_by("at", maintain_order=True).agg(pl.col("text").str.join(joint))
    whole = values.gather(more["at"]) + joint + more["text"]
    return values.scatter(more["at"], whole)


def _is_ldif(form: Form) -> bool:
    return form.delimiter == ":" and form.first is not None and form.first.casefold() == "dn"


def _decoded(values: pl.Series) -> pl.Series:
    """LDIF values, those after two colons from Base64 (RFC 2849); what is no text then stays as it is."""
    rows = np.flatnonzero(values.str.starts_with(":").to_numpy())
    if not len(rows):
        return values
    coded = values.gather(rows).str.strip_chars_start(": ")
    texts = [_from_base64(text) for text in coded]
    return values.scatter(rows, texts)


def _from_base64(text: str) -> str:
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text
    return text if "\0" in decoded else decoded


def _columns(
    keys: NDArray[np.int64], owner: NDArray[np.int64], values: pl.Series, form: Form
) -> pl.DataFrame:
    """A row a record: the values of each key, those of a key that comes again joined."""
    if not len(keys):
        return empty(form)
    records = np.unique(owner, return_inverse=True)[1]
    height = int(records[-1]) + 1
    columns: list[pl.Series] = []
    for number, name in enumerate(form.keys):
        rows = np.flatnonzero(keys == number)
        where, cells = records[rows], values.gather(rows)
        if len(where) > 1 and (np.diff(where) == 0).any():
            joined = pl.DataFrame({"at": where, "cell": cells}).group_by("at", maintain_order=True)
            frame = joined.agg(pl.col("cell").str.join(REPEATED))
            where, cells = frame["at"].to_numpy(), frame["cell"]
        place = np.full(height, -1, np.int64)
        place[where] = np.arange(len(where))
        taken = pl.Series(place)
        columns.append(cells.gather(taken.set(taken < 0, None)).fill_null("").alias(name))
    return pl.DataFrame(columns)
