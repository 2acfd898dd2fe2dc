"""An organisation's file: which rows it has, which of them ask about whom, and what it may not be."""

from __future__ import annotations

import csv
import hashlib
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import NothingToRead, UnreadableInput, UsageError
from floodmark.exposure.check.organisation_table import NobodyToCheck, TellingIds, read_customers
from floodmark.exposure.watch_columns import Wish

CELLS = st.sampled_from(
    [
        "ada@example.org",
        " ADA@EXAMPLE.ORG",
        "+44 20 7946 0001",
        "442079460001",
        "",
        "nobody",
        "a@",
        'qu"oted',
        "x;y",
    ]
)


@pytest.fixture
def read(tmp_path):
    """A function that reads a text as a file."""

    def reading(text, column="contact", **options):
        path = tmp_path / "customers"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_customers(path, Wish.parse(column), **options)

    return reading


def test_each_identifier_is_an_input_once_and_each_row_knows_its_own(read):
    found = read("contact\nbob@example.org\n+44 20 7946 0001\n\nBOB@example.org\n00442079460001\n")
    assert found.inputs.to_list() == ["email:bob@example.org", "phone:+442079460001"]
    assert found.rows.tolist() == [1, 2, 3, 4]
    assert found.which.tolist() == [0, 1, 0, 1]
    assert (found.total, found.ids) == (4, None)


def test_rows_without_a_valid_identifier_are_counted_by_reason_and_keep_their_number(read):
    found = read(
        b"contact,name\nada@,A\n,B\n+44 20,C\nada@example.org,D\n\xff@example.org,E\n"
        + b"x" * 600
        + b",F\nexample.org,G\n",
        encoding="utf-8",
    )
    assert found.rows.tolist() == [4]
    assert dict(found.invalid) == {
        "no-email-address": 1,
        "empty": 1,
        "too-short": 1,
        "undecodable": 1,
        "too-long": 1,
        "no-identifier": 1,
    }
    assert found.total == 7


def test_lines_that_cannot_be_cut_are_rows_so_that_the_others_keep_their_numbers(read):
    found = read('contact,name\n"lost,1\n' + "y" * 70_000 + ",2\nada@example.org,3\n")
    assert found.rows.tolist() == [3]
    assert dict(found.invalid) == {"open-quote": 1, "too-long": 1}


def test_a_file_without_a_heading_has_its_columns_by_number(read):
    found = read("1;+44 20 7946 0001\n2;+44 20 7946 0002\n", "2=phone")
    assert found.rows.tolist() == [1, 2]


def test_a_stated_kind_reads_what_a_cell_alone_would_not_say(read):
    assert read("user\nAda_L\n", "user=username").inputs.to_list() == ["username:ada_l"]
    assert read("id\n00123\nx7\n", "id=profile_id").inputs.to_list() == ["profile_id:123"]


def test_national_numbers_need_a_region(read):
    assert read("contact\n020 7946 0001\n", region="GB").inputs.to_list() == ["phone:+442079460001"]
    with pytest.raises(NobodyToCheck):
        read("contact\n020 7946 0001\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_any_encoding_is_read(read, encoding):
    assert len(read("contact;ort\nada@example.org;Köln\n".encode(encoding)).inputs) == 1


def test_parquet_gives_what_csv_gives(tmp_path, read):
    cells = ["ada@example.org", None, "nobody@", "+44 20 7946 0001", "ADA@example.org"]
    frame = pl.DataFrame({"id": range(5), "Contact": cells})
    frame.write_parquet(tmp_path / "customers.parquet")
    text = read(frame.write_csv(), "contact", id_wish=Wish("id"))
    for column in ("contact", "2"):
        found = read_customers(tmp_path / "customers.parquet", Wish(column), id_wish=Wish("id"))
        assert found.inputs.to_list() == text.inputs.to_list()
        assert (found.rows.tolist(), found.which.tolist()) == (text.rows.tolist(), text.which.tolist())
        assert (found.ids.to_list(), found.invalid, found.total) == (text.ids.to_list(), text.invalid, 5)


def test_numbers_in_parquet_are_read_as_digits(tmp_path):
    pl.DataFrame({"phone": [442079460001]}).write_parquet(tmp_path / "file")
    assert read_customers(tmp_path / "file", Wish("phone", "phone"), region="GB").inputs.to_list() == [
        "phone:+442079460001"
    ]


def test_damaged_parquet_is_refused_in_words_that_quote_nothing(tmp_path):
    path = tmp_path / "file"
    pl.DataFrame({"contact": ["ada@example.org"]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableInput) as caught:
        read_customers(path, Wish("contact"))
    assert caught.value.message == "file cannot be read as Parquet."


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("column", ["nothing", "0", "3"])
def test_a_column_that_does_not_exist_is_refused(tmp_path, form, column):
    frame = pl.DataFrame({"id": [1], "contact": ["ada@example.org"]})
    getattr(frame, f"write_{form}")(tmp_path / "file")
    with pytest.raises(UsageError):
        read_customers(tmp_path / "file", Wish(column))


@pytest.mark.parametrize("text", ["contact\n", "contact\nnobody\n\n", "\n"])
def test_a_file_without_anybody_to_check_is_nothing_to_read(read, text):
    with pytest.raises(NothingToRead):
        read(text)


def test_domains_and_prefixes_are_nobody(read):
    with pytest.raises(UsageError, match="identifiers alone"):
        read("contact\nexample.org\n", "contact=domain")


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (["7", "bob@example.org", "9"], "e-mail addresses"),
        (["+44 20 7946 0002", "+44 20 7946 0003", "7"], "telephone numbers"),
        (["mailto:<bob@example.org>", "8", "9"], "e-mail addresses"),
        (["K-442079460002", "K-442079460003", "7"], "telephone numbers"),
        (["ada_1", "ada_2", "ada_3"], "is what is to be checked"),
    ],
)
def test_ids_by_which_a_person_is_found_are_refused(read, ids, why):
    contacts = ids if why.startswith("is") else ["+44 20 7946 0001", "ada@example.org", "eve@example.org"]
    kind = "=username" if why.startswith("is") else ""
    text = "id,contact\n" + "".join(f"{one},{contact}\n" for one, contact in zip(ids, contacts, strict=True))
    with pytest.raises(TellingIds, match=why) as caught:
        read(text, f"contact{kind}", id_wish=Wish("id"))
    assert "bob" not in caught.value.message


def test_the_column_itself_is_no_column_of_ids(read):
    with pytest.raises(TellingIds):
        read("user\nada_1\n", "user=username", id_wish=Wish("user"))


def test_ids_of_many_digits_are_no_telephone_numbers_by_that(read):
    text = "id,contact\n" + "".join(f"{10**11 + at * 7919},ada{at}@example.org\n" for at in range(500))
    assert len(read(text, id_wish=Wish("id")).ids) == 500


def test_ids_stand_beside_their_rows_as_they_are(read):
    found = read("id,contact\n A-1 ,ada@example.org\n=2,nobody\n007,bob@example.org\n", id_wish=Wish("id"))
    assert found.ids.to_list() == [" A-1 ", "007"]


def test_the_file_is_known_by_all_of_its_bytes(read):
    text = "contact\nada@example.org\n" + "nobody\n" * 1_000_000
    seen = []
    found = read(text, advance=seen.append)
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert sum(seen) == len(text)


@given(st.lists(CELLS, min_size=1, max_size=30))
def test_every_row_asks_or_is_counted(tmp_path_factory, cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["n", "contact"], *enumerate(cells, 1)])
    path = tmp_path_factory.mktemp("file") / "customers.csv"
    path.write_text(out.getvalue())
    try:
        found = read_customers(path, Wish("contact"), id_wish=Wish("n"))
    except NobodyToCheck:
        assert not any("@e" in cell.lower() or "44" in cell for cell in cells)
        return
    assert found.total == len(cells) == len(found.rows) + found.invalid.total()
    assert found.ids.to_list() == [str(row) for row in found.rows]
    for row, which in zip(found.rows, found.which, strict=True):
        kind = "email" if "@" in cells[row - 1] else "phone"
        assert found.inputs[int(which)].startswith(f"{kind}:")
