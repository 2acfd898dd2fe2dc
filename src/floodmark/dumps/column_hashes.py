"""Which kinds of password hash a column holds.

>>> from floodmark.dumps.column_facts import measure
>>> (facts,) = measure([pl.Series([f"{n:032x}" for n in range(9)])])
>>> hash_kind(facts, "pw"), hash_kind(facts, "ntlm_hash")
('md5-or-ntlm', 'ntlm')
"""

from __future__ import annotations

import re

import polars as pl

from floodmark.dumps.column_facts import Facts
from floodmark.identifiers import password_hashes

LEAST = 0.02  # share of the recognised cells that a kind needs, so that damaged lines name none
# What a column's name adds to digits of which the length alone says little.
_SAID = {"md5-or-ntlm": re.compile(r"(?i)(?:^|[^a-z])(ntlm|md5|md4|lm)(?:$|[^a-z])")}


def hash_kind(facts: Facts, name: str) -> str | None:
    """Kinds of hash in a column, the most frequent first, parted by `, `; None where no cell has a known form.

    Args:
        facts: facts of a column of password hashes.
        name: the column's name, empty for none.
    """
    sample = pl.DataFrame([facts.sample.cells, facts.sample.rows])
    kinds = sample.select("rows", kind=password_hashes.kind(pl.col("cell"), named=True)).drop_nulls()
    counts = kinds.group_by("kind").agg(pl.col("rows").sum()).sort("rows", "kind", descending=[True, False])
    enough = counts.filter(pl.col("rows") >= LEAST * pl.col("rows").sum())["kind"].to_list()
    return ", ".join(_said(kind, name) for kind in enough) or None


def _said(kind: str, name: str) -> str:
    found = _SAID[kind].search(name) if kind in _SAID else None
    return found.group(1).lower() if found else kind
