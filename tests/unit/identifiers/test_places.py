import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import places

TOOLS = Path(__file__).parents[3] / "tools"
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
    ("tool", "files"),
    [
        ("compile_places", ["places.tsv", "country_codes.tsv"]),
        ("compile_months", ["months.tsv"]),
        ("compile_names", ["names.tsv"]),
    ],
)
def test_the_data_files_are_what_their_tools_write(tool: str, files: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, TOOLS / f"{tool}.py", tmp_path], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for name in files:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name
