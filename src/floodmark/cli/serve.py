"""`floodmark serve`: the private check in a browser, and the HTTP API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.snapshot_places import root_key_option, signing_root
from floodmark.errors import FloodmarkError, NothingToRead, UsageError

if TYPE_CHECKING:
    from floodmark.guard.blind import Exemption
    from floodmark.register.workspace import Workspace
    from floodmark.web.settings import Network, Settings
    from floodmark.web.site import Site

EPILOG = """\b
Examples:
  floodmark serve
  floodmark serve --host 0.0.0.0 --port 80 --operator "Example CERT" --contact abuse@example.org
  floodmark serve --trusted-proxy 127.0.0.1 --per-address 20 --per-server 100000
  floodmark serve --role evaluator --port 8081 --buckets-at https://buckets.example.org
  floodmark serve --role buckets --snapshot www/ --evaluator-at https://evaluate.example.org --root-key 3b6a27bc...

\b
It runs until Ctrl-C or SIGTERM, and answers what is under way before it ends.
"""


class NetworkAddress(click.ParamType["Network"]):
    """An address or a network of the internet, such as `127.0.0.1` or `10.0.0.0/8`."""

    name = "network"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Network:
        """The network.

        Raises:
            UsageError: it is none.
        """
        try:
            return ip_network(str(value))
        except ValueError:
            raise UsageError(
                "--trusted-proxy is no address and no network.",
                "Give those of your own proxies, such as 127.0.0.1 or 10.0.0.0/8 (no bits set beyond the mask).",
            ) from None


class ExemptNetwork(click.ParamType["Exemption"]):
    """A network and the last day on which it is exempt, such as `192.0.2.0/24=2026-12-31`."""

    name = "exemption"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Exemption:
        """The exemption.

        Raises:
            UsageError: it is none.
        """
        from floodmark.guard.blind import read_exemption

        return read_exemption(str(value))


def _limit(name: str, default: int, what: str) -> Callable[[Any], Any]:
    return click.option(
        name, type=click.IntRange(0), default=default, show_default=True, metavar="N", help=what
    )


@click.command(epilog=EPILOG)
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder of the snapshot, as published. Default: always the newest of the workspace.",
)
@click.option(
    "--role",
    type=click.Choice(["evaluator", "buckets", "both"]),
    default="both",
    show_default=True,
    help="What this server does. With two operators, neither learns who asked for whom.",
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    metavar="N",
    help="Listen at; 0 for any.",
)
@click.option(
    "--evaluator-at", metavar="ADDRESS", help="The other server, where this one hosts buckets only."
)
@click.option("--buckets-at", metavar="ADDRESS", help="The other server, where this one evaluates only.")
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    type=NetworkAddress(),
    cls=ByHand,
    multiple=True,
    metavar="NETWORK",
    help="Believe X-Forwarded-For from there; more than once for several. Default: from nobody. Whoever can connect"
    " from there can make up addresses, and with them budgets: name your proxies alone, not their network.",
)
@_limit("--per-address", 20, "Evaluations a day for one IPv4 address or IPv6 /56.")
@_limit("--per-network", 5_000, "Evaluations a day for one IPv4 /16 or IPv6 /32.")
@_limit("--per-server", 100_000, "Evaluations a day for all who have no API key.")
@click.option(
    "--exempt",
    "exemptions",
    type=ExemptNetwork(),
    cls=ByHand,
    multiple=True,
    metavar="NETWORK=DATE",
    help="No limit but the server's for a network, such as a helpdesk's, up to and with a day; more than once for"
    " several. Everybody who can ask from there can.",
)
@click.option("--operator", default="", metavar="NAME", help="Who runs this server, for its pages.")
@click.option("--contact", default="", metavar="TEXT", help="How to reach the operator, for its pages.")
@click.option("--opt-out", "optout", default="", metavar="TEXT", help="How somebody opts out, for its pages.")
@click.option("--analysts", cls=ByHand, is_flag=True, help="Let analysts sign in: floodmark analysts add.")
@click.option(
    "--insecure-cookies",
    cls=ByHand,
    is_flag=True,
    help="Sign in over plain HTTP; to try it on this machine only.",
)
@click.option("--metrics-open", cls=ByHand, is_flag=True, help="Answer /metrics to others than this machine.")
@root_key_option
@passphrase_option
def command(**given: Any) -> None:
    """Serve the private check: its pages, the HTTP API, evaluations and the snapshot's buckets.

    Nothing else has to run. Without options it answers on this machine only, from the newest snapshot of the
    workspace, and takes a newer one without a restart. Before others can reach it put a web server that speaks TLS
    in front and name that with --trusted-proxy; examples/ has one.

    The evaluation key is unwrapped once, at the start; the digest key never is.
    """
    from floodmark.register.key_secrets import forbid_core_dumps
    from floodmark.web.app import application
    from floodmark.web.serving import run

    forbid_core_dumps()
    with serving(given) as site:
        run(application(site), site.settings, ready=_say)


@contextmanager
def serving(given: dict[str, Any]) -> Iterator[Site]:
    """The parts of the server that was asked for."""
    from floodmark.cli.workspaces import workspace
    from floodmark.exposure.check import LocalEvaluator
    from floodmark.register.budgets import BudgetLedger
    from floodmark.web.day_keeping import days_kept
    from floodmark.web.published import PublishedSnapshot
    from floodmark.web.site import Site

    place = workspace()
    settings = _settings(given, place)
    own = _signs(place) == settings.root_key
    with ExitStack() as stack:
        evaluator = budget = sign_in_key = None
        if settings.evaluates:
            from floodmark.cli.keys import keyring

            keys = stack.enter_context(keyring(given["passphrase_file"]))
            evaluator = LocalEvaluator(keys.evaluation_key())
            budget = stack.enter_context(BudgetLedger.open(place.folder / "budgets.sqlite", settings.limits))
            stack.enter_context(days_kept(budget, _now))
        if settings.analysts:
            from floodmark.register import sign_in_key as keys_of_sign_in

            sign_in_key = keys_of_sign_in.load(workspace=place.folder)
        published = stack.enter_context(
            PublishedSnapshot(
                given["snapshot"] or place, settings.root_key, _now, judge=place if own else None
            )
        )
        site = Site(
            settings=settings,
            clock=_now,
            published=published,
            evaluator=evaluator,
            budget=budget,
            # A leak of another's snapshot may have the name of one of ours, of which nobody is to be told.
            workspace=place if own else None,
            sign_in_key=sign_in_key,
        )
        _look_at_snapshot(site)
        yield site


def _look_at_snapshot(site: Site) -> None:
    """Say at the start what nobody would see before a check fails.

    Raises:
        NothingToRead: there is no snapshot to host.
        WrongEpoch: it is of another epoch than the key, so that no check could be made.
    """
    from floodmark.exposure.snapshots import WrongEpoch

    if not site.settings.hosts_buckets:
        return
    try:
        snapshot = site.published.current().snapshot
    except NothingToRead:
        raise
    except FloodmarkError as error:
        click.echo(
            f"warning ({error.slug}): {error.message} Until that is mended, nobody is answered.", err=True
        )
        return
    if site.evaluator is not None and site.evaluator.epoch != snapshot.epoch:
        raise WrongEpoch(
            f"The snapshot is of epoch {snapshot.epoch}, and the key of epoch {site.evaluator.epoch}.",
            "Seal the leaks with the key of today, and make a snapshot: floodmark seal, floodmark snapshot make.",
        )


def _settings(given: dict[str, Any], place: Workspace) -> Settings:
    """What was chosen.

    Raises:
        UsageError: it does not go together.
        BadAddress: an address is none.
    """
    from floodmark.exposure.check import base_of
    from floodmark.web.settings import Limits, Operator, Settings

    for role, option in (("evaluator", "evaluator_at"), ("buckets", "buckets_at")):
        if given[option] is not None and given["role"] in (role, "both"):
            raise UsageError(
                f"--{option.replace('_', '-')} names another server, and this one does that itself.",
                f"Leave it out, or choose another --role than {given['role']}.",
            )
    return Settings(
        role=given["role"],
        host=given["host"],
        port=given["port"],
        evaluator_at=given["evaluator_at"] and base_of(given["evaluator_at"]),
        buckets_at=given["buckets_at"] and base_of(given["buckets_at"]),
        root_key=given["root_key"] or _own_root(place, given["snapshot"]),
        trusted_proxies=tuple(given["trusted_proxies"]),
        limits=Limits(address=given["per_address"], network=given["per_network"], server=given["per_server"]),
        exemptions=tuple(given["exemptions"]),
        operator=Operator(name=given["operator"], contact=given["contact"], optout=given["optout"]),
        analysts=given["analysts"],
        insecure_cookies=given["insecure_cookies"],
        metrics_open=given["metrics_open"],
    )


def _own_root(place: Workspace, snapshot: Path | None) -> bytes:
    """The workspace's root key.

    Raises:
        NothingToRead: it has made nothing that could be served.
        UsageError: the snapshot is from elsewhere, and whose signature it has to have is not known.
    """
    from floodmark.register.snapshot_folders import latest_snapshot

    if snapshot is None and latest_snapshot(place) is None:
        raise NothingToRead(
            "There is no snapshot in this workspace.",
            "Make one: floodmark save, floodmark seal, floodmark snapshot make. For another's give --snapshot.",
        )
    return signing_root(place)


def _signs(place: Workspace) -> bytes | None:
    """The root key of a workspace; None where it has signed nothing yet."""
    from floodmark.register.workspace_keys import signer

    with place.connect() as connection:
        return signer(connection)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
