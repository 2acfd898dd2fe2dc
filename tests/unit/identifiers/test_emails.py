import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import domains, emails


def parse(cells: list[str | None]) -> list[dict[str, object]]:
    return (
        pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
        .select(emails.parse(pl.col("cell")))
        .to_series()
        .to_list()
    )


def test_an_address_comes_with_its_domain() -> None:
    assert parse(["Ada@Sub.Example.ORG"]) == [
        {"canonical": "ada@sub.example.org", "domain": "sub.example.org", "valid": True}
    ]


def test_what_is_no_address_has_neither_form_nor_domain() -> None:
    nothing = {"canonical": None, "domain": None, "valid": False}
    assert parse(["ada", "", None, "a b@example.org"]) == [nothing] * 4


def test_the_local_part_keeps_its_case_outside_a_to_z() -> None:
    assert parse(["ÉVA@example.org"])[0]["canonical"] == "Éva@example.org"


def test_a_foreign_row_changes_nothing_for_its_neighbours() -> None:
    alone = [parse([cell])[0] for cell in ("ada@example.org", "ada@bücher.example", "nobody")]
    assert parse(["ada@example.org", "ada@bücher.example", "nobody"]) == alone


def test_an_empty_column_stays_empty() -> None:
    assert parse([]) == []


def test_right_to_left_and_left_to_right_letters_do_not_share_a_label() -> None:
    assert domains.to_ascii("aא.example") is None


def test_a_joiner_behind_a_character_without_a_name_is_refused() -> None:
    assert domains.to_ascii("x\U00017000\u200dy.example") is None
    assert domains.to_ascii("x\u05c8\u200cy.example") is None


@given(st.lists(st.text(max_size=40), max_size=20))
def test_any_text_gives_one_answer_per_row_and_canonical_forms_are_stable(cells: list[str]) -> None:
    answers = parse(list(cells))
    assert len(answers) == len(cells)
    forms = [str(answer["canonical"]) for answer in answers if answer["valid"]]
    assert [answer["canonical"] for answer in parse(list(forms))] == forms


@given(
    st.from_regex(r"[A-Za-z0-9._+-]{1,20}", fullmatch=True),
    st.from_regex(r"[a-zA-Zäöüéñßøд]{1,12}\.(?:org|Example)", fullmatch=True),
)
def test_addresses_differ_only_in_case_a_to_z_and_are_one(local: str, domain: str) -> None:
    lower, upper = parse([f"{local.lower()}@{domain}", f"{local.upper()}@{domain}"])
    assert lower["valid"]
    assert lower == upper
