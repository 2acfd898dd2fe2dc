"""kill -9 at random moments leaves the old state or the new one, never half, and the next run cleans up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# 6 x 54 kills in every run of the tests; FLOODMARK_KILLS asks for more in each of the six.
KILLS = int(os.environ.get("FLOODMARK_KILLS", "54"))


def kill(what, folder, seed, kills=KILLS, script="kill_loop.py"):
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            Path(__file__).with_name(script),
            what,
            folder,
            str(seed),
            str(kills),
        ],
        capture_output=True,
        text=True,
        timeout=600 + 10 * kills,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert sum(seen.values()) >= kills
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_a_save_that_is_killed_leaves_the_leak_as_it_was_or_as_it_is_to_become(tmp_path, seed):
    seen = kill("save", tmp_path, seed)
    for phase in ("Reading", "Keeping", "kept"):
        assert any(outcome.startswith(f"{phase}, killed") for outcome in seen), seen


@pytest.mark.parametrize("seed", range(2))
def test_a_forget_or_a_first_save_that_is_killed_leaves_all_of_a_leak_or_nothing(tmp_path, seed):
    seen = kill("forget", tmp_path, seed)
    assert sum(count for outcome, count in seen.items() if outcome.startswith("forget")) >= KILLS // 4, seen


@pytest.mark.parametrize("what", ["seal", "snapshot", "publish"])
def test_a_seal_a_snapshot_or_a_publication_that_is_killed_leaves_the_former_or_the_new_one(tmp_path, what):
    seen = kill(what, tmp_path, 1, KILLS // 3, "kill_sealing.py")
    assert any("killed, old" in outcome for outcome in seen), seen
    if what == "seal":
        assert any("resumed" in outcome for outcome in seen), seen
