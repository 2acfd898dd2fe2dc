"""Somebody at the page `/`: types, sends, waits for an answer, and reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from .chromium import LONG
from .workspace import PASSWORD

READY = "#check[data-ready]"
UNKNOWN_HERE = (
    "Error with Permissions-Policy header: Unrecognized feature"  # said where a device has no such part
)


@dataclass(frozen=True)
class Visit:
    """A page that is open in a browser of nobody else's.

    Attributes:
        page: the page.
        faults: what its console said was wrong, and scripts that failed.
    """

    page: Page
    faults: list[str]

    def open(self, address: str) -> None:
        """Go to the page `/` and wait until somebody can type."""
        self.page.goto(address)
        self.page.wait_for_selector(READY)

    @property
    def texts(self) -> dict[str, Any]:
        """What the page may say, in its language."""
        return json.loads(self.page.text_content("#data"))["texts"]

    def ask(self, identifier: str) -> None:
        """Type and send."""
        self.page.fill("#identifier", identifier)
        self.page.press("#identifier", "Enter")

    def check(self, identifier: str) -> str:
        """Ask, wait for what was found, and give its first sentence."""
        self.ask(identifier)
        return self.result()

    def result(self) -> str:
        """The first sentence of what was found, once it is there."""
        title = self.page.locator("#result-title")
        expect(title).to_be_visible()
        return title.inner_text()

    def refused(self, code: str) -> bool:
        """Whether the page comes to say that the check ended for this reason, and shows no answer."""
        title = self.page.locator("#refusal-title")
        expect(title).to_have_text(self.texts["refusals"][code]["title"])
        return (
            self.page.locator("#refusal-next").inner_text() != "" and self.page.locator("#result").is_hidden()
        )


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Visit]:
    """Somebody with a browser that has seen nothing yet, for as long as the block runs.

    Args:
        browser: that runs.
        options: of the context: `color_scheme`, `locale`, `java_script_enabled`, `viewport` and others.
    """
    context = browser.new_context(**{"locale": "en-GB", **options})
    try:
        context.set_default_timeout(LONG)
        page = context.new_page()
        faults: list[str] = []

        def note(said: ConsoleMessage) -> None:
            if said.type in ("error", "warning") and not said.text.startswith(UNKNOWN_HERE):
                faults.append(said.text)

        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield Visit(page, faults)
    finally:
        context.close()


def sign_in(page: Page, name: str, secret: str) -> None:
    """Sign in at the page that asks for it; a code counts once, so each analyst can once in 30 seconds."""
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#code", pyotp.TOTP(secret).now())
    page.press("#code", "Enter")
