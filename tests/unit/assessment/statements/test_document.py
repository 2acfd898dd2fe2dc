"""Documents of statements: what is printed is read again, and what is hostile is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.statements import document
from floodmark.assessment.statements.document import (
    UnfitDocument,
    document_values,
    is_document,
    read_document,
)
from floodmark.assessment.statements.statement import Incident, Statement
from floodmark.assessment.statements.values import UnfitAssertion
from floodmark.errors import FloodmarkError

from .made_up import sayings

SAID: dict[str, Any] = {
    "about": "acme",
    "kind": "denial",
    "speaker_kind": "company",
    "speaker": "Acme Ltd",
    "said_on": "2026-01-20",
    "text": "It is old.",
}


def raw(*statements: Any, **more: Any) -> bytes:
    return json.dumps({"statements": list(statements)} | more).encode()


@given(st.lists(sayings(), min_size=1, max_size=4))
def test_what_is_printed_is_read_again(said):
    made = [
        Statement(id=str(number), about="acme", recorded_at="2026-01-31T13:05:00Z", **vars(one))
        for number, one in enumerate(said, 1)
    ]
    printed = json.dumps(document_values(made, [Incident("acme", "Acme"), Incident("other", "Other")]))
    read = read_document(printed.encode())
    assert [one.said for one in read.statements] == said
    assert {one.about for one in read.statements} == {"acme"}
    assert read.incidents == (Incident("acme", "Acme"),), "titles of what nothing is said of are left out"


def test_ids_times_of_recording_and_results_of_tests_are_not_taken_over():
    tested = {"kind": "old", "state": "contradicted", "evidence": [{"test": "made up"}]}
    read = read_document(
        raw(SAID | {"id": "7", "recorded_at": "1999", "checked_on": "1999", "assertions": [tested]})
    )
    (said,) = read.statements
    assert said.said.assertions[0].kind == "old"
    assert not hasattr(said.said, "id") and not hasattr(said.said, "checked_on")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("text", "is no object"),
        (None, "is no object"),
        ([SAID], "is no object"),
        ({}, "lacks about, kind"),
        ({name: value for name, value in SAID.items() if name != "text"}, "lacks text"),
        (SAID | {"text": None}, "without value"),
        (SAID | {"about": None}, "without value"),
        (SAID | {"about": 7}, "without value"),
        (SAID | {"text": 7}, "value of text"),
        (SAID | {"text": ["It is old."]}, "value of text"),
        (SAID | {"text": {"": ""}}, "value of text"),
        (SAID | {"sample": "7"}, "value of sample"),
        (SAID | {"sample": True}, "value of sample"),
        (SAID | {"sample": 7.0}, "value of sample"),
        (SAID | {"sample": 1e300}, "value of sample"),
        (SAID | {"+44 7700 900123": 1, "more": 2}, "2 parts that no statement has"),
        (SAID | {"assertions": None}, "no list"),
        (SAID | {"assertions": {"kind": "old"}}, "no list"),
        (SAID | {"assertions": [{"kind": "old"}] * 51}, "more than 50 assertions"),
    ],
)
def test_a_statement_of_another_form_is_refused_by_its_number(statement, told):
    with pytest.raises(UnfitDocument, match=told) as caught:
        read_document(raw(SAID, statement))
    assert "Statement 2 of the file" in caught.value.message
    assert "7700" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "claimed",
    [
        "old",
        None,
        7,
        [],
        {},
        {"kind": ["old"]},
        {"kind": "gossip"},
        {"kind": "total", "quantity": 7},
        {"kind": "total", "quantity": {"value": 7}},
        {"kind": "total", "quantity": {"value": -7, "digits": 1}},
        {"kind": "total", "quantity": {"value": 7.0, "digits": 1}},
        {"kind": "total", "quantity": {"value": True, "digits": 1}},
        {"kind": "total", "quantity": {"value": 10**16, "digits": 1}},
        {"kind": "total", "quantity": {"value": 7, "digits": 2}},
        {"kind": "total", "quantity": {"value": 7, "digits": 0}},
        {"kind": "total", "quantity": {"value": 7, "digits": 1, "bound": "roughly"}},
        {"kind": "total", "quantity": {"value": 7, "digits": 1}, "of": "sheep"},
        {"kind": "countries", "table": {"EG": 7}},
        {"kind": "countries", "table": [7]},
        {"kind": "countries", "table": [{"country": 7}]},
        {"kind": "countries", "table": [{"country": "Egypt"}]},
        {"kind": "countries", "table": [{"country": "EG", "price": {"value": 7, "digits": 1}}]},
        {"kind": "countries", "table": [{"country": "EG", "source": 7}]},
        {"kind": "fields", "fields": [7]},
        {"kind": "fields", "fields": 7},
        {"kind": "old", "more": 7},
    ],
)
def test_an_assertion_of_another_form_is_refused_by_its_number(claimed):
    with pytest.raises(UnfitAssertion, match="Statement 1 of the file, assertion 2: "):
        read_document(raw(SAID | {"assertions": [{"kind": "old"}, claimed]}))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff\xfe",
        b"\x00",
        b"{",
        b"[]",
        b"7",
        b"null",
        b'"statements"',
        b'{"statements": {}}',
        b'{"statements": []}',
        b'{"statements": [], "statements": []}',
        b'{"statements": NaN}',
        b'{"statements": [Infinity]}',
        b'{"statements": [' + b"9" * 5_000 + b"]}",
        b"[" * 100_000,
        b'{"statements": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
        json.dumps({"statements": [SAID], "tables": []}).encode(),
        json.dumps({"statements": [SAID], "incidents": {"acme": "Acme"}}).encode(),
        json.dumps({"statements": [SAID], "incidents": [{"slug": "acme"}]}).encode(),
        json.dumps({"statements": [SAID], "incidents": [{"slug": "acme", "title": 7}]}).encode(),
        json.dumps({"statements": [SAID], "incidents": ["acme"]}).encode(),
    ],
)
def test_what_is_no_document_is_refused(written):
    with pytest.raises(UnfitDocument):
        read_document(written)


@pytest.mark.parametrize(
    ("count", "told"), [(1_000_000, "larger than"), (400_000, "more than 50 assertions")]
)
def test_a_million_assertions_are_refused(count, told):
    claimed = b",".join([b'{"kind":"old"}'] * count)
    written = raw(SAID | {"assertions": []}).replace(b"[]", b"[" + claimed + b"]")
    with pytest.raises(UnfitDocument, match=told):
        read_document(written)


def test_there_are_so_many_statements_and_incidents_at_most(monkeypatch):
    monkeypatch.setattr(document, "MOST_STATEMENTS", 2)
    with pytest.raises(UnfitDocument, match="more than 2 statements"):
        read_document(raw(SAID, SAID, SAID))
    with pytest.raises(UnfitDocument, match="more than 2 incidents"):
        read_document(raw(SAID, incidents=[{"slug": "a", "title": "A"}] * 3))


def test_a_document_is_told_from_a_table_of_countries():
    assert is_document(raw(SAID))
    assert is_document(b"\xef\xbb\xbf \n" + raw(7))
    assert is_document(raw(SAID)[:-1]), "one that was cut off is still told what it is"
    for table in (b'{"Egypt": 44823547}', b'[{"country": "Egypt", "count": 7}]', b"Egypt 7", b"{", b""):
        assert not is_document(table)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [*SAID, "statements", "incidents", "assertions", "sample", "table", "quantity"]
                )
                | st.text(max_size=3),
                inner,
                max_size=6,
            )
        ),
    )
)
def test_no_json_ends_in_anything_but_a_refusal(found):
    for written in (
        json.dumps(found),
        json.dumps({"statements": [found]}),
        json.dumps({"statements": found}),
    ):
        with pytest.raises(FloodmarkError):
            read_document(written.encode("utf-8", "replace"))
