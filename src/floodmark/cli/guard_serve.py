"""`floodmark guard serve`: whether a request for identifiers may be answered, for a web server that asks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.serve import NetworkAddress
from floodmark.errors import FloodmarkError, UsageError

if TYPE_CHECKING:
    from floodmark.guard.logs import Mapping

EPILOG = """\b
Examples:
  floodmark guard serve --mapping api.toml
  floodmark guard serve --mapping api.toml --listen unix:/run/floodmark/guard.sock --header account=X-Account
  floodmark guard serve --mapping api.toml --policy strict.toml --honours coarsen --fail open

\b
It runs until Ctrl-C or SIGTERM. examples/guard/nginx has a configuration of nginx that asks it.
"""


class PartOfActor(click.ParamType[tuple[str, str]]):
    """A part of an actor and the header that says it, such as `account=X-Account`."""

    name = "header"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The part, and the header's name.

        Raises:
            UsageError: it is none.
        """
        from floodmark.guard.actors import PARTS

        if isinstance(value, tuple):
            return value
        part, _, header = str(value).partition("=")
        if (
            part not in PARTS
            or not header.isascii()
            or not header.replace("-", "").replace("_", "").isalnum()
        ):
            raise UsageError(
                "--header is no part of an actor and a header.",
                f"Write PART=NAME, such as account=X-Account; parts are {', '.join(PARTS)}.",
            )
        return part, header


@click.command(epilog=EPILOG)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Which endpoints there are, and where a request has its identifiers; as for guard replay.",
)
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The policy. Default: guard/policy.toml of the workspace, else one that limits and does not act.",
)
@click.option(
    "--listen",
    default="127.0.0.1:8091",
    show_default=True,
    metavar="PLACE",
    help="Address and port, or unix:PATH. Whoever can connect there is believed.",
)
@click.option(
    "--header",
    "headers",
    type=PartOfActor(),
    cls=ByHand,
    multiple=True,
    metavar="PART=NAME",
    help="A header that the web server writes, over what a client sent: account=X-Account. More than once for several.",
)
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    type=NetworkAddress(),
    cls=ByHand,
    multiple=True,
    metavar="NETWORK",
    help="Believe X-Forwarded-For from there, besides this machine; for proxies before the web server.",
)
@click.option(
    "--honours",
    type=click.Choice(["coarsen", "challenge"]),
    multiple=True,
    help="What the application does itself where the web server hands X-Floodmark-Action on; otherwise it is refused.",
)
@click.option(
    "--fail",
    type=click.Choice(["closed", "open"]),
    default="closed",
    show_default=True,
    help="Whether a request is refused or answered that cannot be decided on.",
)
@passphrase_option
def command(**given: Any) -> None:
    """Decide for a web server which requests for identifiers may be answered.

    nginx asks by auth_request, Envoy by ext_authz over HTTP, and any program in JSON. Budgets last over restarts, in
    the workspace. Unless the policy says shadow = false it decides, counts and allows everything.
    """
    from floodmark.cli.guard_places import digest_key, guard_folder
    from floodmark.cli.workspaces import workspace
    from floodmark.guard.logs import Mapping
    from floodmark.guard.middleware_asked import MappedLookup
    from floodmark.guard.policy import Policy
    from floodmark.register.key_secrets import forbid_core_dumps
    from floodmark.web.deciding import Deciding, NewestAllowList, Place, run

    forbid_core_dumps()
    place = Place.of(given["listen"])
    mapping = Mapping.read(given["mapping_file"])
    policy = Policy.read(given["policy_file"]) if given["policy_file"] else None
    home = workspace()
    folder = guard_folder(home)
    with folder.opened(digest_key(home, given["passphrase_file"]), at=time.time(), policy=policy) as guard:
        app = Deciding(
            guard,
            MappedLookup(mapping, dict(given["headers"])),
            trusted_proxies=map(str, given["trusted_proxies"]),
            honours=given["honours"],
            fail=given["fail"],
            before=NewestAllowList(guard, folder.allowed, _warn),
        )
        if not place.is_local:
            _say("warning: others than this machine can ask, and whoever asks is believed.")
        _say_what_is_unseen(mapping)
        if guard.policy.shadow:
            _say("The policy is one of shadow: everything is allowed, and counted.")
        run(app, place, ready=_say)


def _say_what_is_unseen(mapping: Mapping) -> None:
    names = [endpoint.name for endpoint in mapping.endpoints if endpoint.place.in_body]
    if names:
        _say(
            f"nginx sends no bodies, so it cannot ask about {', '.join(names)}: "
            "use Envoy, /v1/decisions or the middleware."
        )


def _warn(error: FloodmarkError) -> None:
    _say(f"warning ({error.slug}): {error.message}. The allow-list before it stays.")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
