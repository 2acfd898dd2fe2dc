"""The sidecar against a recount of the text, line by line, with `csv`, `re` and `phonenumbers`."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from io import BytesIO

import phonenumbers
import polars as pl
import pytest

from floodmark.synth import MARK, leak

DATE = r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M"
ROWS = 6000
TWINS = ("facebook-2021", "facebook-2021-csv", "facebook-2021-dz", "whatsapp-2022", "combo")


def made(twin, rows=ROWS, seed=11, **options):
    out = BytesIO()
    truth = leak(twin, rows, seed, out, **options)
    return out.getvalue(), truth


def cells(line, truth):
    grammar = truth["grammar"]
    if grammar["delimiter"] == "":
        return [line]
    if grammar["quote"]:
        return next(csv.reader([line], strict=True))
    if truth["twin"] == "combo":
        return line.split(":", 1)
    return [
        cell.replace("\1", ":") for cell in re.sub(DATE, lambda m: m[0].replace(":", "\1"), line).split(":")
    ]


class Recount:
    """What a slow reader finds in the lines that the sidecar does not call damaged."""

    def __init__(self, text, truth):
        self.truth = truth
        hurt = {offset for tally in truth["damage"] for offset in tally["offsets"]}
        self.undamaged, self.damaged, self.head, offset = [], {}, [], 0
        for number, line in enumerate(text.splitlines(keepends=True)):
            if number < 1 + truth["grammar"]["header"]:
                self.head.append(line)
            elif offset in hurt:
                self.damaged[offset] = line
            else:
                self.undamaged.append(line)
            offset += len(line)
        names = [column["name"] for column in truth["columns"]]
        self.rows = [
            dict(zip(names, cells(line.decode()[:-1], truth), strict=True)) for line in self.undamaged
        ]

    def filled(self, kind):
        names = [column["name"] for column in self.truth["columns"] if column["type"] == kind]
        return [row[name] for row in self.rows for name in names if row[name]]


@pytest.fixture(scope="module", params=TWINS)
def recount(request):
    return Recount(*made(request.param))


def region(phone):
    try:
        number = phonenumbers.parse(f"+{phone}", None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(number) if phonenumbers.is_valid_number(number) else None


def test_the_first_line_is_the_mark(recount):
    assert recount.head[0].decode().startswith(f"{MARK}twin={recount.truth['twin']} seed=11 rows={ROWS}")
    if recount.truth["grammar"]["header"]:
        names = ",".join(column["name"] for column in recount.truth["columns"])
        assert recount.head[1].decode() == names + "\n"


def test_lines_and_bytes_add_up(recount):
    truth = recount.truth
    lines, sizes = truth["lines"], truth["bytes_by"]
    assert lines["undamaged"] == len(recount.undamaged) == truth["undamaged"]["rows"]
    assert lines["damaged"] == len(recount.damaged) == ROWS // 100
    assert lines["undamaged"] + lines["damaged"] == ROWS
    assert sizes["undamaged"] == sum(map(len, recount.undamaged))
    assert sizes["damaged"] == sum(map(len, recount.damaged.values()))
    assert sizes["total"] == sum(sizes[key] for key in ("mark", "header", "undamaged", "damaged"))
    assert [tally["lines"] for tally in truth["damage"]] == [
        len(tally["offsets"]) for tally in truth["damage"]
    ]


def test_filled_cells_by_column_are_those_of_the_text(recount):
    for column in recount.truth["columns"]:
        assert sum(bool(row[column["name"]]) for row in recount.rows) == column["filled"]


def test_phones_by_country_are_what_the_oracle_says(recount):
    found = [(region(phone), phone) for phone in recount.filled("phone")]
    valid = [pair for pair in found if pair[0]]
    rows, distinct = Counter(c for c, _ in valid), Counter(c for c, _ in set(valid))
    expected = recount.truth["undamaged"]["countries"]
    assert {row["country"]: row["phones"] for row in expected} == rows
    assert {row["country"]: row["distinct"] for row in expected} == distinct
    for kind in recount.truth["undamaged"]["identifiers"]:
        if kind["kind"] == "phone":
            numbers = {"rows": len(found), "valid": len(valid), "distinct": len(set(valid))}
            assert kind == {"kind": "phone"} | numbers
            assert len(valid) < len(found)


def test_addresses_and_profile_ids_are_counted_exactly(recount):
    for kind in recount.truth["undamaged"]["identifiers"]:
        if kind["kind"] != "phone":
            found = [text.lower() for text in recount.filled(kind["kind"])]
            assert (kind["rows"], kind["distinct"]) == (len(found), len(set(found)))


def test_no_address_can_exist(recount):
    domains = Counter(text.lower().rpartition("@")[2] for text in recount.filled("email"))
    assert domains == recount.truth["undamaged"]["email_domains"]
    reserved = re.compile(r"(example\.(com|net|org)|.+\.(example|test|invalid))")
    assert all(reserved.fullmatch(domain) for domain in domains)


def test_field_sets_are_those_of_the_text(recount):
    types = {column["name"]: column["type"] for column in recount.truth["columns"]}
    found = Counter(tuple(sorted({types[k] for k, v in row.items() if v})) for row in recount.rows)
    assert {tuple(s["fields"]): s["rows"] for s in recount.truth["undamaged"]["field_sets"]} == found


def test_runs_are_those_of_the_distinct_valid_numbers(recount):
    numbers = sorted({int(phone) for phone in recount.filled("phone") if region(phone)})
    lengths, run = Counter(), 0
    for place, number in enumerate(numbers):
        run += 1
        if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
            lengths[str(run)] += 1
            run = 0
    assert recount.truth["undamaged"]["runs"]["lengths"] == lengths
    assert recount.truth["undamaged"]["runs"]["longest"] == max(map(int, lengths), default=0)


def test_duplicates_are_lines_that_repeat_byte_for_byte(recount):
    copies = Counter(recount.undamaged)
    found = recount.truth["undamaged"]["duplicates"]
    assert found["distinct"] == len(copies)
    assert found["repeats"] == len(recount.undamaged) - len(copies) == ROWS // 200
    assert found["most_copies"] == max(copies.values())


def parsed(text):
    for form in ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def test_dates_keep_sentinels_apart(recount):
    for column in recount.truth["undamaged"]["dates"]:
        texts = [row[column["column"]] for row in recount.rows if row[column["column"]]]
        dates = [parsed(text) for text in texts]
        real = [day.date().isoformat() for day in dates if day and day.year > 1]
        assert column["rows"] == len(texts)
        assert column["sentinel_rows"] == sum(bool(day) and day.year == 1 for day in dates)
        assert column["sentinel_rows"] == texts.count(column["sentinel_value"])
        assert column["without_year"] == dates.count(None)
        assert (column["earliest"], column["latest"]) == (min(real), max(real))


def test_minors_are_those_under_eighteen_on_the_stated_day(recount):
    minors = recount.truth["undamaged"]["minors"]
    births = [day for day in map(parsed, recount.filled("birth_date")) if day]
    if minors is None:
        assert not births
        return
    assert minors["as_of"] == "2021-04-03"
    assert minors["rows"] == len(births)
    assert minors["minors"] == sum(day > datetime(2003, 4, 3) for day in births)
    assert minors["years"] == Counter(str(day.year) for day in births)


def test_places_are_counted_by_country(recount):
    known = {}
    from floodmark.synth.tables import country_rows

    for row in country_rows():
        known[row["name"]] = row["country"]
    for name, expected in recount.truth["undamaged"]["places"].items():
        found = Counter(known[row[name].split(", ")[-1]] for row in recount.rows if row[name])
        assert found == expected


def test_every_damaged_line_shows_its_damage(recount):
    width = len(recount.truth["columns"])
    for tally in recount.truth["damage"]:
        for offset in tally["offsets"]:
            line = recount.damaged[offset][:-1]
            text = line.decode("utf-8", "replace")
            match tally["kind"]:
                case "blank_line":
                    assert line == b""
                case "nul_byte":
                    assert line.count(b"\0") == 1
                case "invalid_utf8":
                    with pytest.raises(UnicodeDecodeError):
                        line.decode()
                case "stray_delimiter":
                    assert len(cells(text, recount.truth)) == width + 1
                case "unterminated_quote":
                    with pytest.raises(csv.Error):
                        cells(text, recount.truth)
                case "missing_delimiter" if width > 2:
                    assert len(cells(text, recount.truth)) == width - 1
                case "truncated_line" if recount.truth["grammar"]["quote"]:
                    assert len(next(csv.reader([text]))) < width
                case "missing_delimiter" | "truncated_line":
                    assert text and len(re.sub(DATE, "", text).split(":")) < width
                case other:
                    raise AssertionError(other)


def test_the_truth_holds_across_chunks():
    text, truth = made("facebook-2021", rows=300_000, damage=0, invalid=0)
    lines = pl.Series(text.decode().splitlines()[1:])
    phones = lines.str.extract(r"^(\d*):", 1)
    ids = lines.str.extract(r"^\d*:(\d+):", 1)
    numbers = phones.filter(phones != "").cast(pl.Int64).unique().sort()
    phone, email, profile = truth["undamaged"]["identifiers"]
    assert phone["distinct"] == len(numbers)
    assert profile["distinct"] == ids.n_unique()
    assert email["distinct"] == lines.str.extract(r":([^:@]+@[a-z.]+):", 1).drop_nulls().n_unique()
    assert truth["undamaged"]["duplicates"]["distinct"] == lines.n_unique()
    runs = (numbers.diff().fill_null(2) != 1).cast(pl.Int64).cum_sum().value_counts(name="size")["size"]
    lengths = {str(size): count for size, count in runs.value_counts(name="runs").sort("size").rows()}
    assert truth["undamaged"]["runs"]["lengths"] == lengths
    assert sum(row["distinct"] for row in truth["undamaged"]["countries"]) == len(numbers)


def test_countries_come_in_the_published_proportions():
    _, truth = made("whatsapp-2022", rows=100_000, damage=0, invalid=0, duplicates=0)
    found = {row["country"]: row["phones"] for row in truth["undamaged"]["countries"]}
    assert found["EG"] / found["MY"] == pytest.approx(44_823_547 / 11_675_894, rel=0.01)
    assert len(found) == 21


def test_fill_rates_are_the_published_ones():
    _, truth = made("facebook-2021", rows=100_000)
    for column in truth["columns"]:
        assert column["filled"] / truth["undamaged"]["rows"] == pytest.approx(column["fill_rate"], abs=0.005)
    published = {c["name"]: c["fill_rate"] for c in truth["columns"] if c["fill_status"] == "published"}
    assert published == {"phone": 0.8901, "city": 0.6058, "work": 0.183, "email": 0.0476}
