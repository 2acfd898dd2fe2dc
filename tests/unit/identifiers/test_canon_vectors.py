"""The vectors that every client shares, run through the expressions."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from floodmark.identifiers import canon, emails, profile_ids, usernames

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "canon-1.json").read_text("utf-8"))
CANONICAL: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "email": emails.canonical,
    "username": usernames.canonical,
    "profile_id": profile_ids.canonical,
    "phone": partial(canon.canonical, "phone"),
}


def canonical(kind: str, cells: list[str | None]) -> list[str | None]:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    return frame.select(CANONICAL[kind](pl.col("cell"))).to_series().to_list()


@pytest.mark.parametrize("kind", CANONICAL)
def test_every_vector_comes_out_as_written(kind: str) -> None:
    rows = VECTORS["vectors"][kind]
    assert len(rows) >= 40
    assert canonical(kind, [row["input"] for row in rows]) == [row["canonical"] for row in rows]


@pytest.mark.parametrize("kind", CANONICAL)
def test_a_row_alone_comes_out_as_it_does_in_company(kind: str) -> None:
    rows = VECTORS["vectors"][kind]
    assert [canonical(kind, [row["input"]])[0] for row in rows] == [row["canonical"] for row in rows]


@pytest.mark.parametrize("kind", CANONICAL)
def test_a_canonical_form_is_its_own_canonical_form(kind: str) -> None:
    forms = [row["canonical"] for row in VECTORS["vectors"][kind] if row["canonical"] is not None]
    if kind == "username":
        forms = [form for form in forms if not form.startswith("@")]
    assert canonical(kind, forms) == forms


@pytest.mark.parametrize("kind", CANONICAL)
def test_a_missing_cell_has_no_canonical_form(kind: str) -> None:
    assert canonical(kind, [None]) == [None]
