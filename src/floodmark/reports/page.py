"""One HTML file that loads nothing, runs nothing and prints: the frame, the style and the filters of every report.

A report extends `page.html.j2` and fills its blocks; it is given `synthetic` and `inks`.

>>> made = environment("floodmark.reports")
>>> "default-src 'none'" in made.loader.get_source(made, "page.html.j2")[0]
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from floodmark.reports import labels, numbers


def environment(package: str, filters: Mapping[str, Callable[..., Any]] | None = None) -> Environment:
    """Templates of a report: every value is escaped, and an unknown name is an error.

    Args:
        package: whose `templates` hold what the shared ones do not.
        filters: further filters by name.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("floodmark.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": numbers.count,
        "share": numbers.share,
        "rate": numbers.rate,
        "size": numbers.size,
        "plural": numbers.plural,
        "plain": labels.plain,
        "sentence": lambda text, longest: labels.plain(text, longest).replace(" %", "\u00a0%"),
        "words": labels.words,
        "column_name": labels.column_name,
        "field_name": labels.field_name,
        "country_name": labels.country_name,
        "delimiter_name": labels.delimiter_name,
    }
    made.filters |= filters or {}
    return made
