"""A server writes nothing but its workspace: it runs where keys and all else are read-only, as the examples have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from ..browser.workspace import FLOODMARK, environment, floodmark

NEEDED = "a read-only file system needs unshare and mount: be root, or allow user namespaces"
SCRIPT = r"""
set -e
mount --make-rprivate /
mount --bind "$1/home" "$1/home"
mount --bind "$1/keys" "$1/keys"
mount -o remount,bind,ro "$1/keys"
mount -o remount,bind,ro /
if touch "$1/keys/x" "$1/x" 2>/dev/null; then exit 1; fi
cd "$1/home"
"$2" serve --port 0 2> "$1/home/log" &
until grep -q Listening "$1/home/log"; do kill -0 $! || { cat "$1/home/log" >&2; exit 1; }; sleep 0.1; done
address=$(grep -o 'http://[0-9.:]*' "$1/home/log")
for path in / /leaks/one /leaks/one/charts/world.svg /readyz /v1/snapshot; do echo "$address$path"; done |
    "$3" -c '
import sys, httpx
with httpx.Client(trust_env=False, timeout=60) as client:
    for address in sys.stdin:
        client.get(address.strip()).raise_for_status()
'
kill -TERM $!
wait $!
"$2" snapshot make
"""


def test_a_server_and_a_renewal_write_nothing_but_the_workspace(tmp_path):
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.fail(NEEDED)
    words = ["--twin", "facebook-2021", "--rows", "200", "--seed", "1", "-o", "dump.txt"]
    floodmark(tmp_path, "synth", "leak", *words)
    floodmark(tmp_path, "keys", "init", "--wrap", "none")
    floodmark(tmp_path, "save", "one", "dump.txt")
    floodmark(tmp_path, "seal", "one", "--from", "dump.txt")
    floodmark(tmp_path, "snapshot", "make")
    apart = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    done = subprocess.run(
        [*apart, "bash", "-c", SCRIPT, "bash", str(tmp_path), FLOODMARK, sys.executable],
        env=environment(tmp_path) | {"PYTHONDONTWRITEBYTECODE": "1", "FLOODMARK_TMP": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Snapshot 2" in done.stdout
