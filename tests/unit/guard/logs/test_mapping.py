"""Mapping files: what they say, and what is refused."""

from __future__ import annotations

import re

import polars as pl
import pytest

from floodmark.guard.logs import READY, BadMapping, Mapping
from floodmark.guard.logs.endpoints import compiled
from floodmark.guard.logs.parsing import Parser
from floodmark.identifiers.digests import DigestKey

ONE = '[[endpoints]]\nname = "users"\npath = "/users/{identifier}"\nkind = "username"\n'


def of(*lines: str) -> Mapping:
    return Mapping.parse("\n".join(['[[endpoints]]\nname = "x"\nkind = "phone"', *lines]))


@pytest.mark.parametrize("name", READY)
def test_a_mapping_that_comes_with_the_package_can_be_read(name):
    assert Mapping.ready(name).endpoints


@pytest.mark.parametrize(
    "text",
    [
        "",
        "endpoints = 3",
        "log =",
        ONE + 'colour = "red"',
        'colour = "red"\n' + ONE,
        "version = 2\n" + ONE,
        "most = 0\n" + ONE,
        'log = "elsewhere"\n' + ONE,
        'log = "regex"\npattern = "("\n' + ONE,
        'log = "regex"\npattern = "no groups"\n' + ONE,
        'delimiter = ";;"\n' + ONE,
        ONE.replace("username", "passport"),
        ONE.replace("{identifier}", "ada"),
        ONE.replace("/users", "users"),
        ONE.replace("{identifier}", "{identifier}{other}"),
        ONE.replace("{identifier}", "{identifier}/{identifier}"),
        ONE.replace('"users"', '"a path of somebody"'),
        ONE + 'identifier = "query:"',
        ONE + 'identifier = "body:a..b"',
        ONE + 'identifier = "nowhere:x"',
        ONE + "hit = 200",
        ONE + 'hit = {status = "200"}',
        ONE + 'hit = {field = "x"}',
        ONE + 'hit = {field = "x", matches = "("}',
        ONE + 'hits = "found"',
        ONE + 'where = "x"',
        ONE + '[client]\ntrusted = ["everybody"]',
        ONE + '[client]\ntrusted = "10.0.0.0/8"',
        ONE + '[time]\nzone = "Mars/Base"',
        ONE + '[time]\nuntil = "yesterday"',
        ONE + '[fields]\nhat = "x"',
        ONE + '[fields]\naccount = "nickname"',
        'log = "json"\n' + ONE + '[fields]\naccount = "users[].name"',
    ],
)
def test_a_mapping_that_says_what_cannot_be_is_refused(text):
    with pytest.raises(BadMapping) as caught:
        Mapping.parse(text)
    assert caught.value.hint


def test_a_request_is_to_the_first_endpoint_that_it_matches():
    mapping = Mapping.parse(
        '[[endpoints]]\nname = "me"\npath = "/users/me"\nidentifier = "query:as"\nkind = "username"\n' + ONE
    )
    assert mapping.asked("GET", "/users/me?as=ada").endpoint.name == "me"
    assert mapping.asked("GET", "/users/me").endpoint.name == "users"
    assert mapping.asked("GET", "/elsewhere") is None


@pytest.mark.parametrize(
    ("template", "path", "fits"),
    [
        ("/**", "/", True),
        ("/**", "/any/thing", True),
        ("/", "/", True),
        ("/", "/x", False),
        ("/a/**", "/a", True),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/ab", False),
        ("/a/{}", "/a/b/", True),
        ("/a/{}", "/a/b/c", False),
        ("/a/{}.json", "/a/b.json", True),
        ("/a/{}.json", "/a/bxjson", False),
    ],
)
def test_a_template_fits_paths(template, path, fits):
    mapping = of(f'path = "{template}"', 'identifier = "query:phone"')
    assert (mapping.asked("GET", f"{path}?phone=1") is not None) is fits


def test_a_head_request_asks_what_a_get_asks():
    mapping = of('path = "/p/{identifier}"', 'method = "get"')
    assert mapping.asked("HEAD", "/p/1").texts == ("1",)
    assert mapping.asked("POST", "/p/1") is None


@pytest.mark.parametrize(
    ("place", "body", "found"),
    [
        ("body:phone", b'{"phone": "+44"}', ("+44",)),
        ("body:phone", b'{"phone": 44}', ("44",)),
        ("body:[]", b'["1", 2, null, {}, ""]', ("1", "2")),
        ("body:to[].phones[]", b'{"to": [{"phones": ["1"]}, 7, {"phones": ["2", "3"]}]}', ("1", "2", "3")),
        ("body:phone", b'{"phone": {"phone": "1"}}', ()),
        ("body:phone", b"{", ()),
        ("body:phone", b"[" * 100_000, ()),
        ("body:phone", b"\xff", ()),
        ("form:phone", b"phone=%2B44&x=1&phone=2", ("+44", "2")),
        ("form:phone", b"%70hone=1", ("1",)),
    ],
)
def test_identifiers_are_cut_out_of_bodies(place, body, found):
    mapping = of(f'identifier = "{place}"', 'method = "POST"', 'path = "/sync"')
    assert mapping.endpoints[0].place.in_body
    assert mapping.asked("POST", "/sync", body).texts == found


def test_several_identifiers_in_one_text_are_told_apart():
    mapping = of('path = "/p/{identifier}"', 'separator = ","')
    assert mapping.asked("GET", "/p/1,%202,,3").texts == ("1", "2", "3")


def test_of_one_request_no_more_identifiers_are_taken_than_the_mapping_says():
    mapping = Mapping.parse('most = 2\n[[endpoints]]\nname = "x"\nkind = "phone"\nidentifier = "body:[]"')
    asked = mapping.asked("POST", "/", b'["1", "2", "3", "4"]')
    assert asked.texts == ("1", "2")
    assert asked.more >= 1


@pytest.mark.parametrize(
    ("rules", "status", "size", "existed"),
    [
        ("hit = {status = 200}", 200, None, True),
        ("hit = {status = 200}", 404, None, False),
        ("hit = {status = 200}\nmiss = {status = 404}", 429, None, None),
        ("miss = {status = 404}", 404, None, False),
        ("miss = {status = 404}", 200, None, None),
        ("hit = {size_over = 10}", 200, 11, True),
        ("hit = {size_over = 10}", 200, None, False),
        ("hit = {status = [200, 204], size_up_to = 10}", 204, 10, True),
        ("", 200, 10, None),
    ],
)
def test_an_answer_says_whether_an_identifier_exists(rules, status, size, existed):
    assert of('path = "/p/{identifier}"', rules).endpoints[0].existed(status, size) is existed


def test_an_endpoint_that_is_told_by_a_log_is_none_of_a_request():
    for line in ('identifier = "field:asked"', 'where = {event = "x"}\nidentifier = "query:phone"'):
        mapping = of(line)
        assert mapping.asked("GET", "/?phone=1") is None


def test_what_a_template_says_may_be_escaped_in_the_path():
    pattern, _ = compiled("/v1/contacts:find/zürich x/{identifier}")
    for path in (
        "/v1/contacts:find/zürich x/ada",
        "/v1/contacts%3Afind/z%C3%BCrich%20x/ada",
        "/v1/contacts%3afind/z%c3%bcrich%20x/ada",
    ):
        assert re.fullmatch(pattern, path)
        assert pl.Series([path]).str.contains(f"^{pattern}$").all()
    assert not re.fullmatch(pattern, "/v1/contacts.find/zürich x/ada")


@pytest.mark.parametrize(
    "lines",
    [
        'method = true\npath = "/{identifier}"',
        'method = [["GET"]]\npath = "/{identifier}"',
        'path = "/{identifier}"\nhit = {field = "", equals = "x"}',
        'path = "/{identifier}"\nhit = {field = 5, equals = "x"}',
    ],
)
def test_a_value_of_another_type_is_refused_in_a_sentence(lines):
    with pytest.raises(BadMapping):
        of(lines)


def test_a_query_without_a_path_is_refused():
    with pytest.raises(BadMapping):
        Mapping.parse('log = "csv"\n[fields]\nquery = "q"\n' + ONE)


@pytest.mark.parametrize(
    ("log", "lines", "fate"),
    [
        ('log = "regex"\npattern = "(?P<target>.+)"', ["/users/ada"], "no-time"),
        ('log = "sshd"', ["May 17 10:05:03 h sshd[1]: Invalid user ada from 192.0.2.1"], "other-endpoint"),
        ('log = "json"', ['{"time": 1431849903, "target": "/users/ada"}'], "lookup"),
    ],
)
def test_a_mapping_that_looks_at_what_its_log_has_not_counts_and_does_not_fail(log, lines, fate):
    mapping = Mapping.parse(f'{log}\n{ONE}hits = "field:found"')
    found = Parser(mapping, DigestKey(bytes(32))).lines(pl.Series(lines))
    assert found.counts.lines[fate] == len(lines)


def test_bodies_that_a_log_has_not_are_without_identifiers():
    line = '192.0.2.1 - ada [17/May/2015:10:05:03 +0000] "POST /sync HTTP/1.1" 200 12 "-" "curl"'
    for place in ("body:phones[]", "form:phone"):
        mapping = of('path = "/sync"', f'identifier = "{place}"')
        found = Parser(mapping, DigestKey(bytes(32))).lines(pl.Series([line]))
        assert found.counts.lines["no-identifier"] == 1


def test_a_mistake_in_a_mapping_file_is_said_with_its_place() -> None:
    with pytest.raises(BadMapping, match="no TOML, at line 2, column 8"):
        Mapping.parse('log = "csv"\nmost = yes')
    with pytest.raises(BadMapping, match="no TOML"):
        Mapping.parse("most = " + "9" * 10_000)
