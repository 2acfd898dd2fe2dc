"""One workspace for all, and for each process of the tests one browser and one server with plenty to give."""

from __future__ import annotations

from pathlib import Path

import pytest

from .chromium import chromium
from .serving import PLENTY, serving
from .workspace import copy, shared

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """These tests talk to servers of this machine, and to no other."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def published(tmp_path_factory, worker_id):
    """The workspace that all share, not to be changed."""
    return shared(tmp_path_factory.getbasetemp(), worker_id)


@pytest.fixture(scope="session")
def made(published, tmp_path_factory):
    """This process's own copy of the workspace."""
    return copy(published, tmp_path_factory.mktemp("workspace") / "copy")


@pytest.fixture(scope="session")
def server(made):
    """A server that does everything, and refuses nobody."""
    with serving(made, "--analysts", "--insecure-cookies", *PLENTY) as served:
        yield served


@pytest.fixture(scope="module")
def browser():
    """The browser; not longer than a module, since its driver's event loop would be in the way of others' tests."""
    with chromium() as started:
        yield started
