"""Watch lists: what is read, and what is said of the rest."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure import NothingToWatch, Wish, read_watch_list
from floodmark.exposure.watch import MOST_LISTED


@pytest.fixture
def watch_file(tmp_path):
    def write(content):
        path = tmp_path / "watch.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def entries_of(watch):
    return {kind: sorted(map(str, index.values.to_list())) for kind, index in watch.entries.items()}


def bad_of(watch):
    return [(bad.line, bad.column, bad.reason) for bad in watch.bad.first]


def test_a_plain_list_may_mix_all_kinds_that_tell_themselves(watch_file):
    path = watch_file("Ada@Example.org\n@example.com\nexample.net\n+4420*\n+44 20 7031 3000\n")
    watch = read_watch_list(path)
    assert entries_of(watch) == {
        "phone": ["442070313000"],
        "email": ["ada@example.org"],
        "domain": ["example.com", "example.net"],
        "prefix": ["4420"],
    }
    assert (watch.header, watch.lines, watch.bad.total) == (False, 5, 0)


def test_columns_of_identifiers_are_found_and_others_left_alone(watch_file):
    path = watch_file(
        "No,Name,E-Mail,Mobile,Born\n"
        '1,"Doe, A",a@example.org,+442070313000,1984-02-29\n'
        "2,B,b@example.org,+442070313001,1990-01-01\n"
    )
    watch = read_watch_list(path)
    assert [(column.index, column.reads, column.heading) for column in watch.columns] == [
        (2, "any", "E-Mail"),
        (3, "any", "Mobile"),
    ]
    assert watch.header and watch.counts == {"phone": 2, "email": 2}


def test_a_heading_that_is_known_is_believed_so_that_a_missing_region_shows(watch_file):
    path = watch_file("name;phone\nA;020 7031 3000\nB;020 7031 3001\n")
    assert read_watch_list(path, region="GB").counts == {"phone": 2}
    with pytest.raises(NothingToWatch) as caught:
        read_watch_list(path)
    assert "2 no-region" in caught.value.message


def test_user_names_and_profile_ids_are_read_where_a_heading_or_a_kind_says_so(watch_file):
    with_heading = watch_file("username,profile id,row\nada.l,100000000000004,1\nbob,100000000000005,2\n")
    assert read_watch_list(with_heading).counts == {"profile_id": 2, "username": 2}
    without = watch_file("ada.l,100000000000004,1\nbob,100000000000005,2\n")
    with pytest.raises(UsageError):
        read_watch_list(without)
    wishes = [Wish.parse("1=username"), Wish.parse("2=profile-id")]
    assert read_watch_list(without, wishes).counts == {"profile_id": 2, "username": 2}


def test_short_numbers_of_somebodys_own_list_are_no_profile_ids(watch_file):
    watch = read_watch_list(watch_file("id,mail\n1,a@example.org\n2,b@example.org\n"))
    assert watch.counts == {"email": 2}


def test_a_column_can_be_named_by_heading_or_number(watch_file):
    path = watch_file("Kontakt,Nummer\na@example.org,+442070313000\n")
    for text, kind in (("kontakt", "email"), ("2", "phone"), ("Nummer=phone", "phone"), ("1=email", "email")):
        watch = read_watch_list(path, [Wish.parse(text)])
        assert watch.counts == {kind: 1} and watch.header


@pytest.mark.parametrize("text", ["Telefon", "3", "0", "1=shoe", "=phone", ""])
def test_a_column_that_is_not_there_is_an_error(watch_file, text):
    path = watch_file("Kontakt,Nummer\na@example.org,+442070313000\n")
    with pytest.raises(UsageError):
        read_watch_list(path, [Wish.parse(text)])


def test_a_number_names_a_column_even_where_a_cell_says_the_same(watch_file):
    watch = read_watch_list(watch_file("1,a@example.org\n2,b@example.org\n"), [Wish.parse("2")])
    assert (watch.header, watch.counts) == (False, {"email": 2})


def test_bad_rows_are_listed_by_line_and_reason_and_the_rest_counts(watch_file):
    path = watch_file(
        b"mail,phone,\xc3\xa9tat\n"
        b"a@example.org,+442070313000\n"
        b"\n"
        b"nobody,12\n"
        b"b@example.org\n"
        b"A@EXAMPLE.ORG,\n"
        b"caf\xff@example.org,4.47E+11\n"
        b'"c@example.org,+442070313001\n' + b"d" * 600 + b"@example.org,\n" + b"e" * 70_000 + b"\n"
        b"f\0@example.org,+442070313002\n"
    )
    watch = read_watch_list(path)
    assert watch.counts == {"phone": 2, "email": 2}
    assert watch.duplicates == 1
    assert bad_of(watch) == [
        (4, 1, "no-identifier"),
        (4, 2, "too-short"),
        (5, 2, "missing-cell"),
        (7, 1, "undecodable"),
        (7, 2, "lost-digits"),
        (8, 0, "open-quote"),
        (9, 1, "too-long"),
        (10, 0, "too-long"),
        (11, 1, "no-email-address"),
    ]
    assert watch.bad.total == 9


def test_the_list_of_bad_rows_is_bounded_and_their_number_is_not(watch_file):
    watch = read_watch_list(watch_file("a@example.org\n" + "@\n" * (MOST_LISTED + 5)), [Wish("1", "email")])
    assert watch.bad.total == MOST_LISTED + 5
    assert len(watch.bad.first) == MOST_LISTED


@pytest.mark.parametrize(
    "content",
    [
        "hello\n",
        "Name;E-Mail;Mobile\n",
        "Kunde;Ort\n\n",
        "sep=;\nKunde;Ort\n",
        "E-Mail",
        '"Name","Phone"\n',
        "=cmd|' /C calc'!A0\n@SUM(1)\n",
        '"\n"\n"\n',
        "\x01\x02\x03\n",
    ],
)
def test_a_file_without_a_good_row_is_nothing_to_watch(watch_file, content):
    with pytest.raises(NothingToWatch) as caught:
        read_watch_list(watch_file(content))
    assert caught.value.exit_code == 3
    assert content.strip() not in caught.value.message


def test_an_unknown_region_is_an_error(watch_file):
    with pytest.raises(UsageError):
        read_watch_list(watch_file("020 7031 3000\n"), [Wish("1", "phone")], region="XX")


def test_more_entries_join_without_a_line_and_keep_those_that_have_one(watch_file):
    watch = read_watch_list(watch_file("example.org\n"))
    index = watch.joined(
        "domain", watch.entries["domain"].values.append(watch.entries["domain"].values)
    ).entries
    assert index["domain"].lines.tolist() == [1]


SECRET = "zq7Secret"


def test_a_prefix_that_no_number_has_is_a_bad_row_of_its_own_kind(watch_file):
    watch = read_watch_list(watch_file("+4420*\n+999*\n+44074*\n+x*\n+44 (0)74*\n"))
    assert entries_of(watch) == {"prefix": ["4420", "4474"]}
    assert bad_of(watch) == [
        (2, 1, "unassigned-prefix"),
        (3, 1, "unassigned-prefix"),
        (4, 1, "no-number-prefix"),
    ]


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16-le", "cp1252"]))
def test_hostile_bytes_give_a_list_or_an_error_of_ours_that_repeats_nothing(
    tmp_path_factory, noise, encoding
):
    path = tmp_path_factory.mktemp("hostile") / "watch.csv"
    path.write_bytes(noise + f'\n"{SECRET}@\n{SECRET}\n'.encode(encoding))
    try:
        read_watch_list(path)
    except FloodmarkError as error:
        assert SECRET not in "".join(traceback.format_exception_only(error)) + error.hint


@pytest.mark.parametrize("rows", [200_000])
def test_memory_grows_by_columns_not_by_objects(watch_file, rows):
    import tracemalloc

    path = watch_file("".join(f"user{row}@example.org\n" for row in range(rows)))
    tracemalloc.start()
    try:
        watch = read_watch_list(path)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert watch.counts == {"email": rows}
    # Python's own share: hashes and lines, 16 bytes an entry, and no object for any of them.
    assert held < 24 * rows + (4 << 20)


@pytest.mark.parametrize(
    ("first", "header"),
    [("Kontakte", True), ("#;Kontakt", True), ("+999 123 456 789", False), ("ada@", False), ("0*", False)],
)
def test_a_first_line_that_is_meant_as_an_entry_is_no_heading(watch_file, first, header):
    width = first.count(";") + 1
    row = ";".join(["x"] * (width - 1) + ["a@example.org"])
    watch = read_watch_list(watch_file(f"{first}\n" + f"{row}\n" * 3))
    assert watch.header is header
    assert watch.bad.total == (0 if header else 1)


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_header_and_one_row_are_told_apart_with_and_without_a_last_line_end(watch_file, end):
    watch = read_watch_list(watch_file(f"Kontakt;Kunde\na@example.org;Ada{end}"))
    assert (watch.header, watch.counts, watch.lines) == (True, {"email": 1}, 2)


def test_customer_numbers_dates_and_internet_addresses_are_not_taken_for_telephone_numbers(watch_file):
    rows = "".join(
        f"301234{n:02d};0{n % 9 + 1}.02.1990;37.123.145.{n};c{n}@example.org\n" for n in range(10, 60)
    )
    for heading in ("Kundennummer;d;x;Mail\n", "Nr;d;x;Mail\n", ""):
        watch = read_watch_list(watch_file(heading + rows), region="DE")
        assert [column.index for column in watch.columns] == [3]
        assert watch.counts == {"email": 50}


def test_a_line_that_names_the_separator_is_obeyed_and_is_no_row(watch_file):
    watch = read_watch_list(
        watch_file("sep=;\r\nKontakt;Kunde, Ort\r\na@example.org;A, B\r\n"), [Wish("Kontakt")]
    )
    assert (watch.header, watch.counts, watch.bad.total, watch.lines) == (True, {"email": 1}, 0, 3)
