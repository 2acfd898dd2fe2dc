"""`floodmark doctor`: whether this machine is fit for hours of sealing, and how many they would be."""

from __future__ import annotations

import os

import click

from floodmark.cli.device_option import device_option
from floodmark.cli.stdout import put, put_json

EPILOG = """\b
Examples:
  floodmark doctor
  floodmark doctor -o json
  floodmark doctor --device cuda

\b
Evaluates for about a second, with a key that is made up and forgotten: your keys are not read, and nothing is written.
Exit codes: 0 when all is well, 1 when something has to be mended before anything is sealed.
"""


@click.command(epilog=EPILOG)
@device_option
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
def command(device: str, output: str) -> None:
    """Say what this machine evaluates with, how fast, and whether it does so correctly.

    Compares with libsodium on random inputs, and looks at memory, disk, core dumps and who may use the keys' folder.
    """
    from floodmark.cli.diagnosis import diagnose
    from floodmark.cli.doctor_text import render, values_of
    from floodmark.exposure.oprf import engine

    found = diagnose(engine(device), random=os.urandom)
    if output == "json":
        put_json(values_of(found))
    else:
        put(render(found))
    found.raise_what_is_wrong()
