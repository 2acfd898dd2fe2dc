"""Lists of credentials: passwords with any delimiter in them are accepted, not repaired."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import Dump
from floodmark.dumps import read as open_dump
from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.layouts import resolve_all
from floodmark.dumps.plan import Plan, rest_column
from floodmark.dumps.raw_cells import cells_one_by_one
from floodmark.identifiers import FieldType

NAMES = "ada bob cyd dana eve frank gina hugo ivy jon kim lea max nora otto pia quin rosa sam tina uma vera".split()
WORDS = "sunshine dragon monkey qwerty letmein football Kx9!z hunter summer".split()


class People:
    """Made-up credentials, some with the delimiter in the password."""

    def __init__(self, delimiter: str) -> None:
        self.draw = random.Random(7)
        self.delimiter = delimiter

    def user(self) -> str:
        return f"{self.draw.choice(NAMES)}.{self.draw.choice(NAMES)}{self.draw.randrange(100)}"

    def email(self) -> str:
        return f"{self.user()}@{self.draw.choice(['example.com', 'example.org'])}"

    def password(self) -> str:
        text = f"{self.draw.choice(WORDS)}{self.draw.randrange(10_000)}"
        for _ in range(self.draw.choice([0] * 35 + [1, 2, 3])):
            at = self.draw.randrange(len(text) + 1)
            text = text[:at] + self.delimiter + text[at:]
        return text

    def site(self) -> str:
        scheme = self.draw.choice(["https://", "http://", ""])
        return f"{scheme}{self.draw.choice(NAMES)}.example{self.draw.choice(['', '/login', '/a?b=c'])}"

    def hash(self) -> str:
        return f"{self.draw.getrandbits(128):032x}"

    def row(self, form: str) -> tuple[str, ...]:
        return tuple(getattr(self, name)() for name in form.split(","))


def read(folder: Path, lines: list[str]) -> tuple[Dump, list[tuple[str, ...]]]:
    path = folder / "list.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    dump = open_dump(path)
    return dump, [row for frame in dump.batches() for row in frame.rows()]


@pytest.mark.parametrize("delimiter", [":", ";", "|", "\t"])
@pytest.mark.parametrize(
    "form",
    [
        "email,password",
        "user,password",
        "site,user,password",
        "site,email,password",
        "password,email",
        "email,password,site",
        "email,hash,password",
    ],
)
def test_every_line_of_a_list_is_accepted_as_it_was_written(
    form: str, delimiter: str, tmp_path: Path
) -> None:
    people = People(delimiter)
    rows = [people.row(form) for _ in range(600)]
    dump, found = read(tmp_path, [delimiter.join(row) for row in rows])
    assert found == rows
    assert dump.accounting.lines == {"accepted": 600, "repaired": 0, "quarantined": 0, "skipped": 0}
    assert dump.grammar.rest


def letters(number: int) -> str:
    return f"w{number * 7919 % 5000}"


def often(delimiter: str, number: int, every: int) -> str:
    """A password that has the delimiter but for one in so many."""
    inside = ["", delimiter, f"{delimiter}q{delimiter}", delimiter * 2][number % 4] if number % every else ""
    return f"p{inside}{letters(number)}"


@pytest.mark.parametrize("delimiter", [":", ";", "|", "\t", ","])
@pytest.mark.parametrize("every", [2, 5])
@pytest.mark.parametrize(
    "form",
    [
        "{site}{d}{mail}{d}{secret}",
        "{site}{d}{mail_or_phone}{d}{secret}",
        "shop.example/signin.php{d}user{i}{d}{secret}",
        "{mail}{d}{secret}{d}https://shop.example/a",
        "{mail}{d}{secret}",
        "+447911{i:06d}{d}{secret}",
        "{secret}{d}{mail}",
    ],
)
def test_delimiters_in_most_passwords_lose_no_line(
    form: str, every: int, delimiter: str, tmp_path: Path
) -> None:
    lines = [
        form.format(
            d=delimiter,
            i=i,
            site=["https://accounts.example/login", "https://b.example/path?x=1&y=2"][i % 3 == 0],
            mail=f"user{i}@example.org",
            mail_or_phone=[f"user{i}@example.org", f"+447911{i:06d}"][i % 2],
            secret=often(delimiter, i, every),
        )
        for i in range(300)
    ]
    dump, rows = read(tmp_path, lines)
    grammar = dump.grammar
    assert (grammar.delimiter, grammar.rest) == (delimiter, True)
    assert [delimiter.join(row) for row in rows] == lines
    assert [row[grammar.names.index("password")] for row in rows] == [
        often(delimiter, i, every) for i in range(300)
    ]
    assert grammar.confidence > 0.95
    assert {column.type for column in grammar.columns} <= {
        *(FieldType.URL, FieldType.EMAIL, FieldType.PHONE, FieldType.USERNAME, FieldType.PASSWORD)
    }


@pytest.mark.parametrize("end", [" ", "\t", "|", ";", ","])
def test_sites_may_end_with_another_delimiter(end: str, tmp_path: Path) -> None:
    sites = ["https://a.example/login", "http://b.example:8080/x?y=1", "https://c.example"]
    rows = [(sites[i % 3], f"user{i}@example.org", often(":", i, 5)) for i in range(300)]
    dump, found = read(tmp_path, [f"{site}{end}{login}:{secret}" for site, login, secret in rows])
    assert found == rows
    assert [column.type for column in dump.grammar.columns] == [
        *(FieldType.URL, FieldType.EMAIL, FieldType.PASSWORD)
    ]
    assert dump.accounting.total_bytes == (tmp_path / "list.txt").stat().st_size


def test_a_list_cut_at_any_byte_is_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    whole = "".join(
        f"https://a.example:81/in user{i}@b.example:{often(':', i, 5)}\n" for i in range(9)
    ).encode()
    for end in range(whole.index(b"\n"), len(whole), 7):  # in nine lines alike, each place of a line
        path.write_bytes(whole[:end])
        dump = open_dump(path)
        assert sum(frame.height for frame in dump) == dump.accounting.lines["accepted"]
        assert dump.accounting.total_bytes == end


@pytest.mark.parametrize("first", ["login:password", "", "shared with friends only", "# a list"])
def test_what_stands_above_credentials_is_no_record(first: str, tmp_path: Path) -> None:
    lines = [f"user{i}@example.org:{often(':', i, 5)}" for i in range(300)]
    dump, rows = read(tmp_path, [first, *lines])
    assert [":".join(row) for row in rows] == lines
    assert dump.grammar.header == (first == "login:password")
    assert dump.accounting.lines["quarantined"] == 0


def test_a_line_that_is_no_credential_is_quarantined(tmp_path: Path) -> None:
    lines = [f"user{i}@example.org:{often(':', i, 5)}" for i in range(300)]
    dump, rows = read(tmp_path, [*lines, "nothing"])
    assert len(rows) == 300
    assert dump.accounting.of("quarantined", "too-few-cells").lines == 1


def test_ports_and_applications_belong_to_the_address(tmp_path: Path) -> None:
    people = People(":")
    rows = [people.row("site,user,password") for _ in range(200)]
    odd = [
        ("https://a.example:8443/login", "ada", "x1"),
        ("android://h4sh==@com.example.app/", "bob", "x2:y"),
        ("b.example:8080/login", "cyd", "x3"),
    ]
    assert read(tmp_path, [":".join(row) for row in [*rows, *odd]])[1] == [*rows, *odd]


def test_an_address_without_credentials_is_quarantined(tmp_path: Path) -> None:
    people = People(":")
    rows = [":".join(people.row("site,user,password")) for _ in range(200)]
    dump, found = read(tmp_path, [*rows, "https://a.example:ada"])
    assert len(found) == 200
    assert dump.accounting.of("quarantined", "too-few-cells").lines == 1


def test_quotes_in_passwords_are_text(tmp_path: Path) -> None:
    people = People(";")
    rows = [*(people.row("email,password") for _ in range(300)), ("eve@example.com", '"quoted";"')]
    assert read(tmp_path, [";".join(row) for row in rows])[1] == rows


@pytest.mark.parametrize(
    "lines",
    [
        [f"{i},Ada Lovelace,London,2018-01-0{i % 9 + 1}" for i in range(300)],
        [f'"{i}";"ada{i}@example.com";"secret;{i}x"' for i in range(300)],
        [f"ada{i}@example.com,London,{i},x,y" for i in range(300)],
        [f"ada{i}@example.com:Ada:Lovelace{i}" + ":x" * (i % 30 == 0) for i in range(300)],
        [f"ada{i}@example.com|Ada Lovelace{'|aka Countess' * (i % 2)}" for i in range(300)],
        [f"ada{i}@example.com,2018-01-0{i % 9 + 1}{',late' * (i % 2)}" for i in range(300)],
        [f"https://shop.example/{i},{['Ada', 'Bob'][i % 2]},{i * 7}{',x' * (i % 2)}" for i in range(300)],
        [f"INFO:module.{i % 7}:step {i}{': done' * (i % 2)}" for i in range(300)],
        [
            f"ada{i}@example.com;{';'.join(['red', 'green', 'blue', 'x1'][i % 3 : i % 3 + 1 + i % 2])}"
            for i in range(300)
        ],
        [f"{i:032x}:{i * 7}{':a' * (i % 2)}" for i in range(300)],
    ],
)
def test_other_tables_keep_their_delimiters(lines: list[str], tmp_path: Path) -> None:
    assert not read(tmp_path, lines)[0].grammar.rest


def test_the_rest_is_the_passwords_column_or_the_last() -> None:
    assert rest_column([FieldType.PASSWORD, FieldType.EMAIL]) == 0
    assert rest_column([FieldType.EMAIL, FieldType.UNKNOWN]) == 1


def plan(*types: FieldType) -> Plan:
    columns = tuple(Column(i, f"c{i}", kind, 1.0) for i, kind in enumerate(types))
    return Plan.of(
        Grammar("delimited", "plain", "utf-8", False, ":", None, "lf", False, 0, (), columns, 1.0, rest=True)
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("ab:/hps.1", max_size=14), min_size=1, max_size=6))
def test_whatever_is_kept_is_the_line_again(lines: list[str]) -> None:
    for types in (
        (FieldType.EMAIL, FieldType.PASSWORD),
        (FieldType.PASSWORD, FieldType.EMAIL),
        (FieldType.URL, FieldType.USERNAME, FieldType.PASSWORD),
        (FieldType.EMAIL, FieldType.PASSWORD, FieldType.URL),
    ):
        raw = cells_one_by_one(lines, ":", None, 16)
        found = resolve_all(raw.frame, raw.counts, plan(*types))
        kept = [line for line, is_kept in zip(lines, found.kept.tolist(), strict=True) if is_kept]
        assert [":".join(row) for row in found.cells.rows()] == kept
