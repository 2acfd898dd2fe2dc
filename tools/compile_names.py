"""Writes given and family names for telling the two apart, from Faker's lists (MIT licence).

Locales left out on purpose (`HELD_OUT`) let tests see how names do that no list knows.
"""

import sys
from importlib import import_module
from pathlib import Path

import faker
import polars as pl

from floodmark.identifiers.folding import fold_series

DATA = Path(__file__).parents[1] / "src/floodmark/identifiers/data"

PROVIDERS = Path(faker.__file__).parent / "providers/person"
HELD_OUT = {
    "nl_NL",
    "nl_BE",
    "pl_PL",
    "sv_SE",
    "hu_HU",
    "ro_RO",
    "hr_HR",
    "sl_SI",
    "fi_FI",
    "lt_LT",
    "sk_SK",
    "uk_UA",
}
SHORTEST = 2


def names_of(locale: str) -> list[tuple[str, str]]:
    """Names of one locale as `(name, "f" or "l")`."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    rows = []
    for attribute in dir(provider):
        kind = "f" if attribute.startswith("first_name") else "l" if attribute.startswith("last_name") else ""
        values = getattr(provider, attribute)
        if kind and isinstance(values, dict | list | tuple | set):
            rows += [(value, kind) for value in values if isinstance(value, str)]
    return rows


def table() -> str:
    """The list's text: folded name, tab, `f` given, `l` family, `b` both."""
    locales = sorted(
        path.name
        for path in PROVIDERS.iterdir()
        if path.is_dir() and not path.name.startswith("__") and path.name not in HELD_OUT
    )
    rows = [row for locale in locales for row in names_of(locale)]
    frame = pl.DataFrame(rows, schema=["name", "kind"], orient="row")
    frame = frame.with_columns(name=fold_series(frame["name"]).str.split(" ")).explode("name")
    frame = frame.filter(pl.col("name").str.len_chars() >= SHORTEST).unique()
    frame = frame.group_by("name").agg(
        kind=pl.when(pl.len() > 1).then(pl.lit("b")).otherwise(pl.col("kind").first()),
    )
    lines = ["# Folded name, f given, l family, b both; from Faker's person providers, MIT licence."]
    lines += [f"{name}\t{kind}" for name, kind in frame.sort("name").rows()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    (folder / "names.tsv").write_text(table(), "utf-8")
