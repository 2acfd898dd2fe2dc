"""Options that say what a statement is: of `floodmark statement add` and `floodmark statement import`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from floodmark.assessment.statements.kinds import DRAWN, KINDS, OFFERS, SPEAKER_KINDS
from floodmark.cli.by_hand import ByHand

F = TypeVar("F", bound=Callable[..., Any])

output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


def saying_options(function: F) -> F:
    """Add the options; none is required here, since a document of statements needs none of them."""
    for option in reversed(_options()):
        function = option(function)
    return function


def _options() -> list[Callable[[F], F]]:
    return [
        _option("--kind", type=click.Choice(KINDS), help="What kind of statement."),
        _option(
            "--by",
            "speaker_kind",
            type=click.Choice(SPEAKER_KINDS),
            help="What kind of body or person said it.",
        ),
        _option("--speaker", metavar="TEXT", help="Who: a body, a role, an alias."),
        _option(
            "--said",
            "said_on",
            metavar="DATE",
            help="When: 2021-04-03, or 2021-04 or 2021 where no more is known.",
        ),
        _option(
            "--known",
            "learnt_on",
            metavar="DATE",
            help="When it became known, where that was later, as with a memo that came out.",
        ),
        _option("--text", metavar="TEXT|-", help="What was said; - reads stdin."),
        _option("--url", "source_url", default="", metavar="URL", help="A page that bears it out."),
        _option("--source", default="", metavar="TEXT", help="Where else it can be found, in words."),
        _option(
            "--assert",
            "claims",
            multiple=True,
            metavar="TEXT",
            help='What it claims: "total=487M phones", countries=84, fields=phone,email, new, old=2019, scraped, '
            "public-only, fixed-before=2019-09, not-ours, breach, fault, attack-by=NAME, "
            '"amount=265M EUR", dated=2021-04-08; total@US=32M is of a part. Repeatable.',
        ),
        _option("--cut", is_flag=True, help="Take over the assertions that are found in the text."),
        _option("--offer", type=click.Choice(OFFERS), help="What an advert does with the data."),
        _option(
            "--sample", type=click.IntRange(1), metavar="N", help="Rows of the sample that came with it."
        ),
        _option(
            "--drawn",
            type=click.Choice(DRAWN),
            help="Who drew the sample. Default, where there is one: unknown.",
        ),
        _option(
            "--incident",
            metavar="TITLE",
            help="Record the incident under this title, where neither a leak nor an incident has the slug.",
        ),
        _option("--country-column", metavar="NAME", help="Column of a table that has the countries."),
        _option("--count-column", metavar="NAME", help="Column of a table that has the counts."),
        _option("--price-column", metavar="NAME", help="Column of a table that has the prices."),
        _option("--currency", metavar="CODE", default="", help="Currency of prices that name none, as EUR."),
    ]


def _option(*names: str, **more: Any) -> Callable[[F], F]:
    return click.option(*names, cls=ByHand, **more)
