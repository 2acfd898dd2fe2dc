"""What commands of the guard on past lookups read besides: policy, model, canaries and the allow-list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.guard_places import guard_folder
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from floodmark.guard.allow import AllowList
    from floodmark.guard.canaries import Canaries
    from floodmark.guard.evidence import Learned
    from floodmark.guard.policy import Policy

_file = click.Path(path_type=Path, dir_okay=False)
_policy_option = click.option(
    "--policy", type=_file, metavar="FILE", help="Policy. Default: the workspace's."
)
_model_option = click.option(
    "--model", type=_file, metavar="FILE", help="Model of evidence. Default: the workspace's."
)


def inputs_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--policy` and `--model`."""
    return _policy_option(_model_option(command))


@dataclass(frozen=True)
class Inputs:
    """What a guard would have known.

    Attributes:
        policy: to decide by.
        canaries: of the workspace; none where they are under another digest key.
        allowed: list of the workspace, of which those who are on it now count as having been on it all the time;
            nobody where it is under another digest key.
        learned: model of evidence; None where there is none.
        source: of the policy: `file`, `workspace`, or `nothing` where none is stated.
    """

    policy: Policy
    canaries: Canaries
    allowed: AllowList
    learned: Learned | None
    source: str

    def said_of_policy(self) -> str:
        """Which policy it is, as a sentence."""
        own = self.policy.profile == "own"
        limits = "limits of its own" if own else f"profile {self.policy.profile}"
        return {
            "file": f"Policy: that of --policy, {limits}.",
            "workspace": f"Policy: the workspace's, {limits}.",
            "nothing": f"Policy: none is stated, so {limits}.",
        }[self.source]


def read_inputs(policy: Path | None, model: Path | None, key_id: str) -> Inputs:
    """What a guard would have known of lookups under a digest key; what does not go with them is said on stderr.

    Args:
        policy: file; None for that of the workspace, or that of nothing stated.
        model: file; None for that of the workspace, if there is one.
        key_id: of the lookups' digest key.

    Raises:
        PolicyError, BadLimit: the policy cannot be read.
        UsageError: the model that was named is under another digest key.
        UnreadableInput, GuardFileError: a file is damaged.
    """
    from floodmark.errors import UsageError
    from floodmark.guard.allow import AllowList
    from floodmark.guard.canaries import Canaries
    from floodmark.guard.evidence import read_model
    from floodmark.guard.keyed_json import OtherKey
    from floodmark.guard.policy import Policy

    with workspace() as place:
        folder = guard_folder(place)
    chosen = folder.read_policy() if policy is None else Policy.read(policy)
    source = "file" if policy is not None else "workspace" if folder.policy.exists() else "nothing"
    canaries, allowed = Canaries(), AllowList()
    try:
        canaries = Canaries.read(folder.canaries, key_id)
        allowed = AllowList.read(folder.allowed, key_id).backdated(datetime.now(UTC).timestamp())
    except OtherKey:
        click.echo(
            "Canaries and allow-list of the workspace are under another digest key: left out.", err=True
        )
    learned = None
    if model is not None or folder.model.exists():
        learned = read_model(model or folder.model)
        if learned.key_id != key_id and model is not None:
            raise UsageError(
                "The model was learnt under another digest key than the lookups",
                "Learn it from lookups under the same key.",
            )
        if learned.key_id != key_id:
            click.echo("The workspace's model is under another digest key: left out.", err=True)
            learned = None
    return Inputs(chosen, canaries, allowed, learned, source)
