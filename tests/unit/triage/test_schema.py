import dataclasses
import json
import runpy
import types
import typing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from floodmark.triage import profile as contract
from floodmark.triage.profile import Profile
from floodmark.triage.statistics import profile as statistics

SCHEMA: dict[str, Any] = json.loads(files("floodmark.triage").joinpath("profile.schema.json").read_text())
DEFINED = {
    "column": contract.ColumnProfile,
    "grammar": contract.GrammarProfile,
    "shares": contract.Shares,
    "reason": contract.ReasonCount,
    "file": contract.FileProfile,
    "identifier": contract.IdentifierProfile,
    "country": contract.CountryProfile,
    "locations": contract.LocationProfile,
    "field": contract.FieldProfile,
    "field_set": contract.FieldSetProfile,
    "date": contract.DateProfile,
    "minors": contract.MinorsProfile,
    "duplicates": contract.DuplicatesProfile,
    "runs": contract.RunsProfile,
    "email_domains": contract.DomainsProfile,
    "finding": contract.Finding,
    "summary": contract.Summary,
    "statistics": statistics.StatisticsProfile,
    "phone_statistics": statistics.PhoneStatistics,
    "country_numbers": statistics.CountryNumbers,
    "prefix_counts": statistics.PrefixCounts,
    "profile_id_statistics": statistics.ProfileIdStatistics,
    "email_statistics": statistics.EmailStatistics,
    "derived_addresses": statistics.DerivedAddresses,
    "name_statistics": statistics.NameStatistics,
    "name_count": statistics.NameCount,
    "date_statistics": statistics.DateStatistics,
    "type_pair": statistics.TypePair,
    "copy_counts": statistics.CopyCounts,
}
JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


def json_types(annotation: Any) -> set[str]:
    """The JSON types that a dataclass field may become."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return set().union(*(json_types(part) for part in typing.get_args(annotation)))
    if annotation is type(None):
        return {"null"}
    plain = typing.get_origin(annotation) or annotation
    return {"object"} if dataclasses.is_dataclass(plain) else {JSON_TYPES[plain]}


def schema_types(part: dict[str, Any]) -> set[str]:
    """The JSON types that a part of the schema allows."""
    if "$ref" in part:
        return schema_types(SCHEMA["$defs"][part["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in part:
        return set().union(*(schema_types(one) for one in part["anyOf"]))
    if "const" in part:
        return {JSON_TYPES[type(part["const"])]}
    found = part["type"]
    return {found} if isinstance(found, str) else set(found)


def objects(part: Any) -> list[dict[str, Any]]:
    """Every object in the schema that lists its properties."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    found = [one for child in inner for one in objects(child)]
    return [*found, part] if isinstance(part, dict) and isinstance(part.get("properties"), dict) else found


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_kind_of_profile_validates(any_profile: Profile) -> None:
    found = json.loads(json.dumps(any_profile.to_dict()))
    errors = [
        f"{error.json_path}: {error.validator}" for error in Draft202012Validator(SCHEMA).iter_errors(found)
    ]
    assert errors == []


def test_the_names_that_the_outside_relies_on_are_there() -> None:
    assert {"files", "rows", "identifiers", "countries", "fields", "dates", "warnings", "custody"} <= set(
        SCHEMA["required"]
    )
    defined = SCHEMA["$defs"]
    assert {"country", "phones"} <= set(defined["country"]["required"])
    grammar = {"record", "delimiter", "encoding", "container", "header", "columns"}
    assert grammar <= set(defined["grammar"]["required"])
    column = {"index", "name", "type", "confidence", "fill_rate", "valid_rate"}
    assert column <= set(defined["column"]["required"])
    assert set(defined["shares"]["required"]) == {"total", "accepted", "repaired", "quarantined", "skipped"}


@pytest.mark.parametrize("name", [*DEFINED, None])
def test_schema_and_dataclass_agree_field_by_field(name: str | None) -> None:
    kind = DEFINED[name] if name else Profile
    described = SCHEMA["$defs"][name] if name else SCHEMA
    hints = typing.get_type_hints(kind)
    assert list(described["properties"]) == [field.name for field in dataclasses.fields(kind)]
    assert set(described["required"]) == set(hints)
    for field, annotation in hints.items():
        assert schema_types(described["properties"][field]) == json_types(annotation), field


def test_every_object_is_strict_and_every_property_described() -> None:
    for one in objects(SCHEMA):
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
        for name, part in one["properties"].items():
            assert part.get("description", "").endswith("."), name


def test_an_unknown_key_is_refused(twin: Profile) -> None:
    found = json.loads(json.dumps(twin.to_dict()))
    found["files"][0]["grammar"]["colour"] = "blue"
    assert not Draft202012Validator(SCHEMA).is_valid(found)


def test_the_reference_page_is_what_the_schema_says() -> None:
    root = Path(__file__).parents[3]
    written = runpy.run_path(str(root / "tools" / "profile_reference.py"))["page"](SCHEMA)
    assert (root / "docs" / "reference" / "profile.md").read_text(encoding="utf-8") == written, (
        "run python tools/profile_reference.py"
    )
