"""A server of a published snapshot."""

from __future__ import annotations

import pytest

from .served import served


@pytest.fixture(scope="session")
def site(published, tmp_path_factory):
    """A server of it that has enough for all tests, which leave it as it is."""
    with served(published.folder, tmp_path_factory.mktemp("budgets")) as found:
        yield found
