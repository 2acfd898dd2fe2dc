from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import checks, password_hashes

CASES: list[tuple[Callable[[pl.Expr], pl.Expr], list[str], list[str]]] = [
    (
        checks.luhn,
        ["79927398713", "00", "4111111111111111"],
        ["79927398710", "0", "x", "", "4111 1111 1111 1111"],
    ),
    (
        checks.card_number,
        [
            "4111111111111111",
            "5105-1051-0510-5100",
            "378282246310005",
            "30569309025904",
            "6011 1111 1111 1117",
        ],
        ["4111111111111112", "1111111111111117", "411111111111", "447700900123"],
    ),
    (checks.imei, ["490154203237518", "49-015420-323751-8"], ["490154203237519", "4901542032375180"]),
    (
        checks.iban,
        [
            "GB82 WEST 1234 5698 7654 32",
            "DE89370400440532013000",
            "NO9386011117947",
            "mt84malt011000012345mtlcast001s",
        ],
        ["DE89370400440532013001", "DE8937040044053201300", "ZZ89370400440532013000", "GB82", ""],
    ),
    (
        checks.ipv4,
        ["192.0.2.1", "0.0.0.0", "255.255.255.255:443"],
        ["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4"],
    ),
    (
        checks.ipv6,
        ["2001:db8::1", "::", "::1", "1:2:3:4:5:6:7:8", "[::1]", "::ffff:192.0.2.1", "fe80::1:2", "1::"],
        ["12:30:00", "1:2:3:4:5:6:7", "1::2::3", "10:20:30:40:50:60", "12345::"],
    ),
    (
        checks.uuid,
        ["123e4567-e89b-12d3-a456-426614174000", "{123E4567-E89B-12D3-A456-426614174000}"],
        ["123e4567"],
    ),
    (
        checks.mac,
        ["02:00:5e:10:00:00", "02-00-5E-10-00-00", "0200.5e10.0000"],
        ["02:00:5e:10:00", "12:30:00"],
    ),
    (
        checks.url,
        ["https://example.org/a", "www.example.org", "HTTP://X.ORG"],
        ["example.org", "https://", "http://a b"],
    ),
    (
        checks.picture_url,
        ["https://img.example.org/a.JPG?x=1", "https://a.example/photo/1"],
        ["https://a.example/b"],
    ),
    (
        checks.coordinates,
        ["30.0444, 31.2357", "-33.8688;151.2093", "(1.5 103.5)", "-33.8688"],
        ["95.1, 0.1", "12.5", "1999", "1.2.3.4"],
    ),
    (
        password_hashes.password_hash,
        [
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "5F4DCC3B5AA765D61D8327DEB882CF99:salt",
            "$2y$10$" + "a" * 53,
            "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA",
            "*" + "A" * 40,
            "$6$salt$" + "b" * 86,
        ],
        ["a" * 31, "a" * 41, "password", "aF" * 16],
    ),
]


@pytest.mark.parametrize(("check", "good", "bad"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_passes_the_good_and_fails_the_bad(
    check: Callable[[pl.Expr], pl.Expr], good: list[str], bad: list[str]
) -> None:
    frame = pl.DataFrame({"cell": good + bad})
    assert frame.select(check(pl.col("cell"))).to_series().to_list() == [True] * len(good) + [False] * len(
        bad
    )


@given(st.integers(min_value=1, max_value=10**17))
def test_one_check_digit_of_ten_satisfies_luhn(number: int) -> None:
    frame = pl.DataFrame({"cell": [f"{number}{digit}" for digit in range(10)]})
    assert frame.select(checks.luhn(pl.col("cell")).sum()).item() == 1


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_an_iban_made_by_the_rule_passes_and_its_neighbour_fails(account: int) -> None:
    body = f"{account:018d}"
    check = 98 - int(body + "131400") % 97  # D = 13, E = 14
    frame = pl.DataFrame({"cell": [f"DE{check:02d}{body}", f"DE{(check + 1) % 100:02d}{body}"]})
    assert frame.select(checks.iban(pl.col("cell"))).to_series().to_list() == [True, False]
