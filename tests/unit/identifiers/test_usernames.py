from importlib.resources import files

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import profile_ids, usernames


def canonical(cells: list[str]) -> list[str | None]:
    return pl.DataFrame({"cell": cells}).select(usernames.canonical(pl.col("cell"))).to_series().to_list()


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=20))
def test_folding_twice_is_folding_once(cells: list[str]) -> None:
    once = [form for form in canonical(cells) if form is not None and not form.startswith("@")]
    assert not once or canonical(once) == once


def test_every_letter_of_ascii_folds_as_python_folds_it() -> None:
    letters = [chr(code) for code in range(33, 127) if chr(code) != "@"]
    assert canonical(letters) == [letter.casefold() for letter in letters]


def test_the_pinned_table_agrees_with_python_where_both_know_a_character() -> None:
    text = files("floodmark.identifiers").joinpath("data", "casefold-14.0.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    table = {
        chr(int(code, 16)): "".join(chr(int(part, 16)) for part in folded.split()) for code, folded in rows
    }
    assert len(table) == 1530
    assert {character: character.casefold() for character in table} == table


@given(st.integers(min_value=1, max_value=10**20 - 1), st.integers(min_value=0, max_value=5))
def test_a_profile_id_loses_its_leading_zeros_and_nothing_else(number: int, zeros: int) -> None:
    frame = pl.DataFrame({"cell": ["0" * zeros + str(number)]})
    assert frame.select(profile_ids.canonical(pl.col("cell"))).item() == str(number)
