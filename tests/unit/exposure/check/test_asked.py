"""Identifiers as people type them: the canonical form of the vectors, or a refusal that quotes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.identified import identify
from floodmark.errors import UsageError
from floodmark.exposure.check.asked import KINDS, NotAnIdentifier, read

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "canon-1.json").read_text())["vectors"]


def canonical(text, kind):
    try:
        return read(text, kind).data.decode().removeprefix(f"{kind}:")
    except NotAnIdentifier:
        return None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "phone"])
def test_every_vector_comes_to_its_canonical_form(kind):
    assert VECTORS[kind]
    for vector in VECTORS[kind]:
        assert canonical(vector["input"], kind) == vector["canonical"], vector


def test_a_number_comes_to_its_canonical_form_where_it_is_one_that_can_be_called():
    found = {vector["input"]: canonical(vector["input"], "phone") for vector in VECTORS["phone"]}
    for vector in VECTORS["phone"]:
        assert found[vector["input"]] in (vector["canonical"], None), vector
    assert sum(form is not None for form in found.values()) > len(found) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_dump_is_sealed_with_is_what_is_asked_about(kind):
    inputs = [vector["input"] for vector in VECTORS[kind]]
    sealed = [None] * len(inputs)
    for forms, rows in identify(kind, pl.Series(inputs), None).canonical:
        for form, row in zip(forms, rows, strict=True):
            sealed[row] = f"+{form}" if kind == "phone" else str(form)
    asked = [canonical(text, kind) for text in inputs]
    # Digits without a plus, as a dump has them, say nothing of their country where a person types them.
    assert [form for form in asked if form] == [
        form for form, other in zip(sealed, asked, strict=True) if form and (other or kind != "phone")
    ]
    assert len([form for form in asked if form]) > len([form for form in sealed if form]) / 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ada@example.org", "email"),
        (" +44 20 7946 0001", "phone"),
        ("tel:+442079460001", "phone"),
        ("@a@b.org", "email"),
    ],
)
def test_an_at_sign_inside_makes_it_an_address(text, kind):
    try:
        assert read(text).kind == kind
    except NotAnIdentifier as error:
        assert kind == "email" and "e-mail" in error.message


@given(
    st.text(max_size=60) | st.text(st.characters(categories=["Cs", "Nd", "Po"]), max_size=20),
    st.sampled_from([None, *KINDS]),
)
def test_any_text_is_an_identifier_or_is_refused_unquoted(text, kind):
    try:
        assert read(text, kind).data.partition(b":")[0].decode() in KINDS
    except NotAnIdentifier as error:
        fixed = {"valid telephone number", "e-mail address", "profile id", "user name"}
        assert error.message in {f"What was given is no {name}." for name in fixed}
        assert error.__cause__ is None and error.__context__ is None


@pytest.mark.parametrize("region", ["XX", "gb", "ZZ", "001", "", "+442079460001"])
def test_a_region_that_is_none_is_refused_unquoted(region):
    with pytest.raises(UsageError) as refused:
        read("020 7946 0001", region=region)
    assert not region or region not in refused.value.message


def test_a_repr_shows_the_kind_alone():
    assert repr(read("ada@example.org")) == "Asked(kind='email')"
