"""A workspace whose leaks are sealed, as the tests of snapshots make it."""

from __future__ import annotations

import pytest

from floodmark.register.workspace import Workspace

from ...register.conftest import save, workspace  # noqa: F401
from ...register.test_snapshots import keyring, rows, sealed, snapshot  # noqa: F401


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A workspace as its first write leaves it, which `save` copies."""
    folder = tmp_path_factory.mktemp("blank") / "floodmark"
    with Workspace.open(folder, wait=0).writing("test"):
        pass
    return folder
