"""Servers that clients cannot hold, each for all tests of a file that leave nothing behind."""

from __future__ import annotations

import pytest

from ..hot.served import served
from .clients import Told


@pytest.fixture(scope="module")
def patient(published, tmp_path_factory):
    """A server that waits for everybody, but for a next request."""
    patience = Told(next=0.1)
    with served(published.folder, tmp_path_factory.mktemp("budgets"), patience=patience) as found:
        yield found
