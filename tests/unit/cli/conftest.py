"""Commands see nothing of the environment that the tests are run in: no colours, proxies or settings of its own."""

from __future__ import annotations

import os
from secrets import token_bytes

import pytest

from floodmark.register.key_passphrases import Argon2
from floodmark.register.key_wrap import ByPassphrase

FOREIGN = {
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"),
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper() in FOREIGN or name.startswith("FLOODMARK_"):
            monkeypatch.delenv(name)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrapped by a passphrase costs next to nothing to open."""
    monkeypatch.setattr(ByPassphrase.fresh.__func__, "__defaults__", (Argon2(1, 1, 8), token_bytes))  # type: ignore[attr-defined]
