"""Writes month names and their numbers for `identifiers.dates`, from CLDR as packaged by Babel.

The languages are the ten that column names are read in; Arabic has three sets of names (Egypt and the Gulf, the Levant,
the Maghreb). A name that means two months is left out.
"""

import sys
from pathlib import Path

import polars as pl
from babel import Locale

from floodmark.identifiers.folding import fold_series

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

LOCALES = "en ar ar_SY ar_IQ ar_DZ ar_TN ar_MA ar_MR es fr pt pt_PT it de de_AT ru tr id en_GB".split()


def table() -> str:
    """The table's text: folded name, tab, month number."""
    rows: list[tuple[str, int]] = [("sept", 9)]
    for locale in LOCALES:
        for usage in Locale.parse(locale).months.values():
            for width, names in usage.items():
                if width == "narrow":
                    continue
                rows += [(name, number) for number, name in names.items()]
    frame = pl.DataFrame(rows, schema=["name", "month"], orient="row")
    frame = frame.with_columns(name=fold_series(frame["name"])).unique()
    frame = frame.filter(pl.len().over("name") == 1, pl.col("name").str.contains(r"^\p{L}{3}")).sort("name")
    lines = ["# Month names from Unicode CLDR; Unicode License v3, (c) Unicode, Inc."]
    lines += [f"{name}\t{month}" for name, month in frame.rows()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / "months.tsv").write_text(table(), "utf-8")
