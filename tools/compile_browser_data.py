"""Write the tables of canon 1 that the private check in the browser carries.

    python tools/compile_browser_data.py            # writes browser/src/canon/data/*.ts
    python tools/compile_browser_data.py --check    # compiles again and compares, exit code 1 on a difference

Nothing is decided here: the numbering plans are those of `tools/compile_numbering.py`, the renumberings and Unicode's
tables those that the Python package reads with. The modules `browser_*` beside this say how each is written. The tests
feed both sides the same text and compare.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path

import browser_characters
import browser_domains
import browser_normalisation
import phonenumbers
from browser_packing import pack
from browser_plan import compile_diagram

from floodmark.identifiers import phones, phones_text

DATA = Path(__file__).parents[1] / "browser" / "src" / "canon" / "data"
HEADING = "// Made by tools/compile_browser_data.py; do not edit.\n"
# A bundler keeps a comment that begins so, and with it the notices that the two sources ask for.
NUMBERS = (
    f"/*! Telephone numbers: metadata {phones.METADATA_VERSION} of libphonenumber, (c) The Libphonenumber Authors,"
    " Apache License 2.0 */\n"
)
UNICODE = "/*! Characters: data files of Unicode, (c) Unicode, Inc., Unicode License v3 */\n"
NOTICES = {"plan": NUMBERS, "domains": UNICODE}


def calling_codes() -> dict[str, str]:
    """Calling code of every country that can be chosen, by its code."""
    countries = [region for region in phones.REGIONS if region.isalpha() and region != "ZZ"]
    return {region: str(phonenumbers.country_code_for_region(region)) for region in countries}


def countries() -> dict[str, str]:
    chosen = calling_codes()
    shared = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    main = [f"{regions[0]}{code}" for code, regions in sorted(shared.items()) if len(regions) > 1]
    nowhere = [str(code) for code, regions in sorted(shared.items()) if regions == ("001",)]
    return {
        "COUNTRIES": " ".join(f"{region}{code}" for region, code in chosen.items()),
        "MAIN_COUNTRIES": " ".join(main),
        "CODES_OF_NO_COUNTRY": " ".join(nowhere),
    }


def plan() -> dict[str, str]:
    packed = compile_diagram(calling_codes()).packed()
    return {name.upper(): text for name, text in packed.items()}


def characters() -> dict[str, str]:
    folded = phones_text.TO_ASCII
    zeros = [0, *phones_text.ZEROS]
    signs: dict[str, str] = {}
    for character, sign in folded.items():
        if not sign.isdecimal():
            signs[sign] = signs.get(sign, "") + character
    return {
        "LOCAL_PARTS": browser_characters.local_parts(),
        "DIGITS": browser_characters.decimal_digits(),
        "ZEROS": pack(after - before for before, after in pairwise(zeros)),
        "SIGNS": " ".join(f"{sign}{folds}" for sign, folds in signs.items()),
    }


def normalisation() -> dict[str, str]:
    pairs, apart = browser_normalisation.decompositions()
    return {
        "DECOMPOSITIONS": pairs,
        "NOT_COMPOSED": apart,
        "COMBINING_CLASSES": browser_normalisation.combining_classes(),
    }


def domains() -> dict[str, str]:
    runs, classes = browser_domains.domain_characters()
    mappings = {f"MAPPING_{name.upper()}": text for name, text in browser_domains.domain_mappings().items()}
    return {**mappings, "CHARACTERS": runs, "CLASSES": classes}


def compiled() -> dict[str, str]:
    """Text of every file, by its name."""
    parts = (countries, plan, characters, normalisation, domains)
    return {
        f"{part.__name__}.ts": HEADING
        + NOTICES.get(part.__name__, "")
        + "".join(f"export const {name} =\n  {json.dumps(text)};\n" for name, text in part().items())
        for part in parts
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    files = compiled()
    if not check:
        DATA.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (DATA / name).write_text(text, encoding="ascii")
        print(f"{len(files)} files, {sum(map(len, files.values()))} bytes")
        return 0
    same = {file.name for file in DATA.iterdir()} == set(files) and all(
        (DATA / name).read_text(encoding="ascii") == text for name, text in files.items()
    )
    print(
        "the browser's tables are current"
        if same
        else "the browser's tables differ: run tools/compile_browser_data.py"
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
