"""What a keeper keeps of a dump, against a brute-force reading of the same rows."""

import json

import numpy as np
import pytest

from floodmark.identifiers import FieldType, digests
from floodmark.identifiers.digests import DigestKey
from floodmark.triage import triage
from floodmark.triage.keeping import TYPES, Keeper

KEY = DigestKey(bytes(range(32)))


def write(path, rows):
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return path


def kept(paths, key=KEY):
    with Keeper(key) as keeper:
        profile = triage(paths, keeper=keeper)
        found = {}
        for kind in ("phone", "email", "profile_id", "username"):
            found[kind] = {
                int(digest): (types(mask), tuple(values))
                for block in keeper.blocks(kind)
                for digest, mask, values in zip(
                    block.digests, block.masks, block.values.tolist(), strict=True
                )
            }
        domains = {int(d): int(c) for ds, cs in keeper.domain_blocks() for d, c in zip(ds, cs, strict=True)}
    return profile, found, domains


def types(mask):
    return {kind.label for bit, kind in enumerate(TYPES) if int(mask) >> bit & 1}


def value(name, text):
    import polars as pl

    return int(digests.value_digests(name, pl.Series([text]), KEY)[0])


def people(count):
    names = ["Ada", "Maria", "Omar", "Lin", "Ivan"]
    towns = ["Cairo, Egypt", "Lyon, France", "", "Lima, Peru"]
    domains = ["example.org", "mail.example.org", "deep.mail.example.org", "other.example"]
    return [
        {
            "phone": f"+4474001{i % 700:05d}",
            "email": f"user{i % 300}@{domains[i % 4]}" if i % 3 else "",
            "first_name": names[i % 5],
            "last_name": f"{names[(i // 5) % 5]}son",
            "location": towns[i % 4],
        }
        for i in range(count)
    ]


def test_every_identifier_is_kept_once_with_the_fields_of_all_its_rows(tmp_path):
    rows = people(2000)
    profile, found, _ = kept([write(tmp_path / "people.jsonl", rows)])
    expected = {}
    for row in rows:
        filled = {name for name, cell in row.items() if cell}
        one = expected.setdefault(row["phone"], [set(), 0, 0])
        one[0] |= filled
        one[1] = max(one[1], value("name", f"{row['first_name']} {row['last_name']}".lower()))
        place = row["location"].lower().replace(",", "")
        one[2] = max(one[2], value("location", place) if place else 0)
    assert found["phone"] == {
        digests.one("phone", phone, KEY): (fields, (name, place))
        for phone, (fields, name, place) in expected.items()
    }
    assert {kind: len(found[kind]) for kind in ("phone", "email")} == {
        item.kind: item.distinct for item in profile.identifiers
    }


def test_addresses_count_once_under_their_domain_and_every_domain_above(tmp_path):
    rows = people(2000)
    _, _, domains = kept([write(tmp_path / "people.jsonl", rows)])
    addresses = {row["email"] for row in rows if row["email"]}
    expected = {}
    for domain in ("example.org", "mail.example.org", "deep.mail.example.org", "other.example"):
        under = [a for a in addresses if a.split("@")[1] == domain or a.endswith("." + domain)]
        expected[digests.one("domain", domain, KEY)] = len(under)
    assert domains == expected


def test_domains_stream_in_any_number_of_blocks(tmp_path, monkeypatch):
    from floodmark.triage import keeping, radix

    rows = [
        {"email": f"someone{i}@h{i % 50}.n{i % 7}.example.org", "location": "Lyon, France"}
        for i in range(3000)
    ]
    path = write(tmp_path / "many.jsonl", rows)
    _, _, whole = kept([path])

    def small(unite, words, **options):
        return radix.RadixSpool(unite, words, buffer_records=20, partition_records=40, **options)

    monkeypatch.setattr(keeping, "RadixSpool", small)
    _, found, split = kept([path])
    assert split == whole
    assert list(found["email"]) == sorted(found["email"])
    assert max(whole.values()) == 3000


def test_a_domain_of_very_many_labels_counts_under_those_of_eight_labels_and_fewer(tmp_path):
    deep = ".".join([*(f"l{n}" for n in range(40)), "example", "org"])
    rows = [{"email": f"user{i}@{deep}", "location": "Lyon, France"} for i in range(50)]
    _, _, domains = kept([write(tmp_path / "deep.jsonl", rows)])
    labels = deep.split(".")
    expected = [deep, *(".".join(labels[-n:]) for n in range(2, 9))]
    assert domains == {digests.one("domain", domain, KEY): 50 for domain in expected}


def test_ids_beyond_64_bits_are_kept_by_their_text(tmp_path):
    ids = ["100000000000004", str(2**64 + 5), str(2**64 + 7)]
    rows = [{"profile_id": ids[i % 3], "email": f"user{i}@example.org"} for i in range(60)]
    profile, found, _ = kept([write(tmp_path / "ids.jsonl", rows)])
    assert set(found["profile_id"]) == {digests.one("profile_id", one, KEY) for one in ids}
    assert {item.kind: item.distinct for item in profile.identifiers}["profile_id"] == 3


def test_another_key_gives_other_digests(tmp_path):
    path = write(tmp_path / "people.jsonl", people(200))
    _, one, _ = kept([path])
    _, other, _ = kept([path], DigestKey(bytes(32)))
    assert not set(one["phone"]) & set(other["phone"])


def test_files_that_share_people_unite(tmp_path):
    one = write(
        tmp_path / "one.jsonl", [{"phone": f"+4474001{i:05d}", "gender": "female"} for i in range(300)]
    )
    two = write(
        tmp_path / "two.jsonl",
        [{"phone": f"+4474001{i:05d}", "email": f"u{i}@example.org"} for i in range(200, 500)],
    )
    _, found, _ = kept([one, two])
    sets = {frozenset(fields) for fields, _ in found["phone"].values()}
    assert sets == {
        frozenset({"phone", "gender"}),
        frozenset({"phone", "email"}),
        frozenset({"phone", "gender", "email"}),
    }


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_field_type_has_a_bit(kind):
    assert TYPES.index(kind) < 64


def test_values_agree_though_one_leak_was_reformatted(tmp_path):
    def rows(form):
        return [
            {"phone": f"+4474001{i:05d}", "full_name": f"Ada{form}Lovelace", "location": f"Lyon{form}France"}
            for i in range(60)
        ]

    found = []
    for n, form in enumerate((", ", ",", "  ", "; ")):
        path = write(tmp_path / f"{n}.jsonl", rows(form))
        found.append({digest: values for digest, (_, values) in kept([path])[1]["phone"].items()})
    assert all(0 not in values for values in found[0].values())
    assert found[1] == found[2] == found[3] == found[0]


def test_values_are_sixteen_bits_wide(tmp_path):
    with Keeper(KEY) as keeper:
        triage([write(tmp_path / "people.jsonl", people(50))], keeper=keeper)
        (block,) = keeper.blocks("phone")
    assert block.values.dtype == np.uint16
    assert block.values.shape == (len(block.digests), 2)


def test_a_number_of_before_a_renumbering_is_kept_as_the_number_of_today(tmp_path):
    rows = [{"phone": f"+52155{10_000_000 + i}", "gender": "female"} for i in range(0, 4_000_000, 10_000)]
    rows += [{"phone": row["phone"].replace("+521", "+52"), "location": "Lima, Peru"} for row in rows]
    profile, found, _ = kept([write(tmp_path / "mexico.jsonl", rows)])
    (phone,) = [item for item in profile.identifiers if item.kind == "phone"]
    assert phone.valid == 2 * phone.distinct == 2 * len(found["phone"]) > 0
    assert all(fields == {"phone", "gender", "location"} for fields, _ in found["phone"].values())
    assert [country.country for country in profile.countries] == ["MX"]
