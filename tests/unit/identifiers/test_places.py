from collections.abc import Callable
from pathlib import Path

import compile_months
import compile_names
import compile_places
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import places

DATA = Path(__file__).parents[3] / "src" / "floodmark" / "identifiers" / "data"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Cairo, Egypt", "EG"),
        ("Egypt", "EG"),
        ("القاهرة، مصر", "EG"),
        ("القاهره", "EG"),
        ("Paris", "FR"),
        ("Paris, Texas", "US"),
        ("Austin, TX", "US"),
        ("Toronto, Ontario", "CA"),
        ("Atlanta, Georgia", "US"),
        ("Tbilisi, Georgia", "GE"),
        ("Alemania", "DE"),
        ("Royaume-Uni", "GB"),
        ("Cidade do México, México", "MX"),
        ("Stati Uniti", "US"),
        ("Москва, Россия", "RU"),
        ("İstanbul, Türkiye", "TR"),
        ("Surabaya, Jawa Timur", "ID"),
        ("New Mexico", "US"),
        ("Papua New Guinea", "PG"),
        ("Guinea", "GN"),
        ("東京", "JP"),
        ("US", "US"),
        ("EGY", "EG"),
        ("KUALA LUMPUR | MALAYSIA", "MY"),
        ("Near Lagos Nigeria", "NG"),
    ],
)
def test_location_text_names_a_country(text: str, country: str) -> None:
    assert places.countries(pl.Series([text])).to_list() == [country]


@pytest.mark.parametrize(
    "text", ["Georgia", "Tripoli", "San José", "somewhere", "12345", "", "   ", ",,,", "🌍"]
)
def test_what_names_no_country_or_several_is_unknown(text: str) -> None:
    assert places.countries(pl.Series([text])).to_list() == [None]


def test_rows_keep_their_order_and_nulls() -> None:
    cells = pl.Series("home", ["Lyon, France", None, "Lyon, France", "Quito, Ecuador"])
    answer = places.countries(cells)
    assert answer.to_list() == ["FR", None, "FR", "EC"]
    assert answer.name == "home"


@given(st.lists(st.text(max_size=30), max_size=15))
def test_any_text_gives_one_answer_per_row(cells: list[str]) -> None:
    assert len(places.countries(pl.Series(cells, dtype=pl.String))) == len(cells)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (compile_places.table, "places.tsv"),
        (compile_places.codes, "country_codes.tsv"),
        (compile_months.table, "months.tsv"),
        (compile_names.table, "names.tsv"),
    ],
)
def test_the_data_files_are_what_their_tools_write(make: Callable[[], str], name: str) -> None:
    assert make().encode() == (DATA / name).read_bytes()
