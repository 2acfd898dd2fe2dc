"""Writes month names and their numbers for `identifiers.dates`, from CLDR as packaged by Babel.

The languages are the ten that column names are read in; Arabic has three sets of names (Egypt and the Gulf, the Levant,
the Maghreb). A name that means two months is left out.
"""

import unicodedata
from pathlib import Path

from babel import Locale

LOCALES = "en ar ar_SY ar_IQ ar_DZ ar_TN ar_MA ar_MR es fr pt pt_PT it de de_AT ru tr id en_GB".split()
TARGET = Path(__file__).parents[1] / "src/floodmark/identifiers/data/months.tsv"


def fold(name: str) -> str:
    """Lower case without diacritics and without the final dot, as `identifiers.dates` looks names up."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return bare.replace("ı", "i").strip(" .")


def table() -> str:
    """The table's text: folded name, tab, month number."""
    months: dict[str, set[int]] = {}
    for locale in LOCALES:
        for usage in Locale.parse(locale).months.values():
            for width, names in usage.items():
                if width == "narrow":
                    continue
                for number, name in names.items():
                    months.setdefault(fold(name), set()).add(number)
    for extra, number in {"sept": 9, "июнь": 6, "июль": 7}.items():
        months.setdefault(extra, set()).add(number)
    kept = {
        name: min(numbers) for name, numbers in months.items() if len(numbers) == 1 and name.isprintable()
    }
    lines = ["# Month names from Unicode CLDR; Unicode License v3, (c) Unicode, Inc."]
    lines += [f"{name}\t{kept[name]}" for name in sorted(kept) if not name[0].isdigit()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
