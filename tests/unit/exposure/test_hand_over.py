"""Hand-over lists: refused whole when one row is bad, before anything else is read."""

from __future__ import annotations

import pyrage
import pytest

from floodmark.errors import NothingToRead
from floodmark.exposure import BadHandOver, WatchList, read_hand_over, watching


@pytest.fixture(scope="module")
def key():
    return str(pyrage.x25519.Identity.generate().to_public())


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "constituents.csv"
    path.write_bytes(text.encode(encoding))
    return read_hand_over(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_constituents_have_canonical_domains_and_prefixes(tmp_path, key, encoding, delimiter):
    rows = [
        ["Recipient", "KEY", "domains", "prefixes"],
        ["Université A", key, '"Example.ORG @bücher.example"', "+44 20"],
        ["Telco B", f'"{key} {key}"', "", '"+4420*; 0033"'],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    first, second = read(tmp_path, text, encoding)
    assert (first.name, first.file_name) == ("Université A", "Universite-A")
    assert first.domains == ("example.org", "xn--bcher-kva.example")
    assert (first.prefixes, second.prefixes) == ((4420,), (4420, 33))
    assert (len(first.recipients), len(second.recipients)) == (1, 2)


def test_names_become_different_safe_file_names(tmp_path, key):
    names = ["../../etc/passwd", "CERT A", "cert a", "Ω", "-rf", "a" * 300]
    text = "recipient,key,domains\n" + "".join(f'"{name}",{key},example.org\n' for name in names)
    found = [one.file_name for one in read(tmp_path, text)]
    assert found == ["etc-passwd", "CERT-A", "cert-a-2", "recipient-5", "rf", "a" * 60]


def test_every_bad_row_is_named_by_its_line_and_never_repeated(tmp_path, key):
    text = (
        "recipient,key,domains,prefixes\n"
        f"A,{key},example.org,\n"
        "B,age1secretish,example.org,\n"
        f"C,{key},not a domain/,\n"
        f"D,{key},,\n"
        f",{key},example.org,\n"
        "E,,example.org,\n"
        f"F,{key},,0*\n"
        f"G,{key},example.org,+44,extra\n"
    )
    with pytest.raises(BadHandOver) as caught:
        read(tmp_path, text)
    message = caught.value.message
    assert [f"line {line}:" in message for line in range(1, 10)] == [False, False] + [True] * 7
    assert "secretish" not in message and "not a domain/" not in message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "name,key,domains\nA,k,example.org\n",
        "recipient,domains\nA,example.org\n",
        "recipient,key\nA,k\n",
        "recipient,key,domains\n",
        'recipient,key,domains\n"A,k,example.org\n',
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text):
    with pytest.raises(BadHandOver):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("cell", "prefixes"),
    [
        ("+1 212", (1212,)),
        ("+1 (212); 00 44 20*", (1212, 4420)),
        ('"+1 212\n+44 20"', (1212, 4420)),
        ('"+1 212, +44 20"', (1212, 4420)),
        (" +1 212 ;", (1212,)),
    ],
)
def test_a_space_in_a_prefix_belongs_to_the_number(tmp_path, key, cell, prefixes):
    assert read(tmp_path, f"recipient,key,prefixes\nA,{key},{cell}\n")[0].prefixes == prefixes


@pytest.mark.parametrize(
    "cell", ["212", "+1;212", "+39 +3906", "0039 003906", "+39 0044", "1 212", "+", "0", "+999", "+44020"]
)
def test_a_prefix_that_does_not_say_its_country_is_refused(tmp_path, key, cell):
    with pytest.raises(BadHandOver) as caught:
        read(tmp_path, f"recipient,key,prefixes\nA,{key},{cell}\n")
    assert "line 2: " in caught.value.message and "prefix" in caught.value.message


@pytest.mark.parametrize("header", ["recipient,key,domains,Domains", "recipient,KEY,domains,key"])
def test_a_column_named_twice_is_refused_since_one_of_them_would_not_count(tmp_path, key, header):
    cells = {"recipient": "A", "key": key, "domains": "example.org"}
    row = ",".join(cells[name.lower()] for name in header.split(","))
    with pytest.raises(BadHandOver) as caught:
        read(tmp_path, f"{header}\n{row}\n")
    assert "more than one column" in caught.value.message


def test_one_recipient_on_two_rows_is_refused_with_both_lines(tmp_path, key):
    rows = "".join(f"{name},{key},example.org\n" for name in ("A", "B", "Ann  B", "A", "Ann B"))
    with pytest.raises(BadHandOver) as caught:
        read(tmp_path, f"recipient,key,domains\n{rows}")
    assert (
        "line 5: the same recipient as on line 2; line 6: the same recipient as on line 4"
        in caught.value.message
    )


def test_an_empty_file_is_nothing_to_read(tmp_path):
    with pytest.raises(NothingToRead):
        read(tmp_path, "\n")


def test_what_constituents_have_is_watched_for_once(tmp_path, key):
    text = f"recipient,key,domains,prefixes\nA,{key},example.org,\nB,{key},example.org b.example,+44\n"
    watch = watching(WatchList({}), read(tmp_path, text))
    assert watch.counts == {"domain": 2, "prefix": 1}
    assert watch.entries["domain"].lines.tolist() == [0, 0]


def test_a_list_that_is_too_long_is_refused_before_it_is_all_in_memory(tmp_path):
    with pytest.raises(BadHandOver):
        read(tmp_path, "recipient,key,domains\n" + "\n" * 200_000)
    with pytest.raises(BadHandOver) as caught:
        read(tmp_path, "recipient,key,domains\nA,k,example.org\n" + "x" * 70_000 + "\n")
    assert "line 3" in caught.value.message
