"""`floodmark synth leak` as a person runs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from floodmark.cli import main
from floodmark.synth import leak


def test_the_command_writes_what_the_library_writes(tmp_path, capsys):
    path = tmp_path / "twin.txt"
    arguments = ["--twin", "facebook-2021", "--rows", "300", "--seed", "9", "--damage", "0.1", "--order", "4"]
    assert main(["synth", "leak", *arguments, "--country", "FR", "--country", "de", "-o", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Synthetic facebook-2021: 301 lines, 30 of them damaged, ")
    other = tmp_path / "other.txt"
    leak("facebook-2021", 300, 9, other, damage=0.1, order=4, countries=["DE", "FR"])
    assert path.read_bytes() == other.read_bytes()
    truths = [(tmp_path / f"{name}.txt.truth.json").read_bytes() for name in ("twin", "other")]
    assert truths[0] == truths[1]


def test_a_dash_writes_the_text_and_nothing_else_to_stdout(tmp_path):
    arguments = ["synth", "leak", "--twin", "whatsapp-2022", "--rows", "50", "--damage", "0", "-o", "-"]
    code = f"import sys; from floodmark.cli import main; sys.exit(main({arguments!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=True)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "# floodmark-synthetic twin=whatsapp-2022 seed=0 rows=50"
    assert len(lines) == 51
    assert all(line.isdigit() for line in lines[1:])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--twin", "none", "--rows", "5"], 2),
        (["--twin", "combo", "--rows", "0"], 2),
        (["--twin", "combo", "--rows", "5", "--damage", "0.9"], 2),
        (["--twin", "combo", "--rows", "5", "--country", "XX"], 2),
        (["--twin", "combo", "--rows", "5", "--order", "email"], 2),
    ],
)
def test_wrong_options_exit_with_2_and_write_nothing(tmp_path, capsys, arguments, code):
    assert main(["synth", "leak", *arguments, "-o", str(tmp_path / "a.txt")]) == code
    assert "Traceback" not in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_twin_is_left_alone(tmp_path, capsys):
    dump = tmp_path / "dump.txt"
    dump.write_bytes(b"found")
    assert main(["synth", "leak", "--twin", "combo", "--rows", "5", "-o", str(dump)]) == 1
    assert "target-taken" in capsys.readouterr().err
    assert dump.read_bytes() == b"found"
