"""Write the population of countries that `assessment` compares counts with: Unicode CLDR, as npm has it (`cldr-core`).

    python tools/compile_population.py            # writes src/floodmark/assessment/data/population.csv
    python tools/compile_population.py --check    # compiles again and compares, exit code 1 on a difference

The package is one of the browser's development packages (`make browser` installs it), pinned with them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "browser" / "node_modules" / "cldr-core"
TABLE = ROOT / "src" / "floodmark" / "assessment" / "data" / "population.csv"
NO_COUNTRY = {"EU", "EZ", "UN", "ZZ"}  # groups of countries, and none
PARTS = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "IC",
    "TA",
}  # of countries that are listed; ISO 3166-1 only reserves their codes


def compile_population(source: Path) -> str:
    """The table's text: country, people, and the package with its version, by code.

    Raises:
        OSError: the package is not installed.
    """
    version = json.loads((source / "package.json").read_text("utf-8"))["version"]
    file = source / "supplemental" / "territoryInfo.json"
    territories = json.loads(file.read_text("utf-8"))["supplemental"]["territoryInfo"]
    people = {
        code: int(found["_population"])
        for code, found in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY | PARTS and int(found["_population"])
    }
    rows = [f"{code},{people[code]},cldr-core {version}" for code in sorted(people)]
    return "\n".join(["country,population,source", *rows]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    check = parser.parse_args().check
    text = compile_population(SOURCE)
    if not check:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(text, encoding="utf-8")
        return 0
    same = TABLE.read_text(encoding="utf-8") == text
    print("population is current" if same else "population differs: run tools/compile_population.py")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
