"""What many requests ask about is what each of them asks about."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard.logs import Mapping, column_texts
from floodmark.guard.logs.asked_columns import asked

MAPPING = Mapping.parse("""
[[endpoints]]
name = "users"
method = "GET"
path = "/users/{identifier}.json"
kind = "username"
hit = {status = 200}
miss = {status = 404}

[[endpoints]]
name = "all"
path = "/all/{version}/**"
identifier = "query:phone"
separator = ","
kind = "phone"

[[endpoints]]
name = "any"
path = "/**"
identifier = "query:any"
kind = "username"

[[endpoints]]
name = "form"
method = "POST"
path = "/form"
identifier = "form:email"
kind = "email"

[[endpoints]]
name = "sync"
method = "POST"
path = "/sync"
identifier = "body:to[].id"
kind = "profile_id"
""")

part = st.sampled_from(
    ["a", "%2B44", "%41", "é", "+", " ", ".json", "//", "..", "%c3%a9", "%ff", "1,2", "&", "=", "?"]
)
text = st.lists(part, max_size=4).map("".join)
target = st.one_of(
    text.map("/users/{}.json".format),
    st.tuples(text, text).map(lambda two: f"/all/v1/{two[0]}?x=1&phone={two[1]}&phone=7"),
    text.map("/{0}?a=1&any={0}".format),
    st.sampled_from(["/form", "/sync", "/%73ync", "//form", "/", "", "http://h/sync"]),
    text,
)
value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 10**12), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["to", "id", "x"]), inner)
    ),
    max_leaves=6,
)
ids = st.lists(st.fixed_dictionaries({"id": st.one_of(st.text(max_size=3), st.integers(0, 9))}), max_size=3)
body = st.one_of(
    value.map(json.dumps),
    ids.map(lambda found: json.dumps({"to": found})),
    text.map("email={}&email=x".format),
    st.sampled_from(
        [
            '{"to": [{"id": "a", "id": "b"}]}',
            '{"to": [{"i\\u0064": "a"}]}',
            '{"to": [], "to": [{"id": 1}]}',
            "{",
            "",
            " ",
        ]
    ),
)
request = st.tuples(st.sampled_from(["GET", "HEAD", "POST"]), target, body, st.sampled_from([200, 404, 500]))


@settings(max_examples=40)  # of many rows: a column takes as long for twenty as for one
@given(st.lists(request, min_size=1, max_size=20))
def test_columns_of_requests_ask_what_each_of_them_asks(rows):
    table = pl.DataFrame(
        rows,
        orient="row",
        schema={"method": pl.String, "target": pl.String, "body": pl.String, "status": pl.Int32},
    )
    found = {}
    for one in asked(MAPPING.endpoints, table.with_columns(column_texts.normal(table["target"]))):
        for row in one.rows:
            mine = one.texts.filter(pl.col("row") == row)
            found[row] = (one.endpoint.name, mine["text"].to_list(), set(mine["hit"]))
    expected = {}
    for row, (method, path, sent, status) in enumerate(rows):
        one = MAPPING.asked(method, path, sent.encode())
        if one is not None:
            hits = {one.endpoint.existed(status)} if one.texts else set()
            expected[row] = (one.endpoint.name, list(one.texts), hits)
    assert found == expected


@pytest.mark.parametrize(
    ("beside", "hits"),
    [
        ("[true, false]", [True, False]),
        ("[1, 0]", [True, False]),
        ("[true]", [False, False]),
        ("3", [False, False]),
    ],
)
def test_a_list_beside_the_identifiers_says_which_exist(beside, hits):
    from floodmark.guard.logs.cutting import Cutter

    mapping = Mapping.parse(
        'log = "json"\n[[endpoints]]\nname = "x"\nkind = "phone"\nidentifier = "field:p[]"\nhits = "field:f[]"\n'
        "hit = {status = 200}"
    )
    lines = pl.Series([f'{{"p": ["1", "2"], "f": {beside}, "status": 404}}'])
    table, _ = Cutter(mapping).table(lines)
    (found,) = asked(mapping.endpoints, table)
    assert found.texts["hit"].to_list() == hits


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ('{"to": [{"id": "\\ud800"}, {"id": "2"}]}', ["\ufffd", "2"]),
        ('{"to": [{"id": 1.0}, {"id": 2e3}, {"id":3E0}]}', ["1", "2000", "3"]),
        ('{"to": [{"id": "1.0"}, {"id": 1.5}, {"id": true}]}', ["1.0", "1.5", "true"]),
        ('{"to": [{"id": 1e400}, {"id": 1e30}]}', ["inf", "1e+30"]),
        ('{"to": ' + "[" * 100_000 + "]" * 100_000 + "}", []),
    ],
)
def test_a_body_that_is_written_to_be_misread_is_read_as_one_alone(body, texts):
    table = pl.DataFrame({"method": ["POST"], "target": ["/sync"], "body": [body]}).with_columns(
        status=pl.lit(200, pl.Int32)
    )
    found = [one for row in asked(MAPPING.endpoints, table) for one in row.texts["text"]]
    alone = MAPPING.asked("POST", "/sync", body.encode())
    assert found == texts == [text.replace("\ud800", "\ufffd") for text in alone.texts]
