"""Each counter of the statistics against a plain count, however its input is cut."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import FieldType, dates, digests, phones
from floodmark.identifiers.digests import DigestKey
from floodmark.identifiers.folding import fold_series
from floodmark.triage.dates import DateTally, tally_dates
from floodmark.triage.statistics.addresses import (
    PATTERNS,
    AddressTally,
    NameWords,
    derivations,
    folded,
    tally_addresses,
)
from floodmark.triage.statistics.copies import CopyCounter
from floodmark.triage.statistics.field_pairs import field_pairs
from floodmark.triage.statistics.heaping import Heaps
from floodmark.triage.statistics.names import FLOOR, KIND, LONGEST, MOST, NameCounter
from floodmark.triage.statistics.numbers import NumberCounter
from floodmark.triage.statistics.prefixes import PrefixCounter
from floodmark.triage.statistics.profile_ids import BEYOND, BIN_STARTS, IdHistogram

KEY = DigestKey(bytes(range(32)))
EGYPT, GERMANY = (phones.REGIONS.index(code) for code in ("EG", "DE"))
values = st.lists(
    st.one_of(
        st.integers(1, 70_000),
        st.integers(2**62, 2**64 - 1),
        st.integers(0, 63).flatmap(lambda p: st.integers(max(1, (1 << p) - 3), (1 << p) + 3)),
    ),
    unique=True,
    max_size=80,
).map(sorted)
cuts = st.lists(st.integers(0, 80), max_size=5).map(sorted)


def parts(numbers, cuts):
    return np.split(np.array(numbers, dtype=np.uint64), cuts)


@given(st.lists(st.integers(1, 2**40) | st.integers(2**31, 2**33) | st.integers(1, 20), max_size=60), cuts)
def test_copies_and_equal_pairs_do_not_depend_on_where_blocks_end(counts, cuts):
    counter = CopyCounter()
    for part in parts(counts, cuts):
        counter.add(part)
    found = counter.finish("row")
    assert (found.total, found.distinct, counter.most) == (sum(counts), len(counts), max(counts, default=0))
    assert found.pairs == sum(c * (c - 1) // 2 for c in counts)
    bars = Counter(c if c < 4 else 1 << (c.bit_length() - 1) for c in counts)
    assert found.copies == [list(bar) for bar in sorted(bars.items())]


@given(values, cuts)
def test_ids_are_counted_in_the_bin_that_holds_them(ids, cuts):
    histogram = IdHistogram()
    for part in parts(ids, cuts):
        histogram.add(part)
    found = histogram.finish()
    edges = [*BIN_STARTS.tolist(), BEYOND]
    held = Counter(max(b for b, start in enumerate(edges) if start <= v) for v in ids if v < BEYOND)
    assert found.bins == [list(pair) for pair in sorted(held.items())]
    assert (found.ids, found.beyond) == (len(ids), sum(v >= BEYOND for v in ids))
    assert sum(count for _, count in found.prefixes.blocks) == len(ids) - found.beyond
    assert found.prefixes.other_blocks == 0


def test_no_bin_of_ids_is_narrower_than_1024_and_each_begins_where_its_formula_says():
    assert BIN_STARTS[0] == 0
    assert np.diff(np.append(BIN_STARTS, np.uint64(BEYOND))).min() == 1024
    for power in (16, 40, 62):
        for sub in (0, 1, 63):
            assert int(BIN_STARTS[64 * (power - 15) + sub]) == 2**power + sub * 2 ** (power - 6)


@given(values, cuts, st.integers(2, 12), st.integers(1, 4))
def test_leading_digits_are_counted_in_the_smallest_blocks_that_fit(numbers, cuts, most, floor):
    counter = PrefixCounter(most=most)
    for part in parts(numbers, cuts):
        counter.add(part)
    found = counter.finish(floor)
    size = 10_000
    while len({v // size for v in numbers}) > most:
        size *= 10
    held = Counter(v // size for v in numbers)
    assert found.size == size
    assert found.blocks == [[b, n] for b, n in sorted(held.items()) if n >= floor]
    assert found.other_blocks == sum(n < floor for n in held.values())
    assert found.other_numbers == sum(n for n in held.values() if n < floor)


@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.booleans()), unique_by=lambda p: p[0], max_size=60), cuts
)
def test_numbers_of_one_country_are_counted_by_themselves(pairs, cuts):
    pairs = sorted(pairs)
    numbers = np.array([number for number, _ in pairs], dtype=np.uint64)
    regions = np.array([EGYPT if mine else GERMANY for _, mine in pairs], dtype=np.uint16)
    counter = NumberCounter([EGYPT])
    for values, of in zip(np.split(numbers, cuts), np.split(regions, cuts), strict=True):
        counter.add(values, of)
    found = counter.finish()
    for kept, part in ((found, pairs), (found.countries[0], [pair for pair in pairs if pair[1]])):
        occupied = Counter(Counter(number // 10_000 for number, _ in part).values())
        assert kept.numbers == len(part)
        assert kept.blocks == [list(bar) for bar in sorted(occupied.items())]
        assert kept.endings == [sum(number % 100 == end for number, _ in part) for end in range(100)]


@pytest.mark.parametrize(
    ("local", "pattern", "digits"),
    [
        ("ada.lovelace", "first.last", False),
        ("adalovelace", "firstlast", False),
        ("ada_lovelace1815", "first_last", True),
        ("ada-lovelace-15", "first-last", True),
        ("lovelace.ada", "last.first", False),
        ("alovelace", "flast", False),
        ("a.lovelace9", "f.last", True),
        ("lovelacea", "lastf", False),
        ("adal", "firstl", False),
        ("l.ada", "l.first", False),
        ("ada", "first", False),
        ("ada.1815", "first", True),
        ("lovelace", "last", False),
        ("a.dalovelace", None, None),
        ("ada..lovelace", None, None),
        ("ada.lovelace_", None, None),
        ("ada.lovelace_.7", "first.last", True),
        ("a.7lovelace", None, None),
        ("ad", None, None),
        ("adada", None, None),
        ("countess", None, None),
        ("1815", None, None),
    ],
)
def test_a_local_part_has_the_pattern_that_makes_it_from_the_name(local, pattern, digits):
    found = derivations(pl.Series([local]), NameWords(pl.Series(["ada"]), pl.Series(["lovelace"])))
    assert found.rows() == ([] if pattern is None else [(pattern, digits, 1)])
    assert pattern is None or pattern in PATTERNS


WORDS = {"first": "grace", "last": "hopper", "f": "g", "l": "h"}


@given(st.sampled_from(PATTERNS), st.sampled_from(["", "7", ".1984"]))
def test_every_pattern_is_recognised_in_the_address_that_it_makes(pattern, number):
    local = re.sub("first|last|f|l", lambda part: WORDS[part[0]], pattern) + number
    names = NameWords(pl.Series(["grace"]), pl.Series(["hopper"]))
    assert derivations(pl.Series([local]), names).rows() == [(pattern, bool(number), 1)]


def test_names_are_folded_to_the_letters_of_an_address():
    names = pl.Series(["José María", "GARCÍA-LÓPEZ", "Łukasz", "محمد", "", "O’Brien"])
    assert folded(names).to_list() == ["josemaria", "garcialopez", "lukasz", "محمد", "", "obrien"]
    assert folded(names, only_first=True).to_list() == ["jose", "garcia", "lukasz", "محمد", "", "obrien"]


@given(
    st.lists(
        st.sampled_from(["Ada", "ADA", "Zoë", "İpek", "K", "ada b", ""]) | st.text(max_size=6), max_size=12
    )
)
def test_names_folded_the_short_way_are_those_folded_the_long_way(names):
    cells = pl.Series(names, dtype=pl.String)
    whole = fold_series(cells).to_list()
    assert folded(cells).to_list() == [name.replace(" ", "") for name in whole]
    assert folded(cells, only_first=True).to_list() == [name.split(" ")[0] for name in whole]


def test_rows_without_a_name_or_with_one_in_another_script_are_told_apart():
    addresses = pl.Series(["ada.l@example.org", "omar@example.org", "x@example.org", "éa.b@example.org"])
    first, last = pl.Series(["Ada", "عمر", "Ada", "Éa"]), pl.Series(["Lovelace", "حداد", "", "Bo"])
    found = tally_addresses(addresses, first, last)
    assert (found.addresses, found.compared, found.shuffled) == (3, 2, 2)
    assert found.derived == {("first.l", False): 1}


def test_the_part_after_a_plus_is_no_part_of_the_name():
    found = tally_addresses(pl.Series(["ada+shop@example.org"]), pl.Series(["Ada"]), pl.Series(["Lovelace"]))
    assert found.derived == {("first", False): 1}
    assert (found.compared, found.shuffled, found.by_chance) == (1, 0, {})


@given(st.integers(2, 40))
def test_by_chance_means_the_name_of_another_row(rows):
    names = pl.Series([f"{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(rows)])
    found = tally_addresses(names + "@example.org", names, pl.Series(["zz"] * rows))
    assert found.derived == {("first", False): rows}
    assert (found.shuffled, found.by_chance) == (rows, {})
    same = tally_addresses(
        pl.Series(["abx@example.org"] * rows), pl.Series(["Abx"] * rows), pl.Series(["zz"] * rows)
    )
    assert same.by_chance == same.derived == {("first", False): rows}


people = st.lists(
    st.tuples(st.sampled_from(["ada", "ada.king", "aking7", "kada", ""]), st.sampled_from(["Ada", "Bo", ""])),
    max_size=20,
)


@given(people, cuts)
def test_addresses_of_batches_add_up_to_the_whole(rows, cuts):
    def tally(rows):
        local, first = ([row[place] for row in rows] for place in (0, 1))
        addresses = pl.Series(local, dtype=pl.String) + "@example.org"
        return tally_addresses(
            addresses, pl.Series(first, dtype=pl.String), pl.Series(["King"] * len(rows), dtype=pl.String)
        )

    whole, total = tally(rows), AddressTally()
    for start, stop in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        total.add(tally(rows[start:stop]))
    assert (total.addresses, total.compared, total.derived) == (
        whole.addresses,
        whole.compared,
        whole.derived,
    )


stamps = st.datetimes(datetime(1902, 1, 1), datetime(2099, 12, 31))
FORMS = {
    "ymd": "%Y-%m-%d %H:%M:%S",
    "mdy": "%m/%d/%Y %I:%M:%S %p",
    "dmy": "%d.%m.%Y, %H:%M:%S",
}


@given(st.lists(stamps, max_size=30), st.sampled_from(sorted(FORMS)), cuts)
def test_times_written_in_any_order_are_counted_in_any_batches(moments, order, cuts):
    cells = [moment.strftime(FORMS[order]) for moment in moments]
    total = DateTally(heaps=Heaps())
    for start, stop in zip([0, *cuts], [*cuts, len(cells)], strict=True):
        counts = Counter(cells[start:stop])
        frame = pl.DataFrame(
            {"cell": list(counts), "rows": list(counts.values())},
            schema={"cell": pl.String, "rows": pl.UInt32},
        )
        total.add(tally_dates(frame, order, None, heaped=True))
    check(
        total.heaps.finish("f", "c"), [m for m in moments if (m.year, m.month, m.day) not in dates.SENTINELS]
    )


@given(
    st.lists(st.integers(-2 * 10**9, -(10**8)) | st.integers(10**9, 4 * 10**9), max_size=30), st.booleans()
)
def test_times_counted_from_1970_are_read_as_utc(seconds, milliseconds):
    order = "unix-ms" if milliseconds else "unix-s"
    counts = Counter(str(second * 1000 if milliseconds else second) for second in seconds)
    frame = pl.DataFrame(
        {"cell": list(counts), "rows": list(counts.values())}, schema={"cell": pl.String, "rows": pl.UInt32}
    )
    found = DateTally(heaps=Heaps())
    found.add(tally_dates(frame, order, None, heaped=True))
    check(found.heaps.finish("f", "c"), [datetime.fromtimestamp(second, UTC) for second in seconds])


def check(found, moments):
    assert found.timed == len(moments)
    assert found.hours == [sum(m.hour == n for m in moments) for n in range(24)]
    assert found.minutes == [sum(m.minute == n for m in moments) for n in range(60)]
    assert found.seconds == [sum(m.second == n for m in moments) for n in range(60)]
    months = Counter((m.year, m.month) for m in moments)
    assert found.months == [[*month, n] for month, n in sorted(months.items())]
    for month, days in enumerate(found.calendar, start=1):
        assert days == [sum((m.month, m.day) == (month, day) for m in moments) for day in range(1, 32)]


def test_partial_dates_count_where_they_say_something_and_sentinels_nowhere():
    cells = [
        "1990-05",
        "02/29",
        "1985",
        "1970-01-01",
        "never",
        "2001-01-01",
        "2001-01-01 25:00:00",
        "0999-03-04",
    ]
    frame = pl.DataFrame({"cell": cells, "rows": [1, 10, 100, 1000, 10_000, 100_000, 10**6, 10**7]})
    tally = tally_dates(frame, "ymd", None, heaped=True)
    found = tally.heaps.finish("f", "c")
    days = {(m + 1, d + 1): n for m, row in enumerate(found.calendar) for d, n in enumerate(row) if n}
    assert days == {(2, 29): 10, (1, 1): 1_100_000, (3, 4): 10**7}
    assert found.months == [[1990, 5, 1], [2001, 1, 1_100_000]]
    assert found.timed == 0


def test_a_word_after_a_time_is_not_the_half_of_a_day():
    frame = pl.DataFrame({"cell": ["2001-02-03 10:20:30 (PDT)", "2001-02-03 10:20 pm"], "rows": [1, 10]})
    found = tally_dates(frame, "ymd", None, heaped=True).heaps
    assert {hour: int(n) for hour, n in enumerate(found.times[0]) if n} == {10: 1, 22: 10}


def test_dates_that_were_not_asked_for_have_no_heaps():
    frame = pl.DataFrame({"cell": ["2001-02-03"], "rows": [1]})
    assert tally_dates(frame, "ymd", None).heaps is None


sets = st.dictionaries(st.integers(0, 31), st.integers(1, 9), max_size=20)


@given(sets, sets)
def test_pairs_of_types_add_up_over_files_whose_types_stand_in_other_orders(one, two):
    types = [FieldType.PHONE, FieldType.EMAIL, FieldType.GENDER, FieldType.AGE, FieldType.URL]
    files = [(types, one), (types[::-1], two)]
    truth = Counter()
    for kinds, masks in files:
        for mask, rows in masks.items():
            held = sorted(kind for bit, kind in enumerate(kinds) if mask >> bit & 1)
            truth.update({(a.label, b.label): rows for i, a in enumerate(held) for b in held[i:]})
    assert {(pair.first, pair.second): pair.rows for pair in field_pairs(files)} == truth


def test_frequent_names_are_listed_most_first_and_the_rest_summed_up():
    counter = NameCounter()
    rows = {("mona", EGYPT): FLOOR + 5, ("mona", GERMANY): FLOOR, ("omar", EGYPT): FLOOR - 1}
    by_region = np.zeros(len(phones.REGIONS), np.int64)
    for (name, region), count in rows.items():
        for part in (count // 3, count - count // 3):
            by_region += counter.add(pl.Series([name] * part), pl.Series([region] * part, dtype=pl.UInt16))
    found = counter.finish(KEY, by_region)
    mona = f"{digests.one(KIND, 'mona', KEY):016x}"
    assert [(one.name, one.country, one.rows) for one in found.names] == [
        (mona, "EG", FLOOR + 5),
        (mona, "DE", FLOOR),
    ]
    assert (found.rows, found.other_rows, found.error) == (3 * FLOOR + 4, FLOOR - 1, 0)
    assert found.countries == [{"country": "EG", "rows": 2 * FLOOR + 4}, {"country": "DE", "rows": FLOOR}]


def test_many_names_are_bounded_in_number_and_long_ones_in_bytes():
    counter = NameCounter(capacity=50)
    by_region = np.zeros(len(phones.REGIONS), np.int64)
    egypt = pl.repeat(EGYPT, 3000, dtype=pl.UInt16, eager=True)
    for start in range(5):
        names = pl.Series([f"n{start * 3000 + n}" for n in range(2800)] + ["mona"] * 200)
        by_region += counter.add(names, egypt)
    by_region += counter.add(pl.Series(["x" * (LONGEST + 2)] * 3000), egypt)
    found = counter.finish(KEY, by_region)
    assert len(found.names) <= MOST
    (mona,) = found.names
    assert mona.rows <= 1000 <= mona.rows + found.error
    assert found.rows == 18_000 == mona.rows + found.other_rows
