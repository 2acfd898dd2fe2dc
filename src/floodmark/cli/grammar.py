"""`floodmark grammar`: learn how a file is read, write it down, and see why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.opening_options import opening_of, password_option
from floodmark.cli.outputs import OutputPath
from floodmark.cli.reading_options import grammar_options, overrides_of
from floodmark.cli.stdout import put, put_json
from floodmark.errors import UsageError
from floodmark.files import real

if TYPE_CHECKING:
    from floodmark.dumps import Unopened
    from floodmark.dumps.explaining import Explanation

LEARN = """\b
Examples:
  floodmark grammar learn odd.txt -o odd.toml      (edit it, then:)
  floodmark triage odd.txt --grammar odd.toml
  floodmark grammar learn odd.txt --delimiter '|' -o -
"""
EXPLAIN = """\b
Examples:
  floodmark grammar explain odd.txt
  floodmark grammar explain odd.txt --grammar odd.toml
  floodmark grammar explain odd.txt -o json
"""


member_option = click.option(
    "--member", cls=ByHand, metavar="NAME", help="One member of an archive, as reports call it."
)


@click.group()
def command() -> None:
    """Learn how a file is read, write it down, and see why it is read so."""


@command.command("learn", epilog=LEARN)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=OutputPath(allow_dash=True),
    required=True,
    metavar="FILE",
    help="Grammar file to write; - is stdout.",
)
@member_option
@grammar_options
@password_option
def learn(path: Path, output: Path, **given: Any) -> None:
    """Write how a file is read to a grammar file, to edit and to read by.

    The grammar is inferred from a sample of the file; what an option states is taken as it is.
    """
    from floodmark.dumps import Unopened, to_toml
    from floodmark.files import write_atomic

    if str(output) != "-" and real(output) == real(path):
        raise UsageError(f"{output.name} is the input", "Name a file of its own for the grammar.")
    first, *others = (one for one in _explanations(path, given) if not isinstance(one, Unopened))
    if others:
        raise UsageError(
            f"The file has {len(others) + 1:,} members, and a grammar is of one",
            "Name one with --member; its grammar reads the others that are alike.",
        )
    text = to_toml(*first.grammars)
    if str(output) == "-":
        click.echo(text, nl=False)
    else:
        write_atomic(output, text.encode())


@command.command("explain", epilog=EXPLAIN)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@member_option
@grammar_options
@password_option
def explain(path: Path, output: str, **given: Any) -> None:
    """Say why a file is read as it is: what was looked at, what else was considered, and why that lost.

    Container, encoding, kind of record, delimiter, header and the type of every column, each with how sure it is and
    its runners-up. Nothing of the content is shown. A * marks what was chosen.
    """
    from floodmark.cli.grammar_text import as_json, render

    found = _explanations(path, given)
    if output == "json":
        put_json([as_json(one) for one in found])
        return
    from rich.console import Group

    put(Group(*map(render, found)))


def _explanations(path: Path, given: dict[str, Any]) -> list[Explanation | Unopened]:
    from floodmark.dumps.explaining import explanations

    opening = opening_of(given["password_file"])
    return list(
        explanations(
            path, grammar=given["grammar"], opening=opening, member=given["member"], **overrides_of(given)
        )
    )
