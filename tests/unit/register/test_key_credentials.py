"""A passphrase that systemd hands to a service is taken; what only looks like that is not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from floodmark.register.key_privacy import KeysExposed, check_private

FOLDER = Path("/run/credentials/floodmark.service")


def about(*, mode: int, owner: int) -> os.stat_result:
    """What a file system says of an ordinary file."""
    return os.stat_result((stat.S_IFREG | mode, 1, 1, 1, owner, 0, 30, 0, 0, 0))


@pytest.fixture(autouse=True)
def service(monkeypatch):
    """The process as systemd starts it: with a folder of credentials, as a user that is not root."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(FOLDER))
    monkeypatch.setattr(os, "geteuid", lambda: 999)


@pytest.mark.parametrize("mode", [0o400, 0o440])
def test_a_credential_that_root_keeps_and_a_list_lets_this_service_read_is_taken(mode):
    check_private(about(mode=mode, owner=0), FOLDER / "passphrase", "600")


def test_a_credential_that_was_made_over_to_the_service_is_taken():
    check_private(about(mode=0o400, owner=999), FOLDER / "passphrase", "600")


@pytest.mark.parametrize(
    ("mode", "owner", "path"),
    [
        (0o444, 0, FOLDER / "passphrase"),
        (0o460, 0, FOLDER / "passphrase"),
        (0o440, 1000, FOLDER / "passphrase"),
        (0o440, 999, FOLDER / "passphrase"),
        (0o440, 0, FOLDER / "deeper" / "passphrase"),
        (0o440, 0, FOLDER.parent / "passphrase"),
    ],
)
def test_what_others_can_read_or_lies_elsewhere_is_refused(mode, owner, path):
    with pytest.raises(KeysExposed):
        check_private(about(mode=mode, owner=owner), path, "600")


def test_without_systemd_a_file_of_roots_is_another_users(monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(KeysExposed, match="another user"):
        check_private(about(mode=0o440, owner=0), FOLDER / "passphrase", "600")
