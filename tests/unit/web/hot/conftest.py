"""A server of a published snapshot."""

from __future__ import annotations

import pytest

from ...exposure.check.published import publish
from .served import served


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A snapshot directory, of which nothing may be changed."""
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def site(published, tmp_path):
    """A server of it."""
    with served(published.folder, tmp_path) as found:
        yield found
