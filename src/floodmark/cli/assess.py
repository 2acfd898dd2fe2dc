"""`floodmark assess`: what can be said of an advert before any data is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.assessment.statements.kinds import DRAWN
from floodmark.cli.by_hand import ByHand
from floodmark.cli.outputs import OutputPath
from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from floodmark.assessment.advert import AdvertAssessment

EPILOG = """\b
Examples:
  floodmark assess --advert table.txt
  floodmark assess --advert table.csv --total "487 million" --said 2022-11-16 --html assessment.html
  pbpaste | floodmark assess --advert - --sample 1000 --drawn seller
  floodmark assess --total "533 million" --assert countries=106
  floodmark assess --advert whatsapp-2022/advert
  floodmark assess --advert 12 --reference-only -o json > assessment.json
"""


@click.command(epilog=EPILOG)
@click.option(
    "--advert",
    cls=ByHand,
    metavar="FILE|ID",
    help="Table of countries in a file, - for stdin, or a statement: 12, or facebook-2021/memo.",
)
@click.option(
    "--about",
    cls=ByHand,
    metavar="SLUG",
    help="Leak or incident that the file is about; what is known of it counts, and its tables are left out.",
)
@click.option("--total", cls=ByHand, metavar="NUMBER", help="Total that the advert names, as 487M.")
@click.option(
    "--said", cls=ByHand, metavar="DATE", help="When it was published: 2022-11-16, 2022-11 or 2022."
)
@click.option(
    "--assert",
    "claims",
    cls=ByHand,
    multiple=True,
    metavar="TEXT",
    help="What else it claims, as new, countries=84 or fields=phone,email; repeatable.",
)
@click.option("--sample", cls=ByHand, type=click.IntRange(1), metavar="N", help="Rows of the sample with it.")
@click.option("--drawn", cls=ByHand, type=click.Choice(DRAWN), help="Who drew the sample.")
@click.option(
    "--country-column", cls=ByHand, metavar="NAME", help="Column of the file that has the countries."
)
@click.option("--count-column", cls=ByHand, metavar="NAME", help="Column of the file that has the counts.")
@click.option("--price-column", cls=ByHand, metavar="NAME", help="Column of the file that has the prices.")
@click.option("--currency", cls=ByHand, metavar="CODE", help="Currency of prices that name none, as EUR.")
@click.option("--reference-only", is_flag=True, help="Leave the workspace out: everybody gets the same.")
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
def command(
    advert: str | None,
    about: str | None,
    total: str | None,
    said: str | None,
    claims: tuple[str, ...],
    sample: int | None,
    drawn: str | None,
    reference_only: bool,
    output: str,
    html: Path | None,
    **columns: str | None,
) -> None:
    """Say what can be said of an advert from its words and figures alone.

    Compares its figures with every table that is known: those that come with the program, those of recorded
    statements and those of saved leaks; and with statistics of countries, as of population. Says what that shows,
    what it does not show, what no advert can tell, and what would settle it. Nothing is recorded, nothing is sent
    anywhere. Exit code 0 whatever was found.
    """
    from floodmark.cli.assess_sources import Described, assessed
    from floodmark.cli.stdout import put, put_json

    if html is not None and (html.is_dir() or not html.absolute().parent.is_dir()):
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    named = {name: column for name, column in columns.items() if column is not None}
    found = assessed(advert, Described(about, total, said, claims, sample, drawn, named), reference_only)
    if html is not None:
        _write(found, html)
    if output == "json":
        from floodmark.assessment.advert_values import values

        put_json(values(found))
    else:
        from floodmark.cli.assess_text import render

        put(render(found))


def _write(found: AdvertAssessment, path: Path) -> None:
    from floodmark.assessment.report import advert_html

    advert_html.write(found, path)
