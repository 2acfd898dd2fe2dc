"""The page on the JSON form of assessments has every key of the schema, with what the schema says of it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "assessments.md").read_text()
SCHEMA = json.loads(files("floodmark.assessment").joinpath("advert.schema.json").read_text())
OBJECTS = {name: one for name, one in SCHEMA["$defs"].items() if "properties" in one}


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]*?) ?\|$", text, re.MULTILINE))


@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_has_a_section_with_its_keys_in_their_order(name):
    section = re.search(rf"^## {name.replace('_', ' ')}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section
    said = {key: one.get("description", "") for key, one in OBJECTS[name]["properties"].items()}
    assert list(rows(section[1]).items()) == list(said.items())
    assert OBJECTS[name].get("description", "") in section[1]


def test_the_whole_has_its_keys_and_every_result_its_meaning():
    top = PAGE.split("\n## ")[0]
    said = {key: one.get("description", "") for key, one in SCHEMA["properties"].items()}
    assert said.items() <= rows(top).items()
    for result in SCHEMA["properties"]["result"]["enum"]:
        assert re.search(rf"^\| `{result}` \| \S", top, re.MULTILINE)


def test_every_object_is_closed_and_needs_all_its_keys():
    for one in [SCHEMA, *OBJECTS.values()]:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
