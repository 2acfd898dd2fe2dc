"""systemd understands the units of the examples, and they call commands and options that there are."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import update_docs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "systemd"
SERVICES = sorted(path.name for path in EXAMPLES.glob("*.service"))
UNITS = [*SERVICES, "floodmark-renew.timer"]
PROGRAM = "/opt/floodmark/bin/floodmark"
COMMANDS = dict(update_docs.commands())
NEEDED = "the tests of examples/systemd need systemd-analyze: tools/setup-system installs it"


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.fail(NEEDED)
    command = ["systemd-analyze", "--no-pager", *words]
    return subprocess.run(
        command, env=os.environ | {"LC_ALL": "C"}, capture_output=True, text=True, check=False
    )


def lines(name: str) -> list[tuple[str, str]]:
    """The settings of a unit."""
    return re.findall(r"^(\w+)=(.*)$", (EXAMPLES / name).read_text(), re.MULTILINE)


def test_systemd_finds_nothing_to_say_of_the_units(tmp_path):
    for name in UNITS:
        text = (EXAMPLES / name).read_text().replace(PROGRAM, "/bin/true")
        (tmp_path / name).write_text(text)
    done = analyze("verify", "--man=no", *(str(tmp_path / name) for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_as_far_as_systemd_can_tell(name):
    done = analyze("security", "--offline=yes", "--threshold=20", str(EXAMPLES / name))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gives_the_passphrase_as_a_credential_and_keeps_memory_off_the_disk(name):
    settings = lines(name)
    assert ("LoadCredential", "passphrase:/etc/floodmark/passphrase") in settings
    assert ("Environment", "FLOODMARK_PASSPHRASE_FILE=%d/passphrase") in settings
    assert ("LimitCORE", "0") in settings and ("MemorySwapMax", "0") in settings
    writable = [value for key, value in settings if key == "ReadWritePaths"]
    assert not any("/var/lib/floodmark/keys" in value for value in writable)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_calls_commands_and_options_that_there_are(name):
    for command in (value for key, value in lines(name) if key == "ExecStart"):
        program, *words = shlex.split(command)
        assert program == PROGRAM
        name = max(
            (name for name in COMMANDS if f"floodmark {shlex.join(words)} ".startswith(f"{name} ")), key=len
        )
        COMMANDS[name].command.make_context(name, words[name.count(" ") :])


def test_every_path_of_the_units_is_made_by_tmpfiles_or_by_hand():
    made = {
        line.split()[1]
        for line in (EXAMPLES / "floodmark.tmpfiles").read_text().splitlines()
        if line[0] != "#"
    }
    made |= {"/etc/floodmark/passphrase"}
    named = {
        path
        for name in SERVICES
        for key, value in lines(name)
        if key not in ("ExecStart", "Description")
        for path in re.findall(r"(?<![\w%])/[\w/.-]+", value)
    }
    assert named <= made, named - made
