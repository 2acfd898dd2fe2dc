"""A workspace whose leaks are sealed, as the tests of snapshots make it."""

from ...register.conftest import blank, save, workspace  # noqa: F401
from ...register.test_snapshots import keyring, rows, sealed, snapshot  # noqa: F401
