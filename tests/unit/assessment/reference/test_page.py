"""The page of the reference set is made from it."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def test_the_page_is_current():
    written = runpy.run_path(str(ROOT / "tools" / "reference_set_page.py"))["page"]()
    page = (ROOT / "docs" / "reference" / "reference-set.md").read_text()
    assert page == written, "run python tools/reference_set_page.py"
