"""The option `--device` of commands that evaluate in bulk."""

from __future__ import annotations

import click

device_option = click.option(
    "--device",
    type=click.Choice(["cpu", "libsodium", "cuda"]),
    default="cpu",
    show_default=True,
    help="What evaluates: the fastest way of this processor, libsodium, or a graphics card.",
)
