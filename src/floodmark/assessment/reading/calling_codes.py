"""Calling codes of telephone numbers, which adverts print beside countries.

>>> 20 in calling_codes(), 44_823_547 in calling_codes()
(True, False)
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def calling_codes() -> frozenset[int]:
    """Every calling code of ITU-T E.164 that is assigned, as the numbering plan of the house has them."""
    text = (files("floodmark") / "identifiers/data/numbering_plan.json").read_text("utf-8")
    return frozenset(json.loads(text)["calling_codes"])
