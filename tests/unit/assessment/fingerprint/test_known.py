import pytest

from floodmark.assessment.fingerprint.known import said_table
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

TABLE = CountryTable((CountryRow("EG", exactly(44_823_547), source="a list"), CountryRow("US", None)))
COUNTRIES = Assertion(kind="countries", table=TABLE)


def statement(*assertions: Assertion, said_on: str = "2019-01-01", learnt_on: str | None = None) -> Statement:
    return Statement(
        id="1",
        about="old",
        kind="report",
        speaker_kind="company",
        speaker="the company",
        said_on=said_on,
        learnt_on=learnt_on,
        text="A list.",
        assertions=assertions,
    )


@pytest.mark.parametrize(
    ("said_on", "learnt_on", "dated"),
    [
        ("2019-01-01", None, "2019-01-01"),
        ("2019-01-01", "", "2019-01-01"),
        ("2019-01-01", "2025-01-02", "2025-01-02"),
        ("2019-01-01", "2025", "2025"),
        ("2022-11-16", "2022-11", "2022-11-16"),
        ("", "2022-11", "2022-11"),
    ],
)
def test_a_table_is_dated_when_it_came_out_and_not_when_it_was_made(
    said_on: str, learnt_on: str | None, dated: str
) -> None:
    table = said_table(statement(COUNTRIES, said_on=said_on, learnt_on=learnt_on), "An old list")
    assert table is not None
    assert table.dated == dated


def test_a_statement_without_a_count_has_no_table_to_compare_with() -> None:
    prices = Assertion(kind="countries", table=CountryTable((CountryRow("US", None),)))
    assert said_table(statement(), "") is None
    assert said_table(statement(prices), "") is None


def test_a_known_table_keeps_its_sources_and_the_total_of_the_whole() -> None:
    part = Assertion(kind="total", quantity=exactly(5), scope="EG")
    whole = Assertion(kind="total", quantity=Quantity(487_000_000, 3))
    table = said_table(statement(part, COUNTRIES, whole), "An old list")
    assert table is not None
    assert (table.counts, table.sources) == ({"EG": exactly(44_823_547)}, {"EG": "a list"})
    assert table.total == Quantity(487_000_000, 3)
