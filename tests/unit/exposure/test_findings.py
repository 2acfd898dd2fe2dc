"""The rows of sealed files: each told to whom they concern, and to nobody else."""

from __future__ import annotations

import csv
import io

import pyrage
import pytest

from floodmark.exposure import (
    Findings,
    Wish,
    match_dumps,
    match_leak,
    read_hand_over,
    read_watch_list,
    watching,
)
from floodmark.exposure.watch import WatchList


def rows(blocks):
    return list(csv.DictReader(io.StringIO(b"".join(blocks).decode())))


@pytest.fixture
def constituents(tmp_path, known):
    key = pyrage.x25519.Identity.generate().to_public()
    domains = sorted({name.partition("@")[2] for kind, name in known if kind == "email"})
    half = len(domains) // 2
    path = tmp_path / "constituents.csv"
    path.write_text(
        "recipient,key,domains,prefixes\n"
        f"North,{key},{' '.join(domains[:half])},+20\n"
        f"South,{key},{';'.join(domains[half:])},+39;+2010\n"
        f"Both,{key},{domains[0]} {domains[-1]},\n"
        f"Nobody,{key},nowhere.example,+290\n"
    )
    return read_hand_over(path)


def test_a_constituent_is_told_all_that_is_theirs_and_nothing_else(matched_in, known, constituents):
    findings = Findings(matched_in(watching(WatchList({}), constituents)))
    for one in constituents:
        own = {
            (kind, name)
            for kind, name in known
            if (kind == "email" and name.partition("@")[2].endswith(tuple(one.domains)))
            or (kind == "phone" and name[1:].startswith(tuple(map(str, one.prefixes))))
        }
        told = [row for row in rows(findings.of(one)) if row["identifier"]]
        assert {(row["kind"], row["identifier"]) for row in told} == own
        assert all(row["line"] == "" for row in told)
        for row in told:
            count, labels = known[row["kind"], row["identifier"]]
            assert (int(row["rows"]), set(row["fields"].split())) == (count, labels)
        share = findings.share(one)
        assert share.addresses == sum(kind == "email" for kind, _ in own)
        assert share.numbers == sum(kind == "phone" for kind, _ in own)


def test_every_domain_and_prefix_has_a_line_that_sums_it_up(matched_in, constituents):
    findings = Findings(matched_in(watching(WatchList({}), constituents)))
    sums = {row["matched"]: int(row["found"]) for row in rows(findings.of(constituents[3]))}
    assert sums == {"nowhere.example": 0, "+290": 0}
    south = rows(findings.of(constituents[1]))
    for row in south:
        if row["found"]:
            assert int(row["found"]) == sum(
                r["matched"] == row["matched"] and r["identifier"] != "" for r in south
            )


def test_everything_has_the_lines_of_the_watch_file(known, watching_for, matched_in):
    addresses = [name for kind, name in known if kind == "email"][:20]
    domain = addresses[0].partition("@")[2]
    found = rows(Findings(matched_in(watching_for(*addresses, domain))).everything())
    by_line = {int(row["line"]): row for row in found if row["identifier"] and not row["matched"]}
    assert {line: row["identifier"] for line, row in by_line.items()} == dict(enumerate(addresses, 1))
    under = [row for row in found if row["matched"] == domain and row["identifier"]]
    assert under and all(row["line"] == "21" for row in under)
    assert all(row["synthetic"] == "synthetic" for row in found)


def test_a_saved_leak_tells_constituents_of_counts_and_of_no_address_that_somebody_else_watches(
    kept, known, constituents, watching_for
):
    addresses = [name for kind, name in known if kind == "email"][:30]
    constituents = [c for c in constituents if c.name in ("Both", "North")]
    constituents = [type(c)(c.name, c.file_name, c.recipients, c.domains, ()) for c in constituents]
    watch = watching(watching_for(*addresses), constituents)
    findings = Findings(match_leak(kept, watch, kept.key, synthetic=False))
    for one in constituents:
        told = [row for row in rows(findings.of(one)) if row["identifier"]]
        assert told == []
        every = [name for kind, name in known if kind == "email"]
        assert findings.share(one).addresses == sum(
            name.partition("@")[2].endswith(tuple(one.domains)) for name in every
        )
    everything = {row["identifier"] for row in rows(findings.everything())} - {""}
    assert everything == set(addresses)


def test_nested_domains_of_one_constituent_are_counted_once(tmp_path, kept, matched_in, known):
    address = next(name for kind, name in known if kind == "email")
    domain = address.partition("@")[2]
    key = pyrage.x25519.Identity.generate().to_public()
    path = tmp_path / "constituents.csv"
    path.write_text(f"recipient,key,domains\nA,{key},{domain} {domain.split('.', 1)[0]}.{domain}\n")
    constituents = read_hand_over(path)
    watch = watching(WatchList({}), constituents)
    shares = [
        Findings(matched).share(constituents[0]).addresses
        for matched in (matched_in(watch), match_leak(kept, watch, kept.key, synthetic=True))
    ]
    wanted = sum(name.partition("@")[2].endswith(domain) for kind, name in known if kind == "email")
    assert shares == [wanted, wanted]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("=cmd|calc", "'=cmd|calc"),
        ("+sum", "'+sum"),
        ("-x", "'-x"),
        ("'quoted", "''quoted"),
        ("@@at", "'@at"),
        ('ada,"l"', 'ada,"l"'),
        ("plain", "plain"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(tmp_path, cell, told):
    quoted = '"' + cell.replace('"', '""') + '"'
    dump = tmp_path / "dump.csv"
    lines = [f"user{n},user{n}@example.com,Ada" for n in range(300)]
    dump.write_text("username,email,first name\n" + "\n".join(lines) + f"\n{quoted},z@example.com,Ada\n")
    watched = tmp_path / "watch.csv"
    watched.write_text(f"username,n\n{quoted},1\n")
    watch = read_watch_list(watched, [Wish("1", "username")])
    found = rows(Findings(match_dumps([("dump.csv", dump)], watch)).everything())
    assert [row["identifier"] for row in found] == [told]
    assert told[1:] == cell.removeprefix("@") or told == cell


def test_an_address_that_begins_like_a_formula_is_made_harmless(tmp_path, watching_for):
    dump = tmp_path / "dump.csv"
    lines = [f"user{n}@example.com,Ada" for n in range(300)]
    dump.write_text("email,first name\n" + "\n".join(lines) + "\n=1+1@example.org,Ada\n")
    found = rows(Findings(match_dumps([("dump.csv", dump)], watching_for("example.org"))).everything())
    assert [row["identifier"] for row in found if row["identifier"]] == ["'=1+1@example.org"]
