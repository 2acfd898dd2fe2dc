"""Every shell block that a reader is told to run does run, from an empty folder, in the page's order."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STORIES = ROOT / "docs" / "explanation" / "stories.md"
GUIDES = [*ROOT.glob("docs/tutorial/*.md"), *ROOT.glob("docs/how-to/*.md"), STORIES]
PAGES = ["README.md", *sorted(str(page.relative_to(ROOT)) for page in GUIDES)]


@pytest.mark.parametrize("page", PAGES)
def test_the_shell_blocks_of_a_page_run_from_an_empty_folder(page, tmp_path):
    blocks = re.findall(r"^```shell\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    environment = {"PATH": path, "HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONWARNINGS": "error"}
    command = ["bash", "-euo", "pipefail", "-c", "".join(blocks)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
