"""The browser of the system, driven by Playwright, with nothing in it that calls home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
LONG = 60_000  # milliseconds after which a test has failed
NEEDED = (
    "the tests of the pages need Chromium: tools/setup-system installs it, FLOODMARK_CHROMIUM names another"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, for as long as the block runs."""
    path = os.environ.get("FLOODMARK_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail(NEEDED)
    sandbox = os.geteuid() != 0  # which Chromium does without for root alone
    expect.set_options(timeout=LONG)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=QUIET, chromium_sandbox=sandbox)
        try:
            yield browser
        finally:
            browser.close()
