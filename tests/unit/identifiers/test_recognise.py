import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import FieldType, recogniser

CHECKED = [field_type for field_type in FieldType if recogniser(field_type) is not None]
RECOGNISERS = {one.label: check for one in CHECKED if (check := recogniser(one)) is not None}
# One cell of each column of the usual twelve, and two more.
NEIGHBOURS = {
    FieldType.PHONE: "447700900123",
    FieldType.FIRST_NAME: "Ada",
    FieldType.GENDER: "female",
    FieldType.LOCATION: "Cairo, Egypt",
    FieldType.RELATIONSHIP: "In a relationship",
    FieldType.EMPLOYER: "Example Trading Ltd",
    FieldType.ACTIVE_AT: "5/8/2018 12:00:00 AM",
    FieldType.EMAIL: "ada@example.org",
    FieldType.URL: "https://www.example.org/ada",
    FieldType.IP_ADDRESS: "192.0.2.1",
}


def fits(field_type: FieldType, cells: list[str]) -> list[bool]:
    check = recogniser(field_type)
    assert check is not None
    return pl.DataFrame({"cell": cells}).select(check(pl.col("cell"))).to_series().to_list()


@pytest.mark.parametrize("field_type", CHECKED, ids=lambda field_type: field_type.label)
def test_a_type_recognises_its_own_examples(field_type: FieldType) -> None:
    assert all(fits(field_type, list(field_type.examples)))


@pytest.mark.parametrize(
    "field_type",
    [kind for kind in NEIGHBOURS if recogniser(kind) is not None],
    ids=lambda field_type: field_type.label,
)
def test_a_type_refuses_its_neighbours_cells(field_type: FieldType) -> None:
    others = [cell for kind, cell in NEIGHBOURS.items() if kind is not field_type]
    assert not any(fits(field_type, others))


@pytest.mark.parametrize(
    "field_type", [FieldType.FULL_NAME, FieldType.FREE_TEXT, FieldType.PASSWORD, FieldType.UNKNOWN]
)
def test_what_looks_like_any_text_has_no_check(field_type: FieldType) -> None:
    assert recogniser(field_type) is None


@pytest.mark.parametrize(
    "word",
    [
        "Male",
        "F",
        "1",
        "ذكر",
        "أنثى",
        "Mujer",
        "Féminin",
        "masculino",
        "Maschio",
        "weiblich",
        "Мужской",
        "Kadın",
        "ERKEK",
        "laki-laki",
        "Perempuan",
    ],
)
def test_genders_are_known_in_ten_languages(word: str) -> None:
    assert fits(FieldType.GENDER, [word]) == [True]


@pytest.mark.parametrize(
    "word",
    [
        "Married",
        "It's complicated",
        "متزوج",
        "Soltera",
        "Célibataire",
        "Namorando",
        "Sposato",
        "ЗАМУЖЕМ",
        "İlişkisi var",
        "Menikah",
        "En couple",
    ],
)
def test_relationships_are_known_in_ten_languages(word: str) -> None:
    assert fits(FieldType.RELATIONSHIP, [word]) == [True]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8))
def test_any_text_is_either_recognised_or_not(cells: list[str]) -> None:
    checks = [check(pl.col("cell")).alias(label) for label, check in RECOGNISERS.items()]
    found = pl.DataFrame({"cell": cells}).select(checks)
    assert found.schema == dict.fromkeys(RECOGNISERS, pl.Boolean)
    assert not any(found.null_count().row(0))
    assert found.height == len(cells)


def test_dates_in_words_pass_and_a_phone_does_not() -> None:
    cells = ["8 de mayo de 2018", "May 8", "02/29", "1985", "447700900123", "Ada", "100000000000004"]
    assert fits(FieldType.BIRTH_DATE, cells) == [True, True, True, True, False, False, False]
