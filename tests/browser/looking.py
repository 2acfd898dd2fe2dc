"""Looking at a page as it is shown: without faults for those who cannot see it well, and without running out of it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
WIDE, PHONE, NARROWEST = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)
LOOKS = {
    "en": [("light", WIDE), ("dark", PHONE)],
    "de": [("dark", WIDE), ("light", PHONE)],
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page as it is now: the rule and where, in words."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(found => found.violations"
        ".map(one => [one.id, one.help, one.nodes.map(node => node.target.join(' ') + ': ' + node.failureSummary)]))",
        RULES,
    )
    return [f"{rule} ({meaning}): {nodes}" for rule, meaning, nodes in found]


def wider_than_its_window(page: Page) -> list[str]:
    """Parts of a page that run out of its window to the side, so that one would have to scroll there."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 1)
            .map((one) => one.tagName + "." + one.className).slice(0, 8);
        }"""
    )


def keep(page: Page, name: str) -> None:
    """A screenshot to look at, in a folder that git ignores."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    page.screenshot(path=SCREENSHOTS / f"{file}.png", full_page=True)


def looked_at(page: Page, name: str, language: str) -> dict[str, list[str]]:
    """What is wrong with a page, by how it was looked at; screenshots are kept.

    Any two of scheme, width and language are looked at together: one language in light and wide and in dark on a
    telephone, the other one the other way round. Each has to fit into the narrowest window, too.
    """
    wrong: dict[str, list[str]] = {}
    for scheme, size in LOOKS[language]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        where = f"{name} {language} {scheme} {size['width']}"
        wrong[where] = violations(page) + wider_than_its_window(page)
        keep(page, where)
    page.set_viewport_size(NARROWEST)
    wrong[f"{name} {language} {NARROWEST['width']}"] = wider_than_its_window(page)
    return {where: found for where, found in wrong.items() if found}
