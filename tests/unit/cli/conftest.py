"""Commands see nothing of the environment that the tests are run in: no colours, proxies or settings of its own."""

from __future__ import annotations

import os

import pytest

FOREIGN = {
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"),
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper() in FOREIGN or name.startswith("FLOODMARK_"):
            monkeypatch.delenv(name)
