"""What the tests of a server share."""

from __future__ import annotations

import pytest

from ..exposure.check.published import publish


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A snapshot directory, of which nothing may be changed."""
    return publish(tmp_path_factory.mktemp("published"))
