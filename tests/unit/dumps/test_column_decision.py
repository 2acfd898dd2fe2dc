from __future__ import annotations

import hashlib
import random

import polars as pl
import pytest

from floodmark.dumps.columns import infer_columns
from floodmark.dumps.headers import meanings
from floodmark.identifiers import FieldType

ROWS = 120
CHANCE = random.Random(17)


def typed(cells: list[str], name: str | None = None) -> str:
    (column,) = infer_columns(pl.DataFrame({"a": cells}), None if name is None else [name])
    return column.type.label


def digits(count: int) -> str:
    return "".join(CHANCE.choices("0123456789", k=count))


def gtin(body: str) -> str:
    return body + str(-sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(body)) % 10)


MD5 = [hashlib.md5(bytes([n])).hexdigest() for n in range(ROWS)]
BARE = {
    "numbers of goods": ([gtin("59" + digits(10)) for _ in range(ROWS)], "unknown"),
    "orders of a day": ([f"20230{1 + n % 9}17{9000 + n}" for n in range(ROWS)], "unknown"),
    "rows counted": ([f"{n:07}" for n in range(ROWS)], "unknown"),
    "truth values": (["true", "false", "true"] * 40, "unknown"),
    "colours": (["red", "green", "blue", "black", "white"] * 24, "unknown"),
    "numbers like years": ([str(1010 + 10 * CHANCE.randrange(300)) for _ in range(ROWS)], "unknown"),
    "pictures by their file": ([f"/media/{digits(6)}.webp" for _ in range(ROWS)], "avatar"),
    "sites without a scheme": ([f"u{digits(5)}.example.org" for _ in range(ROWS)], "url"),
    "degrees with a comma": ([f"4{CHANCE.randrange(9)},{digits(6)}" for _ in range(ROWS)], "coordinates"),
    "addresses with leading zeros": (
        [f"010.0{digits(2)}.000.1{digits(2)}" for _ in range(ROWS)],
        "ip_address",
    ),
    "codes of languages": (["en", "de", "sv", "ja"] * 30, "language"),
    "codes of countries": (["us", "gb", "de", "jp"] * 30, "country"),
    "languages": (["Deutsch", "Französisch", "Türkisch"] * 40, "language"),
    "blood groups": (["A+", "O-", "B+", "AB+"] * 30, "health"),
    "handles": ([f"@sun_{digits(4)}" for _ in range(ROWS)], "username"),
    "births in seconds": ([str(-86400 * CHANCE.randrange(1, 9000)) for _ in range(ROWS)], "birth_date"),
    "two phones in a cell": (
        [f"+44770090{digits(4)}" + (f" / +44770090{digits(4)}" if n % 4 == 0 else "") for n in range(ROWS)],
        "phone",
    ),
    "numbers of the state": ([f"{digits(3)}-{digits(2)}-{digits(4)}" for _ in range(ROWS)], "national_id"),
    "numbers of the tax office": (
        [f"{digits(3)}.{digits(3)}.{digits(3)}-{digits(2)}" for _ in range(ROWS)],
        "tax_id",
    ),
    "questions": (["Name of your first pet?", "Town you were born in?"] * 60, "security_question"),
}
HEADED = {
    "hashes under a password's name": (MD5, "password", "password_hash"),
    "hashes that look like text": (
        [digits(8) + "abcdef" + digits(2) for _ in range(ROWS)],
        "pwd",
        "password_hash",
    ),
    "ages in ranges": (["20-29", "30-39", "40+"] * 40, "age", "age"),
    "genders by number": (["2", "1", "2"] * 40, "sexo", "gender"),
    "numbers under a user's name": ([digits(8) for _ in range(ROWS)], "login", "profile_id"),
    "how many friends": ([str(n) for n in range(ROWS)], "nb_friends", "follower_count"),
    "births as eight digits": (
        [f"19{60 + n % 40}0{1 + n % 9}1{n % 10}" for n in range(ROWS)],
        "dob",
        "birth_date",
    ),
    "a word for a status": (["active", "closed"] * 60, "account_status", "unknown"),
    "one given name each": (["Ada", "Grace", "Edsger", "Alan"] * 30, "name", "first_name"),
}


@pytest.mark.parametrize("case", BARE)
def test_columns_without_a_name_are_what_their_cells_say_or_unknown(case: str) -> None:
    cells, label = BARE[case]
    assert typed(cells) == label


@pytest.mark.parametrize("case", HEADED)
def test_a_name_and_the_cells_under_it_are_read_together(case: str) -> None:
    cells, name, label = HEADED[case]
    assert typed(cells, name) == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("x_nombre_de_usuario", "username"),
        ("tbl_lieu_de_naissance_1", "hometown"),
        ("HOME_TOWN_old", "hometown"),
        ("company_name_value", "employer"),
        ("Personalausweisnr.", "national_id"),
        ("numero_de_pedido", "unknown"),
        ("código de barras", "unknown"),
        ("customer no", "profile_id"),
    ],
)
def test_decorations_of_a_name_do_not_matter(name: str, label: str) -> None:
    (meaning,) = meanings([name])
    assert meaning.type.label == label


def test_kinds_of_hash_are_named_the_most_frequent_first() -> None:
    cells = [f"$2y$10${digits(53)}" for _ in range(30)] + MD5[:20]
    (column,) = infer_columns(pl.DataFrame({"a": cells}), ["password"])
    assert (column.type, column.hash_kind) == (FieldType.PASSWORD_HASH, "bcrypt, md5-or-ntlm")


def test_other_columns_have_no_kind_of_hash() -> None:
    (column,) = infer_columns(pl.DataFrame({"a": ["hunter2", "letmein9"] * 9}), ["password"])
    assert (column.type, column.hash_kind) == (FieldType.PASSWORD, None)


def test_a_name_that_nobody_knows_makes_a_reading_less_sure() -> None:
    cells = pl.DataFrame(
        {"a": ["Ada", "Grace", "Edsger", "Alan", "Maria", "Anna", "Peter", "Olga", "Ivan"] * 9}
    )
    (bare,), (named,) = infer_columns(cells, None), infer_columns(cells, ["zorble"])
    assert bare.type == FieldType.FIRST_NAME
    assert named.confidence < bare.confidence
