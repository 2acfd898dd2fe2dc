"""Agreement with `phonenumbers`, and that the compiled plan is the one that its metadata gives."""

import json

import compile_numbering
import numpy as np
import phone_oracle
import pytest

from floodmark.identifiers import numbering

SEED = 1


def test_international_numbers_read_as_phonenumbers_reads_them():
    # In order of their calling codes, or the oracle compiles its thousands of patterns again and again.
    texts = sorted("+" + number for number in phone_oracle.international(100_000, SEED))
    wrong = sum(
        answer != phone_oracle.ask(text) for text, answer in zip(texts, phone_oracle.read(texts), strict=True)
    )
    assert wrong == 0


def test_national_forms_of_every_region_read_as_phonenumbers_reads_them():
    wrong = typed = 0
    for region in sorted(phone_oracle.phonenumbers.SUPPORTED_REGIONS):
        texts = list(phone_oracle.national(region, 40, SEED))
        for text, answer in zip(texts, phone_oracle.read(texts, region), strict=True):
            expected = phone_oracle.ask(text, region)
            # Bare international digits where the national reading is not valid: a stated difference.
            bare = not expected.valid and answer == phone_oracle.ask("+" + text.removeprefix("00"))
            typed += 1
            wrong += answer != expected and not bare
    assert typed == 40 * 245
    assert wrong == 0


def test_the_compiled_plan_is_of_the_installed_metadata():
    assert phone_oracle.phonenumbers.__version__ == numbering.METADATA_VERSION
    assert set(numbering.CALLING_CODES) == set(phone_oracle.phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    assert set(numbering.REGIONS) == {"ZZ", "001", *phone_oracle.phonenumbers.SUPPORTED_REGIONS}


@pytest.mark.parametrize(
    "region", ["GB", "GG", "US", "AG", "BR", "MX", "IT", "VA", "NO", "AU", "CX", "JP", "KZ"]
)
def test_national_ranges_compile_to_what_the_package_ships(region):
    check(numbering.table(region), compile_numbering.national_ranges(region))


def test_international_ranges_compile_to_what_the_package_ships():
    for name, reader in (
        (numbering.TYPED, compile_numbering.read_international),
        (numbering.SIGNIFICANT, compile_numbering.read_significant),
    ):
        codes = (1, 7, 39, 44, 47, 55, 61, 212, 262, 290, 358, 500, 590, 599, 800, 881, 979)
        shipped = numbering.table(name)
        ranges = compile_numbering.international_ranges(codes, reader)
        ours = np.array([start for start, outcome, _ in ranges if outcome.number], np.uint64)
        expected = [(outcome, shift) for _, outcome, shift in ranges if outcome.number]
        assert described(shipped, shipped.find(ours)) == [plain(*one) for one in expected]


def test_the_header_names_the_source_and_its_licence():
    header = json.loads((compile_numbering.DATA / "numbering_plan.json").read_text(encoding="utf-8"))
    assert "libphonenumber" in header["source"]
    assert "Apache-2.0" in header["source"]


def check(table, ranges):
    assert table.starts.tolist() == [start for start, _, _ in ranges]
    assert described(table, np.arange(len(ranges))) == [plain(*one[1:]) for one in ranges]


def described(table, rows):
    outcomes = numbering.outcomes()
    codes = table.codes[rows]
    return list(
        zip(
            outcomes.again[codes].tolist(),
            [numbering.REGIONS[at] for at in outcomes.region[codes]],
            [numbering.KINDS[at] for at in outcomes.kind[codes]],
            [numbering.REASONS[at] for at in outcomes.reason[codes]],
            outcomes.number[codes].tolist(),
            table.shifts[rows].tolist(),
            strict=True,
        )
    )


def plain(outcome, shift):
    again = ("", numbering.TYPED, numbering.SIGNIFICANT).index(outcome.again)
    return (again, outcome.region, outcome.kind, outcome.reason, outcome.number, shift % 2**64)
