"""The description of the API held to a server: schemathesis asks all that it allows, and much that it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from .workspace import floodmark

SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
SETTINGS = """
hooks = "schemathesis_hooks"
[checks.negative_data_rejection]
expected-statuses = ["4xx"]
"""


@pytest.fixture
def hold(server, tmp_path):
    """Has schemathesis look for faults; it says what it found where it finds any."""

    def run(settings, *options):
        (tmp_path / "schemathesis.toml").write_text(SETTINGS + settings)
        done = subprocess.run(
            [SCHEMATHESIS, "--config-file", "schemathesis.toml", "--no-color", "run", f"{server.address}/openapi.json",
             "--seed", "5", "--request-timeout", "60", "--continue-on-failure", "--warnings", "off", *options],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": str(Path(__file__).parent),
                "PYTHONHASHSEED": "5",  # by which sets are in the same order, too
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]

    return run


def test_no_fault_is_found_in_any_operation(hold, server):
    hold("", "--max-examples", "12")


def test_no_fault_is_found_in_what_is_there(hold, server):
    snapshot = httpx.get(f"{server.address}/v1/leaks", timeout=60).json()["snapshot"]["id"]
    hold(
        f'[parameters]\n"path.id" = "{snapshot}"\n"path.slug" = "one"\n',
        "--max-examples", "12", "--mode", "positive", "--phases", "coverage,fuzzing",
        "--include-path-regex", "[{]",
    )  # fmt: skip


def test_no_fault_is_found_by_whoever_may_read_all(hold, made):
    key = floodmark(made.folder, "api-keys", "make", "--label", "Tests", "--scope", "read").strip()
    hold("", "--max-examples", "12", "--include-tag", "leaks", "--header", f"Authorization: Bearer {key}")
