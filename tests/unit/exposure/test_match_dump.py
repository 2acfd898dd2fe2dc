"""Matching dumps, against plain loops over their records."""

from __future__ import annotations

import gzip
import random

import pytest

from floodmark.errors import LimitExceeded, NothingToRead, UnreadableInput
from floodmark.exposure import DumpOptions, Wish, match_dumps
from floodmark.exposure.field_masks import labels_of


def hits_of(matched):
    """What was found, as {(kind, identifier): (rows, labels)}."""
    found = {}
    for kind, hits in matched.hits.items():
        values = matched.watch.entries[kind].values.gather(hits.entries).to_list()
        for value, mask, rows in zip(values, hits.fields.tolist(), hits.rows.tolist(), strict=True):
            found[kind, f"+{value}" if kind == "phone" else value] = rows, set(labels_of(mask))
    return found


def test_watched_identifiers_are_found_with_their_rows_and_field_types(known, watching_for, matched_in):
    some = random.Random(1)
    told = [name for kind, name in known if kind in ("phone", "email")]
    watched = [*some.sample(told, 200), *(f"+44790012{n:04d}" for n in range(50)), "nobody@nowhere.example"]
    matched = matched_in(watching_for(*watched))
    assert hits_of(matched) == {one: value for one, value in known.items() if one[1] in watched}
    assert matched.found and matched.synthetic and matched.mode == "dump"


def test_profile_ids_and_all_rows_of_them_are_found(known, watching_for, matched_in):
    ids = [name for kind, name in known if kind == "profile_id"]
    matched = matched_in(watching_for(*ids, wishes=[Wish("1", "profile_id")]))
    assert hits_of(matched) == {one: value for one, value in known.items() if one[0] == "profile_id"}
    assert [count.found for count in matched.kinds] == [len(ids)]


def test_domains_and_prefixes_count_what_is_under_them(known, watching_for, matched_in):
    addresses = {name: value for (kind, name), value in known.items() if kind == "email"}
    numbers = {name: value for (kind, name), value in known.items() if kind == "phone"}
    domains = sorted({name.partition("@")[2] for name in addresses})[:5]
    watched = [*domains, domains[0].split(".", 1)[-1] if domains[0].count(".") > 1 else "nowhere.example"]
    prefixes = ["+20*", "+201*", "+39*", "+290*"]
    matched = matched_in(watching_for(*watched, *prefixes))
    for line in matched.domains:
        own = [
            value
            for name, value in addresses.items()
            if f".{name.partition('@')[2]}".endswith(f".{line.name}")
        ]
        assert (line.found, line.rows) == (len(own), sum(rows for rows, _ in own))
        assert line.fields == {label: sum(label in labels for _, labels in own) for label in line.fields}
    for line in matched.prefixes:
        own = [value for name, value in numbers.items() if name.startswith(line.name)]
        assert (line.found, line.rows) == (len(own), sum(rows for rows, _ in own))
    assert matched.domains == sorted(matched.domains, key=lambda line: (-line.found, line.name))
    assert matched.domain_counts.sum() == sum(line.found for line in matched.domains)


def test_a_row_with_one_identifier_in_two_columns_is_one_row(tmp_path, watching_for):
    dump = tmp_path / "dump.csv"
    lines = [f"user{n}@example.com,other{n}@example.net,Ada" for n in range(300)]
    dump.write_text(
        "email,second email,first name\n" + "\n".join(lines) + "\nx@example.org,x@example.org,Ada\n"
    )
    matched = match_dumps([("dump.csv", dump)], watching_for("x@example.org", "example.org"))
    assert hits_of(matched) == {("email", "x@example.org"): (1, {"email", "first_name"})}
    assert matched.addresses.rows() == [("x@example.org", matched.hits["email"].fields[0], 1)]


def test_several_files_are_one_target(tmp_path, twin, known, watching_for):
    packed = tmp_path / "twin.txt.gz"
    packed.write_bytes(gzip.compress(twin.read_bytes()))
    watch = watching_for(*[name for kind, name in known if kind == "email"], "example.org")
    once = match_dumps([("a", twin)], watch)
    twice = match_dumps([("a", twin), ("b", packed)], watch, target="both")
    assert {one: (2 * rows, labels) for one, (rows, labels) in hits_of(once).items()} == hits_of(twice)
    assert once.addresses["identifier"].to_list() == twice.addresses["identifier"].to_list()
    assert (twice.target, twice.unread.bytes) == ("both", 2 * once.unread.bytes)


def test_bytes_that_no_grammar_explains_are_said(matched_in, watching_for):
    matched = matched_in(watching_for("example.org"))
    assert 0 < matched.unread.unexplained < matched.unread.bytes / 10


def test_one_bad_file_of_several_is_named_and_alone_it_is_an_error(tmp_path, twin, watching_for):
    bad = tmp_path / "bad.gz"
    bad.write_bytes(gzip.compress(twin.read_bytes())[:-20_000])
    watch = watching_for("example.org")
    with pytest.raises(UnreadableInput):
        match_dumps([("bad.gz", bad)], watch)
    matched = match_dumps([("bad.gz", bad), ("twin.txt", twin)], watch)
    assert matched.unread.problems == (("bad.gz", "unreadable-input"),)
    assert matched.domain_counts[0] >= match_dumps([("twin.txt", twin)], watch).domain_counts[0]


def test_more_than_can_be_kept_under_a_domain_is_refused_with_a_way_out(matched_in, watching_for):
    with pytest.raises(LimitExceeded) as caught:
        matched_in(watching_for("+20*"), options=DumpOptions(most_found=10))
    assert "narrower" in caught.value.hint


def test_no_input_is_nothing_to_read(watching_for):
    with pytest.raises(NothingToRead):
        match_dumps([], watching_for("example.org"))


def test_progress_adds_up_to_the_size_of_the_file(twin, matched_in, watching_for):
    steps = []
    matched_in(watching_for("example.org"), advance=steps.append)
    assert sum(steps) == twin.stat().st_size


def test_an_old_number_in_the_dump_is_found_by_its_new_form(tmp_path, watching_for, brute_force):
    dump = tmp_path / "dump.csv"
    numbers = [f"+5255123456{n:02d},Ada,1984-02-29" for n in range(99)]
    dump.write_text(
        "phone,first name,birth date\n" + "\n".join(numbers) + "\n+5215512345699,Eva,1990-01-01\n"
    )
    assert ("phone", "+525512345699") in brute_force(dump)
    assert match_dumps([("d", dump)], watching_for("+525512345699")).kinds[0].found == 1


def test_a_prefix_of_before_a_renumbering_finds_the_numbers_that_had_it(tmp_path, watching_for):
    dump = tmp_path / "dump.csv"
    lines = [f"+5255123456{n:02d},Ada" for n in range(60)] + [f"+52155123457{n:02d},Ada" for n in range(30)]
    dump.write_text(
        "phone,first name\n" + "\n".join([*lines, "+442070313000,Bob", "+523312345678,Eve"]) + "\n"
    )
    matched = match_dumps([("d", dump)], watching_for("+521*", "+52155*", "+5255*", "+5233*"))
    assert {line.name: line.found for line in matched.prefixes} == {
        "+521": 91,
        "+52155": 90,
        "+5255": 90,
        "+5233": 1,
    }
    assert match_dumps([("d", dump)], watching_for("+5215512345678")).kinds[0].found == 0
    assert match_dumps([("d", dump)], watching_for("+5215512345612")).kinds[0].found == 1


def test_what_was_not_looked_in_is_said(tmp_path, twin, watching_for):
    dump = tmp_path / "dump.csv"
    dump.write_text("phone,x\n" + "".join(f"+4420703130{n:02d},{chr(97 + n % 26)}!{n}\n" for n in range(99)))
    watch = watching_for("example.org", "+442070313000")
    twice = match_dumps([("dump.csv", dump), ("twin.txt", twin)], watch)
    first, second = twice.unread.searched
    assert (first.label, first.columns, first.missing) == ("dump.csv", {"phone": 1, "email": 0}, ["email"])
    assert first.unknown == 1
    assert second.missing == []
