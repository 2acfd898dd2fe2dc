"""What is written and counted of requests, and what never is."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.check.evaluation import blind_one, request_body
from floodmark.web.endpoint_classes import CLASSES, endpoint_class
from floodmark.web.logs import RequestLog
from floodmark.web.settings import Limits
from floodmark.web.stderr_lines import Lines, to_stderr

from ...exposure.check.published import KEY, NOW, drawn

HEX = re.compile(r"[0-9a-f]{16}")
MEASURED = re.compile(r"(?m)^(process_\w+|floodmark_request_seconds_sum\{[^}]*\}) \S+$")
BUCKET = 48_211
SECRETS = {
    "address": "203.0.113.77",
    "agent": "Quagmire/7",
    "query": "xylophone",
    "header": "zanzibar",
}


def body(seed=1):
    return request_body(1, [blind_one(b"email:ada@example.org", drawn(seed)).element])


def evaluate(asked, **options):
    headers = {"Content-Type": "application/json", **options.pop("headers", {})}
    return asked.ask("POST", "/v1/evaluate", content=body(), headers=headers, **options)


def samples(asked):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(asked.metrics())
        for sample in family.samples
    }


def without_what_is_drawn_or_measured(asked):
    """All that was written and counted, but for ids and times: among their digits any number may stand."""
    lines = asked.lines
    for line in lines:
        assert HEX.fullmatch(line.pop("request")) and isinstance(line.pop("ms"), float)
    text, count = MEASURED.subn(r"\1", asked.metrics())
    assert count > len(CLASSES)
    return json.dumps(lines, ensure_ascii=False) + text


def test_every_request_has_one_line_of_json_with_these_names_and_no_other(asked):
    evaluate(asked)
    asked.ask("GET", "/v1/snapshot")
    asked.ask("HEAD", "/nowhere")
    for line in asked.lines:
        assert list(line) == ["time", "request", "method", "endpoint", "status", "ms", "bytes"]
        assert line["time"] == "2026-01-31T13:05:00Z" and HEX.fullmatch(line["request"])
        assert line["ms"] >= 0
    told = [(line["method"], line["endpoint"], line["status"]) for line in asked.lines]
    assert told == [("POST", "evaluate", 200), ("GET", "snapshot", 200), ("HEAD", "page", 404)]
    assert len({line["request"] for line in asked.lines}) == 3


def test_bytes_are_those_of_the_answer_s_body(asked):
    answer = asked.ask("GET", "/v1/snapshot")
    assert asked.lines[0]["bytes"] == len(answer.content)


def test_neither_who_asked_nor_what_for_is_written_or_counted(asked):
    hidden = blind_one(b"email:ada@example.org", drawn(1)).element.hex()
    headers = {
        "User-Agent": SECRETS["agent"],
        "X-Other": SECRETS["header"],
        "X-Forwarded-For": "198.51.100.9",
    }
    snapshot = asked.site.published.current().snapshot.id
    where = (SECRETS["address"], 40_123)
    evaluate(asked, client=where, headers=headers)
    for path in (
        f"/v1/snapshots/{snapshot}/{BUCKET}?q={SECRETS['query']}",
        f"/{SECRETS['query']}",
        f"/readyz?{SECRETS['query']}",
    ):
        asked.ask("GET", path, client=where, headers=headers)
    size = asked.site.published.current().answer_bytes
    first = BUCKET * size
    part = {"Range": f"bytes={first}-{first + size - 1}", **headers}
    assert (
        asked.ask("GET", f"/v1/snapshots/{snapshot}/buckets.bin", client=where, headers=part).status_code
        == 206
    )
    asked.ask("QUAGMIRE", "/", client=where)
    found = without_what_is_drawn_or_measured(asked)
    for secret in (
        *SECRETS.values(),
        "198.51.100.9",
        "40123",
        str(BUCKET),
        str(first),
        hidden,
        snapshot,
        "QUAGMIRE",
    ):
        assert secret not in found


def test_a_line_of_a_bucket_is_the_same_for_every_bucket(asked):
    snapshot = asked.site.published.current().snapshot.id
    for bucket in (0, 7, 65_535):
        asked.ask("GET", f"/v1/snapshots/{snapshot}/{bucket}")
    lines = [{**line, "ms": 0, "request": ""} for line in asked.lines]
    assert lines[0] == lines[1] == lines[2] and lines[0]["endpoint"] == "bucket"


def test_a_refusal_carries_the_id_of_its_line_and_an_answer_carries_none(asked):
    refused, answered = asked.ask("GET", "/nowhere"), asked.ask("GET", "/v1/snapshot")
    assert refused.headers["request-id"] == asked.lines[0]["request"]
    assert "request-id" not in answered.headers


def test_a_client_s_own_id_is_not_taken_over(asked):
    asked.ask("GET", "/nowhere", headers={"Request-Id": "somebody", "X-Request-Id": "somebody"})
    assert b"somebody" not in b"".join(asked.written)


@pytest.mark.parametrize("begun", [False, True])
def test_a_fault_of_ours_is_told_as_one_and_written_without_its_words(asked, begun):
    async def broken(scope, receive, send):
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"{}"})
        raise KeyError("ada@example.org")

    asked.put_together(broken)
    answer = asked.ask("GET", "/ada@example.org")
    if begun:
        assert (answer.status_code, answer.text) == (200, "{}")
    else:
        assert answer.status_code == 500
        assert answer.json() == {"type": "/problems/failed", "title": "Failed", "status": 500}
    fault, line = asked.lines
    assert fault["error"] == "KeyError" and fault["request"] == line["request"]
    assert any(re.fullmatch(r"floodmark/web/observed\.py:\d+", place) for place in fault["at"])
    assert not any(place.startswith("/") for place in fault["at"])
    assert b"ada@example.org" not in b"".join(asked.written)


def test_requests_are_counted_by_class_method_and_status(asked):
    for _ in range(3):
        asked.ask("GET", "/v1/snapshot")
    asked.ask("BREW", "/v1/evaluate")
    found = samples(asked)
    assert found["floodmark_requests_total", "200", "GET", "snapshot"] == 3
    assert found["floodmark_requests_total", "405", "evaluate", "other"] == 1
    assert found["floodmark_request_seconds_count", "snapshot"] == 3
    size = len(asked.site.published.current().envelope)
    assert found["floodmark_response_bytes_total", "snapshot"] == 3 * size
    assert found["floodmark_requests_under_way",] == 1


def test_refused_evaluations_are_counted_by_the_limit_that_had_the_least_left(made):
    asked = made(limits=Limits(address=2, network=50, server=3))
    for client in ["203.0.113.7"] * 4 + ["198.51.100.1"] * 2:
        evaluate(asked, client=(client, 1))
    found = samples(asked)
    assert found["floodmark_budget_refusals_total", "address"] == 2
    assert found["floodmark_budget_refusals_total", "server"] == 1
    assert found["floodmark_budget_refusals_total", "organisation"] == 0


def test_budgets_that_nobody_can_read_grant_nothing_and_say_so(made, tmp_path):
    evaluated = []

    class Watched(LocalEvaluator):
        def evaluate(self, epoch, elements):
            evaluated.append(len(elements))
            return super().evaluate(epoch, elements)

    asked = made(evaluator=Watched(KEY))
    assert evaluate(asked).status_code == 200
    holding = sqlite3.connect(tmp_path / "budgets.sqlite", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        answer = evaluate(asked)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/budgets-unavailable")
        assert "ratelimit" not in answer.headers
    holding.execute("ROLLBACK")
    holding.close()
    assert evaluate(asked).status_code == 200
    assert evaluated == [1, 1]


def test_the_snapshot_is_told_with_its_number_age_and_end(asked):
    found = samples(asked)
    assert found["floodmark_snapshot_usable",] == 1
    assert (found["floodmark_snapshot_number",], found["floodmark_snapshot_leaks",]) == (1, 2)
    assert found["floodmark_snapshot_age_seconds",] == 86_400
    assert found["floodmark_snapshot_expires_seconds",] == NOW.timestamp() + 30 * 86_400
    asked.clock.now = NOW.replace(year=2027)
    found = samples(asked)
    assert found["floodmark_snapshot_usable",] == 0
    assert ("floodmark_snapshot_number",) not in found


def test_the_process_tells_of_its_memory_and_files(asked):
    found = samples(asked)
    assert found["process_resident_memory_bytes",] > 0 and found["process_open_fds",] > 0


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (("127.0.0.1", 1), {}, 200),
        (("127.8.9.1", 1), {}, 200),
        (("::1", 1), {}, 200),
        (("::ffff:127.0.0.1", 1), {}, 200),
        (("::ffff:203.0.113.7", 1), {}, 404),
        (("203.0.113.7", 1), {}, 404),
        (("nonsense", 1), {}, 404),
        (None, {}, 404),
        (("203.0.113.7", 1), {"X-Forwarded-For": "127.0.0.1"}, 404),
        (("127.0.0.1", 1), {"X-Forwarded-For": "127.0.0.1"}, 404),
        (("127.0.0.1", 1), {"Forwarded": "for=203.0.113.7"}, 404),
        (("127.0.0.1", 1), {"Via": "1.1 proxy"}, 404),
    ],
)
def test_metrics_are_for_this_machine_alone_and_for_nobody_who_came_by_a_proxy(made, client, headers, status):
    asked = made()
    assert asked.ask("GET", "/metrics", client, headers=headers).status_code == status
    assert made(metrics_open=True).ask("GET", "/metrics", client, headers=headers).status_code == 200


def test_metrics_are_read_and_nothing_else(asked):
    assert asked.ask("HEAD", "/metrics").content == b""
    assert asked.ask("POST", "/metrics").status_code == 405
    answer = asked.ask("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_whatever_a_path_is_its_class_is_one_of_a_few(path):
    assert endpoint_class(path) in CLASSES


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "page"),
        ("/v1/leaks/made-up/profile", "api"),
        ("/v1/snapshot/", "api"),
        ("/v1/snapshots/", "bucket"),
        ("/static/check.js", "static"),
        ("/analyst/cases", "analyst"),
        ("/sign-in", "analyst"),
        ("/healthz", "health"),
        ("/metrics", "metrics"),
        ("/v1/evaluate", "evaluate"),
    ],
)
def test_a_path_has_a_class(path, name):
    assert endpoint_class(path) == name


def test_what_is_no_request_goes_straight_on(asked):
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asked.put_together(app)
    asyncio.run(asked.app({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"] and asked.written == []


def test_lines_go_to_stderr(capfd):
    to_stderr(b"{}\n")
    assert capfd.readouterr().err == "{}\n"


def test_a_reader_of_lines_who_has_gone_stops_nobody():
    reading, writing = os.pipe()
    lines = Lines(writing)
    os.close(reading)
    lines(b"{}\n")
    os.close(writing)
    lines(b"{}\n")


def test_lines_that_nobody_reads_are_dropped_and_counted():
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 16)  # a pipe holds more where memory has large pages
    lines = Lines(writing)
    line = b"a" * 999 + b"\n"
    for _ in range(200):  # more than a pipe holds
        lines(line)
    read = os.read(reading, 1 << 20)
    lines(b"b\n")
    said, last = os.read(reading, 1 << 20).splitlines()
    assert read == line * (len(read) // len(line)) and last == b"b"
    assert json.loads(said) == {"dropped": 200 - len(read) // len(line)}
    lines(b"c" * 5000 + b"\n")
    lines(b"d\n")
    assert os.read(reading, 1 << 20) == b'{"dropped":1}\nd\n'
    os.close(reading)
    os.close(writing)


def test_a_line_of_an_error_has_no_more_than_its_last_places():
    def deep(left):
        return 1 / left + deep(left - 1)

    written = []
    try:
        deep(500)
    except ZeroDivisionError as error:
        RequestLog(lambda: NOW, written.append).failure("0" * 16, error)
    assert len(json.loads(written[0])["at"]) == 32 and len(written[0]) < 4096


def test_an_error_s_places_are_names_in_packages_and_no_paths():
    written = []
    try:
        json.loads("{")
    except ValueError as error:
        RequestLog(lambda: NOW, written.append).failure("0" * 16, error)
    line = json.loads(written[0])
    assert line["error"] == "JSONDecodeError"
    assert all(place.count("/") <= 1 for place in line["at"])
