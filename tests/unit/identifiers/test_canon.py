import polars as pl

from floodmark.identifiers import KINDS, canon


def test_every_kind_has_a_canonical_form_and_refuses_an_empty_cell() -> None:
    cells = {"phone": "+44 20 7031 3000", "email": "ADA@example.org", "profile_id": "004", "username": "Ada"}
    forms = {kind: pl.select(canon.canonical(kind, pl.lit(cells[kind]))).item() for kind in KINDS}
    assert forms == {
        "phone": "+442070313000",
        "email": "ada@example.org",
        "profile_id": "4",
        "username": "ada",
    }
    assert all(pl.select(canon.canonical(kind, pl.lit(""))).item() is None for kind in KINDS)
