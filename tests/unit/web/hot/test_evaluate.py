"""POST /v1/evaluate: what is evaluated, what is refused, and what is paid for."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.check.evaluation import blind_one, finalised, read_answer, request_body
from floodmark.exposure.oprf import evaluate
from floodmark.register.api_key_changes import make_api_key
from floodmark.register.budgets import Verdict
from floodmark.register.workspace import Workspace
from floodmark.web.hot import HotEndpoints
from floodmark.web.hot.asked import BadBody, TooMuch, read_asked
from floodmark.web.hot.evaluate import EvaluateEndpoint
from floodmark.web.published import PublishedSnapshot
from floodmark.web.settings import Limits

from ...exposure.check.published import KEY, NOW, drawn
from .served import LONG, running, served, site_of

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
JSON = {"Content-Type": "application/json"}
INPUT = b"email:ada@example.org"
BASE = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
NO_ELEMENT = "ff" * 32


def body(count=1, seed=1, **changed):
    random = drawn(seed)
    elements = [blind_one(b"%d" % number, random).element for number in range(count)]
    return json.loads(request_body(1, elements)) | changed


def left(answer):
    return int(re.search(r";r=(\d+)", answer.headers["ratelimit"])[1])


# What is evaluated


@pytest.mark.parametrize("count", [1, 4, 5, 64, 1000])
def test_elements_are_evaluated_in_their_order_and_proven(site, count):
    random = drawn(2)
    blinded = [blind_one(b"email:%d@example.org" % number, random) for number in range(count)]
    answer = site.post(content=request_body(1, [one.element for one in blinded]), headers=JSON)
    assert answer.status_code == 200
    outputs = finalised(blinded, read_answer(answer.content), KEY.pair.public)
    assert outputs == [evaluate(KEY.pair.private, one.data) for one in blinded]


def test_an_answer_is_neither_kept_nor_kept_from_pages_of_other_servers(site):
    answer = site.post(json=body())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "RateLimit" in answer.headers["access-control-expose-headers"]


def test_an_answer_has_one_size_whatever_was_asked(site):
    assert len({len(site.post(json=body(2, seed=seed)).content) for seed in range(5)}) == 1


def test_a_page_of_another_server_may_post_json(site):
    answer = site.ask(
        "OPTIONS",
        "/v1/evaluate",
        headers={"Origin": "https://example.org", "Access-Control-Request-Headers": "content-type"},
    )
    assert (answer.status_code, answer.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


# What is refused, and costs nothing


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 400, "bad-body"),
        (b"[]", 400, "bad-body"),
        (b"{", 400, "bad-body"),
        (b"\xff\xfe", 400, "bad-body"),
        (b'{"epoch":1}', 400, "bad-body"),
        (b'{"epoch":1,"elements":[]}', 400, "bad-body"),
        (b'{"epoch":1,"elements":"%s"}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":true,"elements":["%s"]}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":1.0,"elements":["%s"]}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":1,"elements":["%s"],"more":1}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":1,"epoch":1,"elements":["%s"]}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":1,"elements":["%s"]}' % BASE.upper().encode(), 400, "bad-body"),
        (b'{"epoch":1,"elements":["%s"]}' % BASE[:-2].encode(), 400, "bad-body"),
        (b'{"epoch":1,"elements":["%s\\n"]}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":1,"elements":[null]}', 400, "bad-body"),
        (b'{"epoch":NaN,"elements":["%s"]}' % BASE.encode(), 400, "bad-body"),
        (b'{"epoch":%s,"elements":["%s"]}' % (b"1" * 5000, BASE.encode()), 400, "bad-body"),
        (b"[" * 100_000, 400, "bad-body"),
        (b'{"epoch":1,"elements":["%s"]}' % NO_ELEMENT.encode(), 400, "bad-element"),
        (b'{"epoch":1,"elements":["%s"]}' % (b"00" * 32), 400, "bad-element"),
        (b'{"epoch":2,"elements":["%s"]}' % BASE.encode(), 409, "wrong-epoch"),
        (b'{"epoch":2,"elements":["%s"]}' % NO_ELEMENT.encode(), 409, "wrong-epoch"),
        (json.dumps({"epoch": 1, "elements": [BASE] * 1001}).encode(), 413, "too-many-elements"),
        (b" " * 200_000, 413, "too-many-elements"),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused_and_costs_nothing(site, content, status, slug):
    before = left(site.post(json=body()))
    answer = site.post(content=content, headers=JSON)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert BASE not in answer.text and NO_ELEMENT not in answer.text
    assert left(site.post(json=body())) == before - 1


def test_one_that_is_no_element_among_many_costs_nothing(site):
    before = left(site.post(json=body()))
    many = body(20)
    many["elements"][11] = NO_ELEMENT
    assert site.post(json=many).status_code == 400
    assert left(site.post(json=body())) == before - 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        JSON | {"Content-Encoding": "gzip"},
        {"Content-Type": "application/jsonx"},
    ],
)
def test_what_is_no_json_is_refused(site, headers):
    answer = site.post(content=json.dumps(body()), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")


def test_json_may_say_its_charset(site):
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert site.post(content=json.dumps(body()), headers=headers).status_code == 200


def test_a_body_in_chunks_is_read_and_held_to_the_same_length(site):
    pieces = [b'{"epoch":1,', b'"elements":["' + BASE.encode(), b'"]}']
    assert site.post(content=iter(pieces), headers=JSON).status_code == 200
    assert site.post(content=iter([b" " * 1000] * 300), headers=JSON).status_code == 413


def test_nothing_but_post_is_answered(site):
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = site.ask(method, "/v1/evaluate")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_a_server_that_hosts_buckets_only_does_not_evaluate(published, tmp_path):
    with served(published.folder, tmp_path, role="buckets") as site:
        answer = site.post(json=body())
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        assert site.ask("GET", "/v1/snapshot").status_code == 200


# What is paid for


def test_every_answer_tells_what_is_left_of_the_tightest_limit(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=5, network=50, server=500)) as site:
        one, three = site.post(json=body()), site.post(json=body(3))
    until = 24 * 3600 - (NOW - NOW.replace(hour=0, minute=0)) // timedelta(seconds=1)
    assert one.headers["ratelimit"] == f'"address";r=4;t={until}'
    assert three.headers["ratelimit"] == f'"address";r=1;t={until}'
    assert one.headers["ratelimit-policy"] == ", ".join(
        f'"{name}";q={quota};w=86400' for name, quota in (("address", 5), ("network", 50), ("server", 500))
    )


def test_a_spent_budget_is_refused_with_the_time_to_come_again(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=2)) as site:
        assert [site.post(json=body()).status_code for _ in range(3)] == [200, 200, 429]
        answer = site.post(json=body())
        assert answer.json()["type"] == "/problems/budget-spent"
        assert 0 < int(answer.headers["retry-after"]) <= 86_400
        assert (left(answer), answer.headers["access-control-allow-origin"]) == (0, "*")


def test_elements_are_granted_all_or_none(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=5)) as site:
        assert site.post(json=body(6)).status_code == 429
        assert site.post(json=body(5)).status_code == 200


class Failing:
    """An evaluator that fails as long as it is told to."""

    def __init__(self):
        self.fails = True
        self.epoch = 1

    def evaluate(self, epoch, elements):
        if self.fails:
            raise RuntimeError("made up")
        return LocalEvaluator(KEY).evaluate(epoch, elements)


@pytest.mark.parametrize("count", [1, 5])
def test_an_evaluation_that_fails_is_given_back_and_not_explained(published, tmp_path, count, caplog):
    caplog.set_level(100, "uvicorn.error")
    failing = Failing()
    with served(published.folder, tmp_path, limits=Limits(address=5), evaluator=failing) as site:
        for _ in range(3):
            answer = site.post(json=body(count))
            assert (answer.status_code, answer.json()["type"]) == (500, "/problems/failed")
            assert "made up" not in answer.text
        failing.fails = False
        assert site.post(json=body(5)).status_code == 200
        assert site.post(json=body()).status_code == 429


class Slow(Failing):
    """An evaluator that waits until it may go on."""

    def __init__(self):
        super().__init__()
        self.fails = False
        self.began, self.goes_on = threading.Semaphore(0), threading.Event()

    def evaluate(self, epoch, elements):
        if len(elements) > 4:
            self.began.release()
            assert self.goes_on.wait(LONG)
        return super().evaluate(epoch, elements)


PROXY = (ip_network("127.0.0.0/8"),)


def by(number):
    """Headers of a client behind a proxy."""
    return {"X-Forwarded-For": f"192.0.2.{number}"}


def first_done(asked):
    return wait_for(asked, LONG, FIRST_COMPLETED).done.pop().result()


def test_whoever_asks_for_one_does_not_wait_for_many_of_others(published, tmp_path):
    slow = Slow()
    with (
        served(published.folder, tmp_path, evaluator=slow, trusted_proxies=PROXY) as site,
        ThreadPoolExecutor(80) as others,
    ):
        many = [others.submit(site.post, json=body(5), headers=by(number)) for number in range(70)]
        try:
            assert slow.began.acquire(timeout=LONG)
            assert site.post(json=body()).status_code == 200
            assert site.ask("GET", "/v1/snapshot").status_code == 200
            refused = first_done(many)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert refused.json()["type"] == "/problems/too-busy"
        finally:
            slow.goes_on.set()
        answers = [one.result() for one in many]
    assert {one.status_code for one in answers} == {200, 503}
    assert sum(one.status_code == 200 for one in answers) >= 64


def test_one_address_does_not_have_all_places(published, tmp_path):
    slow = Slow()
    with (
        served(published.folder, tmp_path, evaluator=slow, trusted_proxies=PROXY) as site,
        ThreadPoolExecutor(80) as others,
    ):
        many = [others.submit(site.post, json=body(5), headers=by(1)) for _ in range(70)]
        try:
            refused = [one.result().status_code for one in islice(as_completed(many, LONG), 62)]
            other = others.submit(site.post, json=body(5), headers=by(2))
        finally:
            slow.goes_on.set()
        assert other.result().status_code == 200
        assert refused == [503] * 62
        assert [one.result().status_code for one in many].count(200) == 8


@pytest.mark.parametrize("element", [BASE, NO_ELEMENT])
def test_more_than_a_day_has_is_refused_before_it_is_looked_at(published, tmp_path, element):
    many = {"epoch": 1, "elements": [element] * 21}
    with served(published.folder, tmp_path, limits=Limits(), budget=Held()) as site:
        answer = site.post(json=many)
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/budget-spent")
        assert "retry-after" not in answer.headers
        assert site.post(json=many | {"epoch": 2}).status_code == 409


class Held:
    """A budget that somebody holds until it may go on."""

    def __init__(self):
        self.asked, self.goes_on = threading.Event(), threading.Event()

    def spend_at_once(self, client, elements, now):
        return None

    def spend(self, client, elements, now):
        self.asked.set()
        assert self.goes_on.wait(LONG)
        return Verdict(True, (), None)


@pytest.mark.parametrize("count", [1, 4, 5])
def test_nobody_waits_for_budgets_that_are_held_but_who_asks_for_them(published, tmp_path, count):
    held = Held()
    with served(published.folder, tmp_path, budget=held) as site, ThreadPoolExecutor(1) as other:
        waits = other.submit(site.post, json=body(count))
        try:
            assert held.asked.wait(LONG)
            assert site.ask("GET", "/v1/snapshot").status_code == 200
        finally:
            held.goes_on.set()
        assert waits.result().status_code == 200


def test_an_answer_that_nobody_takes_is_paid_for(published, tmp_path):
    async def leaves():
        messages = iter([{"type": "http.request", "body": json.dumps(body()).encode(), "more_body": False}])

        async def receive():
            return next(messages)

        async def send(message):
            raise ConnectionError

        scope = {"headers": [(b"content-type", b"application/json")], "client": ("127.0.0.1", 1)}
        with pytest.raises(ConnectionError):
            await EvaluateEndpoint(site.site)(scope, receive, send)

    with served(published.folder, tmp_path, limits=Limits(address=2)) as site:
        asyncio.run(leaves())
        assert left(site.post(json=body())) == 0


def test_who_leaves_before_all_was_said_pays_nothing(published, tmp_path):
    async def leaves():
        messages = iter(
            [{"type": "http.request", "body": b'{"epoch":1', "more_body": True}, {"type": "http.disconnect"}]
        )

        async def receive():
            return next(messages)

        scope = {"headers": [(b"content-type", b"application/json")], "client": ("127.0.0.1", 1)}
        await EvaluateEndpoint(site.site)(scope, receive, None)

    with served(published.folder, tmp_path, limits=Limits(address=2)) as site:
        asyncio.run(leaves())
        assert left(site.post(json=body())) == 1


def test_addresses_that_a_trusted_proxy_tells_have_budgets_of_their_own(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=1), trusted_proxies=PROXY) as site:
        asked = [
            site.post(json=body(), headers={"X-Forwarded-For": said}).status_code
            for said in (
                "192.0.2.1",
                "192.0.2.2",
                "192.0.2.2",
                "192.0.2.3, 192.0.2.2",
                "192.0.2.2, 192.0.2.3",
            )
        ]
    assert asked == [200, 200, 429, 429, 200]


def test_nobody_has_the_budget_of_the_address_they_make_up(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=1)) as site:
        headers = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(3)]
        assert [site.post(json=body(), headers=one).status_code for one in headers] == [200, 429, 429]


def test_a_burst_of_single_elements_outlasts_budgets_that_are_held(published, tmp_path):
    held = Held()
    with served(published.folder, tmp_path, budget=held) as site, ThreadPoolExecutor(40) as others:
        waiting = [others.submit(site.post, json=body()) for _ in range(40)]
        try:
            assert held.asked.wait(LONG)
            assert site.ask("GET", "/v1/snapshot").status_code == 200
        finally:
            held.goes_on.set()
        assert {one.result().status_code for one in waiting} == {200}


@pytest.fixture
def keys(tmp_path):
    """A workspace, a key for evaluations and one to read."""
    workspace = Workspace.open(tmp_path / "home")
    with workspace.writing("api-keys make") as connection:
        _, key = make_api_key(connection, "Example Bank", ["evaluate"], NOW, customers=100)
        _, reader = make_api_key(connection, "Example Press", ["read"], NOW)
    return workspace, key, reader


@contextmanager
def knowing(site, workspace):
    """Asks a server like another, which knows API keys."""
    known = replace(site.site, workspace=workspace)
    with running(HotEndpoints(known, None), known) as (address, _):

        def post(key=None, count=64):
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            return site.client.post(f"{address}/v1/evaluate", json=body(count), headers=headers)

        yield post


def test_an_organisation_has_a_budget_of_its_own(published, tmp_path, keys):
    workspace, key, reader = keys
    with (
        served(published.folder, tmp_path, limits=Limits(address=1)) as site,
        knowing(site, workspace) as post,
    ):
        good = post(key)
        assert (good.status_code, left(good)) == (200, 384 - 64)
        assert good.headers["ratelimit-policy"] == '"organisation";q=384'
        assert [post(key).status_code for _ in range(6)] == [200] * 5 + [429]
        assert [post("fmk_made_up").status_code, post(reader).status_code] == [401, 403]
        assert "www-authenticate" in post("x").headers


def test_an_organisation_does_not_wait_for_those_without_a_key(published, tmp_path, keys):
    slow = Slow()
    workspace, key, _ = keys
    with (
        served(published.folder, tmp_path, evaluator=slow) as site,
        knowing(site, workspace) as post,
        ThreadPoolExecutor(10) as others,
    ):
        many = [others.submit(post, count=5) for _ in range(8)]
        try:
            assert slow.began.acquire(timeout=LONG)
            assert slow.began.acquire(timeout=LONG)
            assert post(key, 4).status_code == 200
        finally:
            slow.goes_on.set()
        assert {one.result().status_code for one in many} == {200}


# Reading what is posted


space = st.sampled_from([b"", b" "])
several = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=4)
joined = st.tuples(several, st.sampled_from(['","', '""', '", "'])).map(
    lambda one: one[1].join(one[0]).encode()
)
like_bodies = st.builds(
    b'%s{"epoch":%s%d,%s"elements":%s["%s"%s]}%s'.__mod__,
    st.tuples(space, space, st.integers(0, 999), space, space, joined, st.sampled_from([b"", b","]), space),
)


@given(st.binary(max_size=200) | like_bodies)
def test_any_body_is_read_or_refused(data):
    try:
        asked = read_asked(data)
    except (BadBody, TooMuch):
        return
    assert json.loads(data) == {"epoch": asked.epoch, "elements": [one.hex() for one in asked.elements]}


def test_a_server_that_evaluates_needs_a_key_and_a_budget(published):
    with (
        PublishedSnapshot(published.folder, bytes(32), lambda: NOW) as opened,
        pytest.raises(ValueError, match="budget"),
    ):
        EvaluateEndpoint(site_of(opened, lambda: NOW, None, LocalEvaluator(KEY)))
