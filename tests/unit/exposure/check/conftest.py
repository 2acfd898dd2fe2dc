"""A published snapshot for every test of checks."""

from __future__ import annotations

import pytest

from .published import Published, publish


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A snapshot directory, of which nothing may be changed."""
    return publish(tmp_path_factory.mktemp("published"))
