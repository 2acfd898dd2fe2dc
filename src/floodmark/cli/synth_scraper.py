"""`floodmark synth scraper`: how much somebody gets who knows the detector."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from floodmark.identifiers.digests import DigestKey
    from floodmark.synth.traffic.best_strategy import Yield
    from floodmark.synth.traffic.rules import Rule

EPILOG = """\b
Examples:
  floodmark synth scraper
  floodmark synth scraper --policy policy.toml --model model
  floodmark synth scraper --capacity 100 --per-hour 60 --days 30 -o json

\b
Without --policy the rules are those that stand ready: a distinct count, and the profiles of budgets. With --model,
evidence is weighed too; it needs the keys under which the model was learnt.
"""
WAYS = {"range": "a range", "spread": "anywhere", "list": "a list", "book": "stolen books"}
_file = click.Path(path_type=Path, dir_okay=False)


@click.command("scraper", epilog=EPILOG)
@click.option("--policy", type=_file, metavar="FILE", help="Policy that the scraper has read.")
@click.option("--model", type=_file, metavar="FILE", help="Model of evidence that it has too.")
@click.option(
    "--capacity",
    type=click.IntRange(1, 10**6),
    default=300,
    show_default=True,
    metavar="N",
    help="Room of the distinct count.",
)
@click.option(
    "--per-hour",
    type=click.FloatRange(0.001, 10**6),
    default=60.0,
    show_default=True,
    metavar="N",
    help="What leaks out of it.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 90),
    default=14,
    show_default=True,
    metavar="D",
    help="How long each strategy is tried.",
)
@click.option(
    "--accounts",
    type=click.IntRange(1, 100),
    default=2,
    show_default=True,
    metavar="N",
    help="Accounts that try each.",
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
    "--country",
    default="GB",
    show_default=True,
    metavar="CC",
    help="Whose numbers are asked for (ISO 3166-1).",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@passphrase_option
def command(
    policy: Path | None,
    model: Path | None,
    capacity: int,
    per_hour: float,
    days: int,
    accounts: int,
    seed: int,
    country: str,
    output: str,
    passphrase_file: Path | None,
) -> None:
    """Let a made-up scraper that knows the detector find what yields most, and say how much that is.

    It tries how many identifiers to ask for at once and a day, in which order, and at which hours, against the detector
    itself, as often as it likes. What is said is what each account of its best strategies got when they were tried
    anew.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.synth.traffic.best_strategy import best_of_each, best_strategies, tried_again
    from floodmark.synth.traffic.numbers import Service

    key = _key(model, passphrase_file)
    rules = _rules(policy, model, capacity, per_hour)
    service = Service(country.upper(), "FR" if country.upper() == "DE" else "DE", 40, 0.15, seed)
    found: list[Yield] = []
    with progress(len(rules), "Trying", unit="rules") as advance:
        for rule in rules:
            tried = best_strategies(service, rule, key, accounts=accounts, days=days, seed=seed)
            found += tried_again(service, best_of_each(tried), rule, key, seed + 1)
            advance(1)
    if output == "json":
        put_json({"synthetic": True, "days": days, "yields": [_table(one) for one in found]})
    else:
        from rich.console import Group

        put(Group(*_shown(found, days)))


def _key(model: Path | None, passphrase_file: Path | None) -> DigestKey:
    """The workspace's key where a model is under it; otherwise any does, since nothing is kept."""
    from floodmark.identifiers.digests import SECRET_BYTES, DigestKey

    if model is None:
        return DigestKey(bytes(SECRET_BYTES))
    from floodmark.cli.guard_places import digest_key
    from floodmark.cli.workspaces import workspace

    with workspace() as place:
        return digest_key(place, passphrase_file)


def _rules(policy: Path | None, model: Path | None, capacity: int, per_hour: float) -> list[Rule]:
    from floodmark.guard.budgets import PROFILES
    from floodmark.guard.evidence import read_model
    from floodmark.guard.policy import Policy
    from floodmark.synth.traffic.policy_rule import PolicyRule
    from floodmark.synth.traffic.rules import DistinctCount

    learned = None if model is None else read_model(model)
    known = (
        {"policy": Policy.read(policy)}
        if policy
        else {name: Policy(name, PROFILES[name]) for name in PROFILES}
    )
    rules: list[Rule] = [DistinctCount(capacity, per_hour / 3600)]
    rules += [PolicyRule(one, None, name) for name, one in known.items()]
    if learned is not None:
        rules += [PolicyRule(one, learned, f"{name}, evidence") for name, one in known.items()]
    return rules


def _table(one: Yield) -> dict[str, Any]:
    return {**asdict(one), "accounts_for_a_million": one.accounts_for_a_million}


def _asked(one: Yield) -> str:
    if not one.looked:
        return "anything"
    return WAYS[one.strategy.order] + (", disguised" if one.strategy.cover else "")


def _shown(found: list[Yield], days: int) -> Iterator[RenderableType]:
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable

    yield Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow")
    rows = [
        (
            one.rule,
            _asked(one),
            f"{one.strategy.burst:,}",
            f"{one.strategy.per_day:,.0f}",
            f"{one.identifiers_a_day:,.0f}",
            f"{one.members_a_day:,.0f}",
            f"{one.accounts_for_a_million:,}",
        )
        for one in found
    ]
    yield FittingTable(
        f"What an account gets that knows the detector, over {days} days",
        "Detector|Asks for|>At once|>Later a day|>Gets a day|>Members|>For a million",
        rows,
    )
    yield Text(
        "For a million: accounts that together get that many identifiers in that time. Disguised: with numbers of "
        "shops, which many ask for, among the others or before them; these do not count."
    )
