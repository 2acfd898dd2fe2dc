import random

import polars as pl
import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps import headers
from floodmark.dumps.column_facts import measure
from floodmark.dumps.columns import infer_columns, infer_header
from floodmark.dumps.grammar import Column
from floodmark.identifiers import FieldType

ROWS = 400
TWELVE = (
    "phone profile_id first_name last_name gender location location relationship employer active_at email birth_date"
).split()
SEVENTEEN = (
    "phone,uid,email,first_name,last_name,gender,date_registered,birthday,location,hometown,relationship_status,"
    "education_last_year,work,groups,pages,last_update,creation_time"
).split(",")
ELEVEN = "id,phone,first_name,last_name,email,birthday,gender,locale,hometown,location,link".split(",")


def labels(columns: tuple[Column, ...]) -> list[str]:
    return [column.type.label for column in columns]


def table(seed: int, locale: str = "en_US", code: str = "447700") -> dict[str, list[str]]:
    """The usual twelve columns by name, made up, with the fill rates of the press reports."""
    chance = random.Random(seed)
    fake = Faker(locale)
    fake.seed_instance(seed)

    def some(share: float, cell: str) -> str:
        return cell if chance.random() < share else ""

    towns = [
        "Cairo, Egypt",
        "Alexandria, Egypt",
        "Lyon, France",
        "London, United Kingdom",
        "Lagos, Nigeria",
        "Giza, Egypt",
    ]
    towns += ["Austin, Texas", "Berlin, Germany", "Dhaka, Bangladesh", "Lima, Peru"]
    columns: dict[str, list[str]] = {name: [] for name in [*dict.fromkeys(TWELVE), "hometown"]}
    for row in range(ROWS):
        male = chance.random() < 0.5
        given = fake.first_name_male() if male else fake.first_name_female()
        family = fake.last_name()
        profile = chance.choice(
            [500_090_001 + 2_137 * row, 100_000_000_000_004 + chance.randrange(2 * 10**9)]
        )
        born = f"{chance.randint(1, 12):02}/{chance.randint(1, 28):02}"
        born += chance.choice(["", f"/{chance.randint(1950, 2004)}"])
        when = f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(2012, 2019)} 12:00:00 AM"
        columns["phone"].append(f"{code}{chance.randrange(10**6):06}")
        columns["profile_id"].append(str(profile))
        columns["first_name"].append(given)
        columns["last_name"].append(family)
        columns["gender"].append("male" if male else "female")
        columns["location"].append(some(0.6, chance.choice(towns)))
        columns["hometown"].append(some(0.5, chance.choice(towns)))
        columns["relationship"].append(
            some(0.4, chance.choice(["Single", "Married", "In a relationship", "Engaged"]))
        )
        columns["employer"].append(some(0.2, chance.choice([fake.company(), "Self-Employed"])))
        columns["active_at"].append(chance.choice([when, "1/1/0001 12:00:00 AM"]))
        columns["email"].append(some(0.05, fake.email()))
        columns["birth_date"].append(some(0.1, born))
    return columns


@pytest.mark.parametrize("seed", range(4))
def test_the_twelve_columns_come_out_in_any_order_without_a_header(seed: int) -> None:
    made = table(seed)
    names = [*dict.fromkeys(TWELVE), "hometown"]
    random.Random(seed).shuffle(names)
    found = infer_columns(pl.DataFrame([pl.Series(name, made[name]) for name in names]), None)
    assert labels(found) == ["location" if name == "hometown" else name for name in names]
    homes = [column for column in found if column.type is FieldType.LOCATION]
    assert all(FieldType.HOMETOWN in dict(column.alternatives) for column in homes)
    (birth,) = (column for column in found if column.type is FieldType.BIRTH_DATE)
    assert birth.date_order == "mdy"


def test_the_seventeen_columns_come_out_by_their_header() -> None:
    made = table(7)
    blank = [""] * ROWS
    cells = [
        made["phone"],
        made["profile_id"],
        made["email"],
        made["first_name"],
        made["last_name"],
        made["gender"],
    ]
    cells += [
        made["active_at"],
        made["birth_date"],
        made["location"],
        made["hometown"],
        made["relationship"],
        blank,
    ]
    cells += [made["employer"], blank, blank, made["active_at"], blank]
    found = infer_columns(pl.DataFrame({str(index): column for index, column in enumerate(cells)}), SEVENTEEN)
    assert [column.name for column in found] == SEVENTEEN
    expected = "phone profile_id email first_name last_name gender registered_at birth_date location hometown"
    expected += " relationship education employer friend_link friend_link active_at registered_at"
    assert labels(found) == expected.split()


def test_the_eleven_columns_come_out_by_their_header() -> None:
    made = table(8, code="21355000")
    links = [f"https://www.example.org/{cell}" for cell in made["profile_id"]]
    cells = [made["profile_id"], made["phone"], made["first_name"], made["last_name"], made["email"]]
    cells += [
        made["birth_date"],
        made["gender"],
        ["fr_FR", "ar_AR"] * (ROWS // 2),
        made["hometown"],
        made["location"],
    ]
    found = infer_columns(
        pl.DataFrame({str(index): column for index, column in enumerate([*cells, links])}), ELEVEN
    )
    assert (
        labels(found)
        == (
            "profile_id phone first_name last_name email birth_date gender language hometown location url"
        ).split()
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("PhoneNumber", "phone"),
        ("user_email", "email"),
        ("fechaNacimiento", "birth_date"),
        ("رقم الهاتف", "phone"),
        ("Prénom", "first_name"),
        ("Sobrenome", "last_name"),
        ("Data di nascita", "birth_date"),
        ("Familienstand", "relationship"),
        ("Дата рождения", "birth_date"),
        ("DOĞUM YERİ", "hometown"),
        ("Jenis Kelamin", "gender"),
        ("zip-code", "postcode"),
        ("iban", "bank_account"),
        ("фио", "full_name"),
        ("phone2", "phone"),
        ("qwx", "unknown"),
        ("", "unknown"),
    ],
)
def test_names_of_columns_are_read_in_ten_languages(name: str, label: str) -> None:
    assert headers.meanings([name])[0].type.label == label


@pytest.mark.parametrize(
    "header",
    [
        "phone,name,email",
        "هاتف,الاسم,البريد",
        "teléfono,nombre,correo",
        "téléphone,nom,courriel",
        "telefone,nome,e-mail",
        "cellulare,cognome,posta elettronica",
        "Telefonnummer,Nachname,E-Mail-Adresse",
        "телефон,фамилия,почта",
        "telefon,soyadı,e-posta",
        "no_hp,nama,surel",
    ],
)
def test_a_header_is_known_in_ten_languages(header: str) -> None:
    made = table(1)
    below = pl.DataFrame({"a": made["phone"], "b": made["last_name"], "c": made["email"]})
    assert infer_header(header.split(","), below)


def test_a_file_of_words_without_a_header_keeps_its_first_row() -> None:
    made = table(2)
    below = pl.DataFrame({"a": made["first_name"], "b": made["last_name"], "c": made["gender"]})
    assert not infer_header(["Ada", "Lovelace", "female"], below)
    assert not infer_header(list(below.row(0)), below.slice(1))


def test_a_first_row_with_an_address_in_it_is_data() -> None:
    made = table(3)
    below = pl.DataFrame({"a": made["phone"], "b": made["email"]})
    assert not infer_header(["phone", "ada@example.org"], below)
    assert not infer_header(["", ""], below)


def test_cells_that_show_themselves_overrule_their_header() -> None:
    made = table(4)
    addresses = [f"user{index}@example.org" for index in range(ROWS)]
    found = infer_columns(pl.DataFrame({"a": addresses, "b": made["gender"]}), ["phone", "name"])
    assert labels(found) == ["email", "gender"]


def test_a_header_that_no_cell_bears_out_is_unknown_rather_than_believed() -> None:
    words = [f"zq{index % 17} vk" for index in range(ROWS)]
    (found,) = infer_columns(pl.DataFrame({"a": words}), ["ip_address"])
    assert found.type is not FieldType.IP_ADDRESS
    assert found.confidence < 0.5


def test_an_empty_column_is_its_header_or_unknown() -> None:
    blank = pl.DataFrame({"a": [""] * 10, "b": [None] * 10}, schema={"a": pl.String, "b": pl.String})
    assert labels(infer_columns(blank, ["religion", "political views"])) == ["religion", "politics"]
    assert labels(infer_columns(blank, None)) == ["unknown", "unknown"]
    assert labels(infer_columns(pl.DataFrame({"a": []}, schema={"a": pl.String}), None)) == ["unknown"]


@pytest.mark.parametrize("names", [["phone"], ["phone", "", "e-mail", "more", "and more"], []])
def test_a_header_of_another_length_names_the_columns_that_it_reaches(names: list[str]) -> None:
    made = table(10)
    cells = pl.DataFrame({"a": made["phone"], "b": made["gender"], "c": made["email"]})
    assert labels(infer_columns(cells, names)) == ["phone", "gender", "email"]


def test_a_frame_without_columns_has_no_types() -> None:
    assert infer_columns(pl.DataFrame(), None) == ()
    assert infer_columns(pl.DataFrame(), ["phone"]) == ()
    assert not infer_header([], pl.DataFrame())


def test_digits_of_scripts_that_no_date_is_read_in_are_no_dates() -> None:
    cells = pl.DataFrame({"a": ["\u07c0", "\u07c1\u07c2", "\u0e51"] * 20})
    assert labels(infer_columns(cells, None)) == ["unknown"]


def test_a_column_is_measured_by_itself_whatever_stands_beside_it() -> None:
    made = table(11)
    columns = [pl.Series(name, made[name], pl.String) for name in made]
    blank = pl.Series("blank", [""] * ROWS)
    together = measure([blank, *columns, *columns[::-1]])
    alone = [measure([column])[0] for column in columns]
    assert together[0].rows == 0
    for found in (together[1 : len(alone) + 1], together[: -len(alone) - 1 : -1]):
        for one, other in zip(found, alone, strict=True):
            assert one.shares == pytest.approx(other.shares)
            assert (one.rows, one.distinct, one.dates) == (other.rows, other.distinct, other.dates)


def test_an_address_and_a_word_of_mixed_characters_are_a_login_with_its_password() -> None:
    chance = random.Random(5)
    words = ["".join(chance.choices("abcdefgh123456!", k=9)) for _ in range(ROWS)]
    addresses = [f"user{index}@example.org" for index in range(ROWS)]
    assert labels(infer_columns(pl.DataFrame({"a": addresses, "b": words}), None)) == ["email", "password"]
    assert labels(infer_columns(pl.DataFrame({"b": words, "a": addresses}), None)) == ["password", "email"]


def test_profile_ids_seconds_and_phones_are_told_apart() -> None:
    chance = random.Random(6)
    frame = pl.DataFrame(
        {
            "ids": [str(chance.randrange(500_090_001, 1_777_798_795)) for _ in range(ROWS)],
            "long ids": [str(100_000_000_000_004 + chance.randrange(10**9)) for _ in range(ROWS)],
            "seconds": [str(chance.randrange(1_200_000_000, 1_600_000_000)) for _ in range(ROWS)],
            "phones": [f"+4915{chance.randrange(10**9):09}" for _ in range(ROWS)],
            # Documents, orders and accounts of banks look like that too.
            "eleven digits": [str(chance.randrange(10**10, 10**11)) for _ in range(ROWS)],
        }
    )
    assert labels(infer_columns(frame, None)) == [
        "profile_id",
        "profile_id",
        "active_at",
        "phone",
        "unknown",
    ]


def test_equal_names_are_made_unique_by_a_number() -> None:
    made = table(9)
    found = infer_columns(pl.DataFrame({"a": made["phone"], "b": made["phone"]}), None)
    assert [column.name for column in found] == ["phone", "phone_2"]


@given(
    st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=8),
    st.one_of(st.none(), st.lists(st.text(max_size=10), min_size=3, max_size=3)),
)
def test_any_cells_and_names_give_one_column_each(rows: list[list[str]], header: list[str] | None) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "c": pl.String}, orient="row")
    found = infer_columns(frame, header)
    assert [column.index for column in found] == [0, 1, 2]
    assert all(0 <= column.confidence <= 1 for column in found)
    assert len({column.name for column in found}) == 3
    infer_header(header or ["", "", ""], frame)
