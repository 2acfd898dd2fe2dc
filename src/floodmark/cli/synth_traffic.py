"""`floodmark synth traffic`: marked synthetic lookups, honest clients and scrapers among them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.outputs import OutputPath
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.identifiers.digests import DigestKey
    from floodmark.synth.traffic.numbers import Service
    from floodmark.synth.traffic.strategy import Strategy

MOST_ACTORS, MOST_SCRAPERS = 10**6, 1000  # what fits into memory, if not into every one's

EPILOG = """\b
Examples:
  floodmark synth traffic --actors 1000 --scrapers fast,slow=2,ring -o lookups.parquet
  floodmark synth traffic --actors 300 --days 7 --scrapers all --form combined -o access.log.gz
  floodmark guard replay access.log.gz --mapping access.log.gz.mapping.toml -o lookups.parquet

\b
Needs keys (floodmark keys init): lookups and the truth name identifiers and actors by digests alone.
The families of scrapers: fast, batches, steady, slow, drip, shuffled, spread, listed, mimic, anonymous, ring,
list-ring, farm, burner, aware (docs/reference/synth-traffic.md).
"""


_file = click.Path(path_type=Path, dir_okay=False)


@click.command("traffic", epilog=EPILOG)
@click.option(
    "--actors",
    type=click.IntRange(0, MOST_ACTORS),
    default=1000,
    show_default=True,
    metavar="N",
    help="Honest accounts.",
)
@click.option(
    "--visitors",
    type=click.IntRange(0, 10 * MOST_ACTORS),
    metavar="N",
    help="Honest clients without account; default a tenth of the accounts.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=14,
    show_default=True,
    metavar="D",
    help="How long it lasts.",
)
@click.option(
    "--scrapers", default="", metavar="FAMILY[=N],...", help="How many of each family; all is one of each."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="S",
    help="Decides everything.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-01-05",
    show_default=True,
    help="First day, UTC.",
)
@click.option(
    "--country",
    default="GB",
    show_default=True,
    metavar="CC",
    help="Whose numbers are asked for (ISO 3166-1).",
)
@click.option("--abroad", default="DE", show_default=True, metavar="CC", help="Where travellers go.")
@click.option(
    "--blocks",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    metavar="N",
    help="Blocks of a million numbers in use.",
)
@click.option(
    "--member-share",
    default=0.15,
    show_default=True,
    metavar="SHARE",
    help="Members among the numbers in use.",
)
@click.option(
    "--resync-days",
    default=7.0,
    show_default=True,
    metavar="DAYS",
    help="Between two uploads of an address book, on average.",
)
@click.option(
    "--form",
    type=click.Choice(["lookups", "combined", "json"]),
    default="lookups",
    show_default=True,
    help="Lookups as the guard reads them, or a log.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=OutputPath(allow_dash=True),
    required=True,
    metavar="FILE",
    help="Where to; of a log, .gz and .zst are compressed and - is stdout.",
)
@click.option(
    "--truth",
    type=OutputPath(),
    metavar="FILE",
    help="Where the truth goes; default FILE.truth.parquet, and with - nowhere.",
)
@click.option(
    "--policy", type=_file, metavar="FILE", help="Policy of the guard that the family aware has read."
)
@click.option("--model", type=_file, metavar="FILE", help="Model of evidence that it has too.")
@passphrase_option
def command(
    actors: int,
    visitors: int | None,
    days: int,
    scrapers: str,
    seed: int,
    start: datetime,
    country: str,
    abroad: str,
    blocks: int,
    member_share: float,
    resync_days: float,
    form: str,
    out: Path,
    truth: Path | None,
    policy: Path | None,
    model: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write synthetic lookups of honest clients and scrapers, and who is what beside them.

    Nobody in it exists, but a number that a plan allows may be somebody's: do not call or publish any. All addresses
    are from ranges that nobody has. The same options write the same bytes.
    """
    to_stdout = str(out) == "-"
    if to_stdout and form == "lookups":
        raise UsageError(
            "Lookups are a Parquet file.", "Name it with -o FILE, or ask for a log with --form combined."
        )
    if to_stdout and sys.stdout.isatty():
        raise UsageError("A log is not for the terminal.", "Send it to a file with -o FILE, or to a pipe.")
    from floodmark.cli.guard_places import digest_key
    from floodmark.cli.workspaces import workspace
    from floodmark.synth.traffic.numbers import Service
    from floodmark.synth.traffic.traffic import make
    from floodmark.synth.traffic.writing import write

    with workspace() as place:
        key = digest_key(place, passphrase_file)
    asked = wanted(scrapers)
    service = Service(country.upper(), abroad.upper(), blocks, member_share, seed)
    with progress(3, "Making", unit="steps") as advance:
        known = _strategy(service, policy, model, key, min(days, 30), seed) if asked.get("aware") else None
        advance(1)
        made = make(
            actors=actors,
            days=days,
            scrapers=asked,
            seed=seed,
            start=start.replace(tzinfo=UTC),
            visitors=visitors,
            country=country.upper(),
            abroad=abroad.upper(),
            blocks=blocks,
            member_share=member_share,
            resync_days=resync_days,
            known=known,
        )
        advance(1)
        done = write(made, key, sys.stdout.buffer if to_stdout else out, form, truth)
        advance(1)
    honest = int(done.truth["honest"].sum())
    click.echo(
        f"Synthetic traffic: {done.lookups.height:,} lookups by {honest:,} honest actors and "
        f"{done.truth.height - honest:,} of scrapers.",
        err=True,
    )


def _strategy(
    service: Service, policy: Path | None, model: Path | None, key: DigestKey, days: int, seed: int
) -> Strategy | None:
    """What yields most under the policy and the model; None without a policy."""
    if policy is None:
        if model is not None:
            raise UsageError("A model says what is evidence and not what is done.", "Name a --policy too.")
        return None
    from floodmark.guard.evidence import read_model
    from floodmark.guard.policy import Policy
    from floodmark.synth.traffic.best_strategy import best_strategies
    from floodmark.synth.traffic.policy_rule import PolicyRule

    rule = PolicyRule(Policy.read(policy), None if model is None else read_model(model))
    best = best_strategies(service, rule, key, days=days, seed=seed)[0]
    click.echo(
        f"The scraper that knows the policy gets {best.identifiers_a_day:,.0f} identifiers a day for each account.",
        err=True,
    )
    return best.strategy


def wanted(text: str) -> dict[str, int]:
    """How many scrapers of each family.

    Raises:
        UsageError: a number is none.

    Examples:
        >>> wanted("fast, ring=3")
        {'fast': 1, 'ring': 3}
    """
    from floodmark.synth.traffic import FAMILIES

    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        family, mark, number = part.partition("=")
        if mark and not (
            number.isascii() and number.isdigit() and len(number) < 7 and int(number) <= MOST_SCRAPERS
        ):
            raise UsageError(
                f"Of a family there are up to {MOST_SCRAPERS:,} scrapers.", "Write --scrapers fast=2,ring."
            )
        for one in FAMILIES if family == "all" else (family,):
            found[one] = int(number) if mark else 1
    return found
