"""What comes along with a pasted address is no part of it: the same cases as in the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floodmark.exposure.check.asked import NotAnIdentifier, read

VECTORS = Path(__file__).parents[3] / "vectors" / "pasted.json"
CASES = json.loads(VECTORS.read_text())["addresses"]


@pytest.mark.parametrize(("pasted", "meant"), CASES, ids=[pasted for pasted, _ in CASES])
def test_a_pasted_address_is_read_as_meant_or_refused(pasted, meant):
    if meant is None:
        with pytest.raises(NotAnIdentifier):
            read(pasted)
    else:
        assert read(pasted).data == f"email:{meant}".encode()
