"""Sufficient statistics of synthetic twins against a plain count in Python, and of parts against the whole."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark import dumps
from floodmark.identifiers import FieldType, dates, digests, emails, phones
from floodmark.identifiers.digests import DigestKey
from floodmark.synth import leak
from floodmark.triage import Options, Profile, Statistics, profile_from_dict, quick_triage, triage
from floodmark.triage.keeping import Keeper
from floodmark.triage.observe import Observed, Shared, observe
from floodmark.triage.statistics.names import FLOOR, KIND
from floodmark.triage.statistics.profile import StatisticsProfile

KEY = DigestKey(bytes(range(32)))
TWINS = ["facebook-2021", "facebook-2021-csv", "whatsapp-2022", "combo"]
LETTERS = {
    "ı": "i",
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ə": "e",
}


@dataclass(frozen=True)
class Case:
    """A twin, its records, its profile, and the statistics in that."""

    path: Path
    counted: Counted
    profile: Profile
    statistics: StatisticsProfile


@pytest.fixture(scope="module", params=TWINS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A file of 5,000 lines."""
    path: Path = tmp_path_factory.mktemp("twins") / f"{request.param}.txt"
    leak(request.param, rows=5000, seed=11, out=path)
    profile = triage([path], Options(as_of=date(2021, 4, 3)), statistics=Statistics(KEY))
    assert profile.statistics is not None
    return Case(path, Counted(path), profile, profile.statistics)


def found(*paths: Path, key: DigestKey | None = KEY, **options: Any) -> StatisticsProfile:
    statistics = triage(
        paths, Options(as_of=date(2021, 4, 3), **options), statistics=Statistics(key)
    ).statistics
    assert statistics is not None
    return statistics


class Counted:
    """All records of some files as plain tuples, and what each column is."""

    def __init__(self, *paths: Path) -> None:
        self.files = []
        for path in paths:
            dump = dumps.read(path)
            frame = pl.concat([batch.frame for batch in dump.map(lambda one, table: one)])
            self.files.append((path.name, dump.grammar, frame.rows()))

    def cells(self, kind: FieldType) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every cell of every column of a type, with its row."""
        for _, grammar, rows in self.files:
            for column in grammar.columns:
                if column.type is kind:
                    yield from ((row, row[column.index]) for row in rows)

    def numbers(self) -> list[tuple[int, str]]:
        cells = [cell for _, cell in self.cells(FieldType.PHONE)]
        read = phones.resolve(pl.Series(cells, dtype=pl.String))
        return [
            (number, phones.REGIONS[region]) for number, region, valid in read.drop("kind").rows() if valid
        ]

    def first(self, grammar: dumps.Grammar, kind: FieldType, row: tuple[str, ...]) -> str:
        return next((row[column.index] for column in grammar.columns if column.type is kind), "")


def folded(name: str) -> list[str]:
    """Words of a name in lower case, without marks."""
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", name.lower()) if unicodedata.category(c)[0] != "M"
    )
    plain = "".join(LETTERS.get(c, c) for c in bare if c not in "'’ʼ`")
    return "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in plain).split()


def blocks_of(numbers: set[int]) -> list[list[int]]:
    return sorted(
        [held, blocks] for held, blocks in Counter(Counter(n // 10_000 for n in numbers).values()).items()
    )


def endings_of(numbers: set[int]) -> list[int]:
    ends = Counter(n % 100 for n in numbers)
    return [ends[end] for end in range(100)]


def prefixes_of(numbers: set[int], floor: int) -> tuple[int, list[list[int]], int, int]:
    size = 10_000
    while len(Counter(n // size for n in numbers)) > 10_000:
        size *= 10
    held = sorted(Counter(n // size for n in numbers).items())
    few = [count for _, count in held if count < floor]
    return size, [[block, count] for block, count in held if count >= floor], len(few), sum(few)


def test_phone_numbers_are_counted_by_block_ending_and_leading_digits(case: Case) -> None:
    numbers = case.counted.numbers()
    distinct = {number for number, _ in numbers}
    statistics = case.statistics.phones
    if not distinct:
        assert statistics is None
        return
    assert statistics is not None
    assert (statistics.numbers, statistics.block_size) == (len(distinct), 10_000)
    assert statistics.blocks == blocks_of(distinct)
    assert statistics.endings == endings_of(distinct)
    prefixes = statistics.prefixes
    counted = (prefixes.size, prefixes.blocks, prefixes.other_blocks, prefixes.other_numbers)
    assert counted == prefixes_of(distinct, prefixes.floor)


def test_the_ten_countries_with_the_most_rows_have_their_own_blocks(case: Case) -> None:
    numbers = case.counted.numbers()
    by_country = Counter(country for _, country in numbers)
    statistics = case.statistics.phones
    listed = statistics.countries if statistics is not None else []
    assert len(listed) == min(10, len(by_country))
    assert [by_country[one.country] for one in listed] == [rows for _, rows in by_country.most_common(10)]
    for one in listed:
        mine = {number for number, country in numbers if country == one.country}
        assert (one.numbers, one.blocks, one.endings) == (len(mine), blocks_of(mine), endings_of(mine))


def test_profile_ids_are_counted_by_size(case: Case) -> None:
    ids = {int(cell) for _, cell in case.counted.cells(FieldType.PROFILE_ID) if cell.isdecimal()} - {0}
    statistics = case.statistics.profile_ids
    if not ids:
        assert statistics is None
        return
    assert statistics is not None

    def bin_of(number: int) -> int:
        power = number.bit_length() - 1
        return number // 1024 if power < 16 else 64 * (power - 15) + ((number - 2**power) >> (power - 6))

    assert (statistics.ids, statistics.beyond) == (len(ids), 0)
    assert statistics.bins == [list(pair) for pair in sorted(Counter(map(bin_of, ids)).items())]
    assert (statistics.prefixes.size, statistics.prefixes.blocks) == prefixes_of(ids, 1)[:2]


def test_addresses_made_of_the_name_beside_them_are_counted_by_pattern(case: Case) -> None:
    counted = case.counted
    addresses = compared = 0
    patterns: Counter[tuple[str, bool]] = Counter()
    for _, grammar, rows in counted.files:
        column = next((c.index for c in grammar.columns if c.type is FieldType.EMAIL), None)
        if column is None:
            continue
        read = emails.parse_series(pl.Series([row[column] for row in rows])).struct.unnest()
        for row, canonical in zip(rows, read["canonical"], strict=True):
            first, last = (
                counted.first(grammar, kind, row) for kind in (FieldType.FIRST_NAME, FieldType.LAST_NAME)
            )
            if canonical is None or not first or not last:
                continue
            addresses += 1
            words = [(folded(first) or [""])[0], "".join(folded(last))]
            if all(re.fullmatch("[a-z]{2,}", word) for word in words):
                compared += 1
                patterns.update(pattern_of(re.split("[@+]", canonical)[0], *words))
    statistics = case.statistics.emails
    if not addresses:
        assert statistics is None
        return
    assert statistics is not None
    assert (statistics.addresses, statistics.compared, statistics.shuffled) == (addresses, compared, compared)
    assert {
        (one.pattern, one.digits): one.addresses for one in statistics.patterns if one.addresses
    } == patterns


def pattern_of(local: str, first: str, last: str) -> list[tuple[str, bool]]:
    stem = re.sub(r"[._-]*[0-9]+$", "", local)
    pairs = [
        ("first", "last", first, last),
        ("last", "first", last, first),
        ("f", "last", first[0], last),
        ("last", "f", last, first[0]),
        ("first", "l", first, last[0]),
        ("l", "first", last[0], first),
    ]
    made = [
        (f"{one}{sign}{two}", f"{a}{sign}{b}") for one, two, a, b in pairs for sign in ("", ".", "_", "-")
    ]
    made += [("first", first), ("last", last)]
    return [(pattern, stem != local) for pattern, text in made if text == stem][:1]


def test_first_names_are_counted_by_country_under_keyed_digests(case: Case) -> None:
    counted = case.counted
    rows: Counter[tuple[str, str]] = Counter()
    for _, grammar, records in counted.files:
        column = next((c.index for c in grammar.columns if c.type is FieldType.PHONE), None)
        if column is None:
            continue
        read = phones.resolve(pl.Series([row[column] for row in records]))
        for row, region, valid in zip(records, read["region"], read["valid"], strict=True):
            words = folded(counted.first(grammar, FieldType.FIRST_NAME, row))
            if valid and words:
                rows[words[0], phones.REGIONS[region]] += 1
    statistics = case.statistics.names
    if not rows:
        assert statistics is None
        return
    assert statistics is not None
    frequent = {(name, country): n for (name, country), n in rows.items() if n >= FLOOR}
    listed = {(one.name, one.country): one.rows for one in statistics.names}
    assert listed == {(f"{digests.one(KIND, name, KEY):016x}", c): n for (name, c), n in frequent.items()}
    assert (statistics.key, statistics.rows, statistics.error) == (KEY.id, rows.total(), 0)
    assert statistics.other_rows == rows.total() - sum(frequent.values())
    by_country: Counter[str] = Counter()
    for (_, country), n in rows.items():
        by_country[country] += n
    assert {one["country"]: one["rows"] for one in statistics.countries} == by_country


def test_dates_are_counted_by_day_of_the_year_month_and_time(case: Case) -> None:
    expected = []
    for name, grammar, rows in case.counted.files:
        for column in grammar.columns:
            if not column.type.is_date:
                continue
            cells = [row[column.index] for row in rows if row[column.index]]
            order = dates.DateOrder(column.date_order or "ymd")
            read = dates.parse_series(pl.Series(cells, dtype=pl.String), order).struct.unnest()
            calendar = [[0] * 31 for _ in range(12)]
            months: Counter[tuple[int, int]] = Counter()
            times = [[0] * size for size in (24, 60, 60)]
            for cell, part in zip(cells, read.iter_rows(named=True), strict=True):
                if not part["ok"] or part["sentinel"]:
                    continue
                if part["month"] and part["day"]:
                    calendar[part["month"] - 1][part["day"] - 1] += 1
                if part["year"] and part["month"]:
                    months[part["year"], part["month"]] += 1
                clock = re.search(r"([0-9]+):([0-9]+):([0-9]+)(?: ([AP])M)?", cell)
                if clock:
                    hour = int(clock[1]) if not clock[4] else int(clock[1]) % 12 + 12 * (clock[4] == "P")
                    for place, value in enumerate((hour, int(clock[2]), int(clock[3]))):
                        times[place][value] += 1
            by_month = [[*month, n] for month, n in sorted(months.items())]
            expected.append((name, column.name, calendar, by_month, sum(times[0]), *times))
    listed = [
        (one.file, one.column, one.calendar, one.months, one.timed, one.hours, one.minutes, one.seconds)
        for one in case.statistics.dates
    ]
    assert listed == expected


def test_pairs_of_field_types_are_counted_over_all_field_sets(case: Case) -> None:
    together: Counter[tuple[str, str]] = Counter()
    for _, grammar, rows in case.counted.files:
        for row in rows:
            filled = {c.type for c in grammar.columns if row[c.index] and c.type is not FieldType.UNKNOWN}
            together.update(
                (one.label, two.label) for one, two in combinations_with_replacement(sorted(filled), 2)
            )
    assert {(pair.first, pair.second): pair.rows for pair in case.statistics.field_pairs} == together


def test_copies_of_identifiers_and_rows_are_counted(case: Case) -> None:
    counted = case.counted
    values: dict[str, Counter[Any]] = {
        "phone": Counter(number for number, _ in counted.numbers()),
        "profile_id": Counter(int(c) for _, c in counted.cells(FieldType.PROFILE_ID) if c.isdecimal()),
        "email": Counter(
            emails.parse_series(pl.Series([c for _, c in counted.cells(FieldType.EMAIL)], dtype=pl.String))
            .struct.field("canonical")
            .drop_nulls()
        ),
        "row": Counter(row for _, _, rows in counted.files for row in rows),
    }
    listed = {one.kind: (one.total, one.distinct, one.pairs, one.copies) for one in case.statistics.copies}
    assert listed == {kind: copies_of(counts) for kind, counts in values.items() if counts}


def copies_of(counts: Counter[Any]) -> tuple[int, int, int, list[list[int]]]:
    bars = Counter(n if n < 4 else 1 << (n.bit_length() - 1) for n in counts.values())
    pairs = sum(n * (n - 1) // 2 for n in counts.values())
    return counts.total(), len(counts), pairs, [list(bar) for bar in sorted(bars.items())]


def without_chance(statistics: StatisticsProfile) -> dict[str, Any]:
    """The statistics as JSON, without what another cut into batches may change."""
    plain = asdict(statistics)
    if plain["emails"] is not None:
        plain["emails"]["patterns"] = [
            one | {"shuffled": 0} for one in plain["emails"]["patterns"] if one["addresses"]
        ]
        plain["emails"]["shuffled"] = 0
    return plain


@pytest.mark.parametrize("name", TWINS[:2])
def test_the_statistics_of_two_files_are_those_of_both_in_one(name: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole.txt"
    leak(name, rows=3000, seed=5, out=whole)
    lines = whole.read_bytes().splitlines(keepends=True)
    head = lines[: 2 if name.endswith("csv") else 1]
    for part, some in (("one.txt", lines[:1200]), ("two.txt", head + lines[1200:])):
        (tmp_path / part).write_bytes(b"".join(some))
    grammar = dumps.read(whole).grammar
    (tmp_path / "grammar.toml").write_text(dumps.to_toml(grammar))
    apart = without_chance(
        found(tmp_path / "one.txt", tmp_path / "two.txt", grammar=tmp_path / "grammar.toml")
    )
    together = without_chance(found(whole, grammar=tmp_path / "grammar.toml"))
    columns = len(together["dates"])
    for one, two, both in zip(
        apart["dates"][:columns], apart.pop("dates")[columns:], together.pop("dates"), strict=True
    ):
        for part in ("hours", "minutes", "seconds"):
            assert [a + b for a, b in zip(one[part], two[part], strict=True)] == both[part]
        for first, second, month in zip(one["calendar"], two["calendar"], both["calendar"], strict=True):
            assert [a + b for a, b in zip(first, second, strict=True)] == month
    assert apart == together


def test_the_statistics_do_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    path = tmp_path / "twin.txt"
    leak("facebook-2021-csv", rows=20_000, seed=3, out=path)
    assert found(path, workers=1) == found(path, workers=4)


def test_a_triage_that_is_not_asked_has_no_statistics_and_the_same_profile(case: Case) -> None:
    plain, asked = triage([case.path], Options(as_of=date(2021, 4, 3))).to_dict(), case.profile.to_dict()
    assert plain.pop("statistics") is None
    assert asked.pop("statistics") is not None
    assert {**plain, "custody": None} == {**asked, "custody": None}


def test_a_quick_triage_has_no_statistics(tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_text("".join(f"+2010{10_000_000 + n}\n" for n in range(50)))
    assert quick_triage([tmp_path / "few.txt"]).statistics is None


def test_names_need_a_key_and_no_name_or_identifier_is_in_the_statistics(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    rows = [f"+2010{n:08d},1{n:014d},Zebulon,Quixwood{n:03d},zebulon.q{n}@example.org" for n in range(300)]
    path.write_text("\n".join(["phone,uid,first_name,last_name,email", *rows]) + "\n")
    assert found(path, key=None).names is None
    statistics = found(path)
    assert statistics.names is not None
    (name,) = statistics.names.names
    assert (name.country, name.rows, name.name) == ("EG", 300, f"{digests.one(KIND, 'zebulon', KEY):016x}")
    said = str(asdict(statistics)).lower()
    assert not any(text in said for text in ("zebulon", "quixwood", "201000000000", "100000000000000"))


def counted(dump: dumps.Dump, frames: list[pl.DataFrame]) -> tuple[Any, ...]:
    asked = Statistics(KEY)
    asked.begin()
    shared, total = Shared.open(statistics=asked), Observed.empty(len(dump.grammar.columns))
    try:
        for one in frames:
            total.add(observe(one, dump.first, shared, None))
            total.settle(dump.grammar, date(2021, 4, 3), at_least=200)
        total.settle(dump.grammar, date(2021, 4, 3))
    finally:
        shared.close()
    gathered = total.gathered
    assert gathered is not None
    addresses = gathered.addresses and (gathered.addresses.compared, gathered.addresses.derived)
    heaps = [t.heaps and asdict(t.heaps.finish("file", "column")) for _, t in sorted(total.dates.items())]
    return addresses or (0, {}), gathered.named.tolist(), heaps, asked.names(gathered)


@pytest.fixture(scope="module")
def whole(case: Case) -> tuple[dumps.Dump, pl.DataFrame, tuple[Any, ...]]:
    """A dump, its first 400 records, and what is counted of them at once."""
    dump = dumps.read(case.path)
    frame = next(iter(dump.batches())).head(400)
    return dump, frame, counted(dump, [frame])


@settings(max_examples=25)
@given(st.lists(st.integers(0, 400), max_size=5).map(sorted))
def test_batches_add_up_to_the_whole(
    whole: tuple[dumps.Dump, pl.DataFrame, tuple[Any, ...]], cuts: list[int]
) -> None:
    dump, frame, expected = whole
    pieces = [frame[start:stop] for start, stop in zip([0, *cuts], [*cuts, 400], strict=True)]
    assert counted(dump, pieces) == expected


def test_ids_beyond_63_bits_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    ids = ["9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616"]
    ids += ["99999999999999999999", "009223372036854775808", "100000000000001"]
    path.write_text("\n".join(["uid,first_name", *(f"{one},Mona" for one in ids * 30)]) + "\n")
    profile = triage(
        [path], Options(overrides={"columns": ("profile_id", "first_name")}), statistics=Statistics()
    )
    assert profile.statistics is not None
    found = profile.statistics.profile_ids
    assert found is not None
    assert (found.ids, found.beyond, sum(count for _, count in found.bins)) == (6, 4, 2)
    (kind,) = profile.identifiers
    assert (kind.valid, kind.distinct) == (210, 6)


def test_full_names_are_cut_into_first_and_last_ones(tmp_path: Path) -> None:
    path = tmp_path / "full.txt"
    names = ["Ada Lovelace", "LOVELACE, Ada", "Ada King Lovelace", "Ada"]
    rows = [f"+2010{n:08d}|{names[n % 4]}|ada.lovelace{n}@example.org" for n in range(480)]
    path.write_text("\n".join(rows) + "\n")
    overrides = {"delimiter": "|", "header": False, "columns": ("phone", "full_name", "email")}
    statistics = found(path, overrides=overrides)
    assert statistics.emails is not None
    assert statistics.names is not None
    assert (statistics.emails.addresses, statistics.emails.compared) == (360, 360)
    (one,) = statistics.emails.patterns
    assert (one.pattern, one.digits, one.addresses, one.shuffled) == ("first.last", True, 360, 360)
    (ada,) = statistics.names.names
    assert (ada.rows, statistics.names.rows) == (360, 360)


def test_who_keeps_digests_has_the_statistics_under_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "twin.txt"
    leak("facebook-2021", rows=800, seed=3, out=path)
    with Keeper(KEY) as keeper:
        assert triage([path], keeper=keeper).statistics == found(path)


def test_one_request_serves_several_triages(tmp_path: Path) -> None:
    path = tmp_path / "twin.txt"
    leak("facebook-2021", rows=800, seed=3, out=path)
    asked = Statistics(KEY)
    first, again = (triage([path], statistics=asked).statistics for _ in range(2))
    assert first == again


def test_a_profile_with_statistics_is_read_back_as_it_was(case: Case) -> None:
    assert profile_from_dict(case.profile.to_dict()) == case.profile
