"""A published snapshot for every test of checks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .published import Published, publish
from .server import Server, serving


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, and no certificates of whoever runs the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A snapshot directory, of which nothing may be changed."""
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def server(published: Published) -> Iterator[Server]:
    """A server of it, which lies when told to."""
    with serving(published) as made:
        yield made
