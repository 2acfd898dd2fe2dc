"""The published form of the sidecar and its page say what the code does."""

from __future__ import annotations

import json
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from floodmark.synth import MARK, TWINS, leak

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "synth.md"
SCHEMA = json.loads((files("floodmark.synth") / "truth.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("rows", [1, 3000])
def test_a_sidecar_has_the_published_form(twin, rows):
    Draft202012Validator.check_schema(SCHEMA)
    truth = json.loads(json.dumps(leak(twin, rows, 1, BytesIO())))
    Draft202012Validator(SCHEMA).validate(truth)


def test_the_page_names_every_twin_kind_of_damage_and_key():
    page = PAGE.read_text(encoding="utf-8")
    kinds = {kind for twin in TWINS.values() for kind in twin.damage}
    keys = {*SCHEMA["properties"], *SCHEMA["properties"]["undamaged"]["properties"]}
    missing = {name for name in {*TWINS, *kinds, *keys} if f"`{name}`" not in page}
    assert not missing
    assert MARK in page
