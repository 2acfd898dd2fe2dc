"""Countries by their names in any language."""

from __future__ import annotations

import compile_country_names
import compile_number_words
import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.reading.countries import Ambiguous, read_country, read_region, suggestions

NAMES = {
    "EG": "Egypt|EG|egy|مصر|埃及|エジプト|Ägypten|Égypte|Египет|🇪🇬|🇪🇬 Egypt|Egypt 🇪🇬|Egypt (EG)|EGYPT|Egypt*|Egypt [1]",
    "SA": "KSA|Saudi|arabiasaudita|Saudi Arabia|Kingdom of Saudi Arabia|السعودية|Arabie saoudite",
    "MA": "Marocco|Morocco|Maroc|المغرب",
    "GB": "UK|U.K.|Great Britain|United Kingdom|England|Vereinigtes Königreich",
    "NL": "Holland|The Netherlands|Netherlands|Nederland",
    "US": "USA|U.S.|U.S.A|us|United States of America|America|Vereinigte Staaten|США|美国",
    "KR": "South Korea|Korea, South|Korea (South)|Republic of Korea|대한민국|한국",
    "CD": "Congo, Dem. Rep.|DR Congo|Congo (Kinshasa)",
    "CI": "Ivory Coast|Côte d’Ivoire|Cote d'Ivoire|Elfenbeinküste",
    "TR": "Turkey|Türkiye|turkiye|TÜRKİYE",
    "GN": "Guinea",
    "GW": "Guinea-Bissau",
    "NE": "Niger",
    "NG": "Nigeria",
    "XK": "Kosovo",
    "SS": "S. Sudan|Sudan (South)|South Sudan (SS)|South Sudan",
    "KP": "N. Korea|North Korea (KP)|Korea (North)",
    "ZA": "S. Africa|South Africa (ZA)",
    "TL": "East Timor|E. Timor|Timor (East)",
    "PG": "Guinea (Papua New)",
    "VI": "Virgin Islands (US)",
}


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, names in NAMES.items() for name in names.split("|")]
)
def test_a_country_is_read_by_its_usual_names(code: str, name: str) -> None:
    assert read_country(name) == code


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Congo", ("CD", "CG")),
        ("Korea", ("KP", "KR")),
        ("🇪🇬 Italy", ("EG", "IT")),
        ("Egypt (IT)", ("EG", "IT")),
    ],
)
def test_a_name_of_two_countries_is_given_back_as_both(name: str, codes: tuple[str, ...]) -> None:
    assert read_country(name) == Ambiguous(codes)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Atlantis",
        "Africa",
        "Europe",
        "World",
        "44",
        "Egypt 44",
        "x" * 500,
        "🇪🇬🇮🇹 x",
        "()",
        "Egypt, Italy",
    ],
)
def test_what_names_no_one_country_is_none(name: str) -> None:
    assert not isinstance(read_country(name), str)


def test_parts_of_the_world_are_known_as_such() -> None:
    assert (read_region("Africa"), read_region("Afrika"), read_region("World"), read_region("Egypt")) == (
        "002",
        "002",
        "001",
        None,
    )


# Codes of CLDR that are no country's or have none of ISO 3166-1; and the one name that is the English one of another.
NOT_COUNTRIES = "EU EZ UN ZZ QO XA XB AC TA CP CQ DG EA IC".split()
ENGLISH = {"ma Lawi"}


def test_every_name_of_every_language_is_read_as_its_country_or_as_one_of_several() -> None:
    several = read = 0
    for locale in map(Locale.parse, locale_identifiers()):
        for code, name in locale.territories.items():
            if len(code) == 3 or code in NOT_COUNTRIES or name in ENGLISH:
                continue
            found = read_country(name)
            read += 1
            several += isinstance(found, Ambiguous)
            countries = found.countries if isinstance(found, Ambiguous) else (found,)
            assert code in countries, (locale, name)
    assert several < 0.01 * read


def test_a_name_is_not_taken_for_a_code_that_it_folds_to() -> None:
    assert (read_country("Áo"), read_country("AO"), read_country("Angola")) == ("AT", "AO", "AO")
    assert read_country("ao") == Ambiguous(("AO", "AT"))


def test_a_near_miss_has_suggestions_and_is_not_read() -> None:
    assert read_country("Austrlia") is None
    assert suggestions("Austrlia")[0] == "AU"
    assert suggestions("Egyptt") == ("EG",)
    assert suggestions("x" * 10_000) == ()


@given(st.text(max_size=100))
def test_any_text_is_a_country_several_or_none(text: str) -> None:
    found = read_country(text)
    assert found is None or isinstance(found, str | Ambiguous)
    assert len(suggestions(text)) <= 3


def test_the_compiled_tables_are_what_the_tools_make() -> None:
    assert compile_country_names.PATH.read_text("utf-8") == compile_country_names.table()
    assert compile_number_words.PATH.read_text("utf-8") == compile_number_words.table()
