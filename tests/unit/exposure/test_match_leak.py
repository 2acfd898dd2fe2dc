"""Matching saved leaks by digests, against the identifiers that they were made of."""

from __future__ import annotations

import random

import pytest

from floodmark.errors import UnreadableInput
from floodmark.exposure import PrefixTooShort, Wish, match_leak
from floodmark.exposure.field_masks import labels_of
from floodmark.identifiers.digests import DigestKey


def test_watched_identifiers_are_found_with_their_field_sets(kept, known, watching_for):
    told = [name for kind, name in known if kind in ("phone", "email")]
    watched = [*random.Random(2).sample(told, 150), "nobody@nowhere.example", "+442070313000"]
    matched = match_leak(kept, watching_for(*watched), kept.key, synthetic=True)
    found = {}
    for kind, hits in matched.hits.items():
        assert hits.rows is None
        values = matched.watch.entries[kind].values.gather(hits.entries).to_list()
        for value, mask in zip(values, hits.fields.tolist(), strict=True):
            found[kind, f"+{value}" if kind == "phone" else value] = set(labels_of(mask))
    assert found == {one: labels for one, (_, labels) in known.items() if one[1] in watched}
    asked = matched.watch.counts
    sizes = {kind: len(kept.digests(kind)) for kind in ("phone", "email")}
    assert matched.false_hits == sum(asked[kind] * sizes[kind] for kind in sizes) / 2**64


def test_profile_ids_of_more_than_64_bits_are_looked_up_too(kept, known, watching_for):
    ids = [name for kind, name in known if kind == "profile_id"][:40]
    watch = watching_for(*ids, "99999999999999999999", wishes=[Wish("1", "profile_id")])
    assert match_leak(kept, watch, kept.key, synthetic=True).kinds[0].found == len(ids)


def test_domains_are_counted_with_those_below_them_and_no_address_is_told(kept, known, watching_for):
    addresses = [name for kind, name in known if kind == "email"]
    domains = sorted({name.partition("@")[2] for name in addresses})[:4]
    matched = match_leak(kept, watching_for(*domains, "nowhere.example"), kept.key, synthetic=True)
    assert matched.addresses is None
    for line in matched.domains:
        own = sum(f".{name.partition('@')[2]}".endswith(f".{line.name}") for name in addresses)
        assert (line.found, line.rows, line.fields) == (own, None, None)


def test_the_numbers_under_a_prefix_are_found_by_trying_all_that_are_valid(kept, known, watching_for):
    numbers = [name for kind, name in known if kind == "phone"]
    prefixes = sorted({number[:8] for number in numbers if number.startswith("+20")})[:3]
    steps = []
    watch = watching_for(*(f"{prefix}*" for prefix in (*prefixes, f"{prefixes[0]}1", "+2901")))
    matched = match_leak(kept, watch, kept.key, synthetic=True, advance=steps.append)
    own = [number for number in numbers if number.startswith(tuple(prefixes))]
    assert sorted(f"+{number}" for number in matched.numbers["number"].to_list()) == sorted(own)
    for line in matched.prefixes:
        assert line.found == sum(number.startswith(line.name) for number in numbers)
        assert line.rows is None
    # The prefix that lies under another one is not tried twice.
    assert sum(steps) < 4 * 10**6


def test_a_prefix_with_too_many_numbers_is_refused_before_anything_is_looked_up(kept, watching_for):
    steps = []
    with pytest.raises(PrefixTooShort) as caught:
        match_leak(kept, watching_for("+20*"), kept.key, synthetic=True, advance=steps.append)
    assert "dump" in caught.value.hint and not steps


def test_another_key_finds_nothing(kept, known, watching_for):
    watch = watching_for(*[name for kind, name in known if kind == "email"])
    assert not match_leak(kept, watch, DigestKey(bytes(32)), synthetic=True).found


def test_a_leak_without_the_kind_has_no_hits(kept, watching_for):
    watch = watching_for("ada.l", wishes=[Wish("1", "username")])
    matched = match_leak(kept, watch, kept.key, synthetic=True)
    assert (matched.found, matched.false_hits) == (False, 0.0)


def test_field_types_of_a_newer_version_are_refused(kept, watching_for):
    class Newer:
        slug, kinds = kept.slug, kept.kinds
        field_sets = (("phone", "telepathy"),)
        digests, fields, domain_counts = kept.digests, kept.fields, kept.domain_counts

    with pytest.raises(UnreadableInput):
        match_leak(Newer(), watching_for("ada@example.org"), kept.key, synthetic=True)
