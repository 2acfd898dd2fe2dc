"""Made-up phone numbers over all regions, and what `phonenumbers` says of each: the oracle of `identifiers.phones`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumberType

from floodmark.identifiers import numbering, phones

E164 = phonenumbers.PhoneNumberFormat.E164
MOST_DIGITS = numbering.MOST_DIGITS
KINDS = {number: name.lower() for name, number in vars(PhoneNumberType).items() if isinstance(number, int)}
PREFIXES = ("0", "1", "8", "06", "00", "9", "15", "015", "0343", "01", "80", "90", "044")


@dataclass(frozen=True)
class Answer:
    """What a reader makes of a typed number."""

    e164: str | None
    region: str | None
    kind: str
    valid: bool


NOTHING = Answer(None, None, "unknown", False)


def ask(text: str, region: str | None = None) -> Answer:
    """What `phonenumbers` says; a number of more than 19 digits is none, as docs/reference/phones.md states."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return NOTHING
    e164 = phonenumbers.format_number(number, E164)
    if len(e164) > MOST_DIGITS + 1:
        return NOTHING
    # `is_valid_number` is `is_valid_number_for_region` with this region; asked so, the region is found once less.
    found = phonenumbers.region_code_for_number(number)
    kind = KINDS[phonenumbers.number_type(number)]
    return Answer(e164, found, kind, phonenumbers.is_valid_number_for_region(number, found))


def read(texts: list[str], region: str | None = None) -> list[Answer]:
    """What Floodmark says."""
    structs = pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(phones.parse("text", region))
    return [Answer(one["e164"], one["region"], one["kind"], one["valid"]) for one in structs.to_series()]


@cache
def examples(region: str) -> tuple[phonenumbers.PhoneNumber, ...]:
    """The metadata's examples of every kind in a region; of every calling code of no country for `001`."""
    if region == "001":
        codes = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
        found = [phonenumbers.example_number_for_non_geo_entity(code) for code in codes]
    else:
        found = [phonenumbers.example_number_for_type(region, kind) for kind in sorted(KINDS)]
    return tuple(one for one in found if one is not None)


@cache
def boundaries() -> tuple[int, ...]:
    """First integers of the compiled ranges of international numbers."""
    starts = {
        int(start)
        for name in (numbering.TYPED, numbering.SIGNIFICANT)
        for start in numbering.table(name).starts
    }
    return tuple(sorted(start for start in starts if 10 < start < 10**MOST_DIGITS))


def international(count: int, seed: int) -> Iterator[str]:
    """Digits after a plus: examples with digits changed, put in or left out, boundaries, and random ones."""
    rng = random.Random(seed)
    regions = ("001", *sorted(phonenumbers.SUPPORTED_REGIONS))
    numbers = [phonenumbers.format_number(one, E164)[1:] for region in regions for one in examples(region)]
    codes = [str(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)]
    for turn in range(count):
        if turn % 10 < 6:
            yield mutated(rng.choice(numbers), rng)
        elif turn % 10 < 8:
            yield str(rng.choice(boundaries()) + rng.choice((-1, 0, 0, 1)))
        elif turn % 10 < 9:
            yield rng.choice(codes) + digits(rng, rng.randint(1, 15))
        else:
            yield digits(rng, rng.randint(1, MOST_DIGITS))


def national(region: str, count: int, seed: int) -> Iterator[str]:
    """Digits typed in a region: its examples as dialled there, and the same with digits changed."""
    rng = random.Random(f"{seed} {region}")
    mine = examples(region)
    prefix = phonenumbers.PhoneMetadata.metadata_for_region(region).national_prefix or ""
    typed = [phonenumbers.format_number(one, phonenumbers.PhoneNumberFormat.NATIONAL) for one in mine]
    typed += [prefix + phonenumbers.national_significant_number(one) for one in mine]
    typed = [phonenumbers.normalize_digits_only(one) for one in typed]
    for turn in range(count):
        text = typed[turn % len(typed)]
        yield (text if turn < len(typed) else mutated(text, rng))[: numbering.MOST_NATIONAL_DIGITS]


def mutated(text: str, rng: random.Random) -> str:
    """The number with other last digits, and sometimes a digit changed, left out or put in, or a prefix."""
    kept = rng.randint(0, min(8, len(text) - 1))
    text = text[: len(text) - kept] + digits(rng, kept)
    if rng.random() < 0.3:
        at = rng.randrange(len(text))
        text = text[:at] + digits(rng, 1) + text[at + 1 :]
    if rng.random() < 0.15:
        at = rng.randrange(len(text))
        text = text[:at] + digits(rng, rng.randint(0, 2)) + text[at + 1 :]
    if rng.random() < 0.15:
        at = rng.randint(0, min(4, len(text)))
        text = text[:at] + rng.choice(PREFIXES) + text[at:]
    return text[:MOST_DIGITS]


def digits(rng: random.Random, count: int) -> str:
    """Random digits."""
    return "".join(rng.choices("0123456789", k=count))
