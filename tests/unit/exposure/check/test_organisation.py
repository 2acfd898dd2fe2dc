"""An organisation's check: who is found, what is sent, what it costs, and how it goes on after trouble."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections import Counter
from dataclasses import replace

import pytest

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import BudgetSpent, EvaluationBroken, LocalEvaluator, ServerFailed
from floodmark.exposure.check.organisation_budget import OverBudget, TooManyCustomers, budget, cost
from floodmark.exposure.check.organisation_progress import CustomersChanged
from floodmark.exposure.check.organisation_records import ProgressLocked
from floodmark.exposure.oprf import ProofFailed
from floodmark.exposure.snapshots import AnswerBroken, SnapshotExpired, WrongEpoch, WrongRootKey
from floodmark.identifiers.digests import DigestKey

from .office import DIGEST_KEY, Office, numbers
from .published import EMAIL, KEY, OTHER_KEY, PHONE, ROOT, STRANGER, Key, Root, bucket_of
from .server import response, shares

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def office(tmp_path, published) -> Office:
    return Office(tmp_path, published)


@pytest.fixture
def online(office, server):
    """A function that checks against the server."""

    def check(**options):
        return office.check(**({"source": server.address, "evaluator": None} | options))

    return check


def parts(server) -> Counter[str]:
    return Counter(request.part for request in server.requests)


def elements(server) -> list[int]:
    """How many elements each evaluation was asked for."""
    asked = [request for request in server.requests if request.part == "evaluate"]
    return [len(json.loads(request.body)["elements"]) for request in asked]


def test_rows_are_found_with_what_each_leak_says_and_strangers_are_not(office):
    checked = office.write(STRANGER, PHONE, "ada@", EMAIL.upper()).check()
    assert checked.lines.select("row", "id", "leak", "field_types").rows() == [
        (2, "c1", "first", "phone full_name birth_date"),
        (2, "c1", "second", "phone"),
        (4, "c3", "first", "email password"),
    ]
    assert (checked.rows, checked.identifiers, checked.invalid) == (4, 3, {"no-email-address": 1})
    assert (checked.rows_found, checked.identifiers_found, checked.found) == (2, 2, True)
    assert [(leak.slug, leak.identifiers) for leak in checked.leaks] == [("first", 2), ("second", 1)]
    assert checked.not_looked_in == ("second",)


def test_two_rows_of_one_identifier_are_both_found_and_asked_about_once(office, online, server):
    checked = office.write(PHONE, "0044 20 7946 0001", PHONE, STRANGER).check()
    assert checked.lines["row"].to_list() == [1, 1, 2, 2, 3, 3]
    assert (checked.identifiers, checked.identifiers_found, checked.rows_found) == (2, 1, 3)
    assert checked.spent == 64


def test_nobody_found_is_an_answer_too(office):
    checked = office.write(STRANGER).check()
    assert not checked.found and checked.lines.is_empty()
    assert b"".join(checked.csv()) == b"row,id,leak,field_types,synthetic\r\n"


def test_every_request_has_64_elements_and_each_bucket_is_fetched_once(office, online, server):
    office.write(*numbers(150), EMAIL)
    checked = online()
    needed = {bucket_of(f"phone:+442079460{at:03d}".encode()) for at in range(150)}
    needed.add(bucket_of(b"email:ada@example.org"))
    fetched = [request.range[0] for request in server.requests if request.part == "buckets"]
    assert elements(server) == [64, 64, 64]
    assert len(fetched) == len(set(fetched)) == len(needed)
    stride = server.published.snapshot.answer_bytes
    assert {first // stride for first in fetched} == needed
    assert checked.identifiers_found == 52 and checked.spent == 192


def test_buckets_are_asked_for_in_no_order_that_says_anything(office, online, server):
    office.write(*numbers(60))
    orders = []
    for at in range(2):
        server.requests.clear()
        online(progress=office.progress.with_name(f"{at}"))
        orders.append([request.range[0] for request in server.requests if request.part == "buckets"])
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1] != sorted(orders[1]) != orders[0]


def test_all_requests_of_a_kind_have_one_size(office, online, server):
    office.write(*numbers(70))
    online()
    sizes = {(request.part, len(request.raw)) for request in server.requests}
    assert len(sizes) == 3


def test_blinded_elements_are_never_the_same_twice(office, online, server):
    office.write(*numbers(64))
    for at in range(2):
        online(progress=office.progress.with_name(f"{at}"))
    asked = [json.loads(r.body)["elements"] for r in server.requests if r.part == "evaluate"]
    assert len({one for request in asked for one in request}) == 128


def test_what_was_answered_is_not_asked_again_and_buckets_are_not_fetched_again(office, online, server):
    office.write(*numbers(130))
    first = online()
    server.requests.clear()
    again = online()
    assert parts(server) == {"snapshot": 1}
    assert again.lines.equals(first.lines) and again == first
    assert office.sentences == ["Going on: 130 identifiers were evaluated before, in this epoch."]


def test_a_later_snapshot_of_the_epoch_costs_buckets_and_no_budget(office, online, server, published):
    office.write(*numbers(130))
    online()
    server.requests.clear()
    server.lies["snapshot"] = lambda request: response("200 OK", published.envelope(id="0b" * 16))
    later = online()
    assert parts(server)["evaluate"] == 0 and parts(server)["buckets"] > 100
    assert later.spent == 192 and later.identifiers_found == 31


def test_a_new_epoch_is_asked_anew_within_a_budget_of_its_own(office, published):
    office.write(*numbers(130)).check(size=130)
    key = Key(2, KEY.pair)
    leaks = [
        replace(leak, manifest=(manifest := replace(leak.manifest, epoch=2)), signature=ROOT.sign(
            b"floodmark/manifest/1\0" + manifest.to_bytes()
        ))
        for leak in published.snapshot.leaks
    ]  # fmt: skip

    class Renewed:
        """The same buckets in a snapshot of another epoch."""

        def envelope(self):
            return published.envelope(epoch=2, leaks=tuple(leaks))

        def bucket(self, snapshot, number):
            size = snapshot.answer_bytes
            place = published.folder / f"v1/snapshots/{snapshot.id}/buckets.bin"
            with place.open("rb") as file:
                file.seek(number * size)
                return file.read(size)

    checked = office.check(source=Renewed(), evaluator=LocalEvaluator(key), size=130)
    assert (checked.spent, checked.snapshot.epoch, checked.identifiers_found) == (192, 2, 31)
    assert not office.sentences


def test_a_file_of_more_identifiers_than_customers_is_refused_before_anything_is_sent(office, online, server):
    office.write(*numbers(65))
    with pytest.raises(TooManyCustomers, match="65 distinct identifiers, and --size says 64"):
        online(size=64)
    assert server.requests == [] and not office.progress.exists()


@pytest.mark.parametrize(
    ("size", "allowed", "whole"),
    [
        (1, 320, 64),
        (64, 320, 64),
        (65, 384, 128),
        (1000, 1280, 1024),
        (2560, 2816, 2560),
        (2600, 2880, 2624),
        (2999, 3298, 3008),
        (10**6, 1_100_000, 10**6),
    ],
)
def test_the_budget_is_a_tenth_more_than_customers_and_never_less_than_one_pass_and_four_requests(
    size, allowed, whole
):
    assert (budget(size), cost(size)) == (allowed, whole)


def test_what_would_go_over_the_budget_is_refused_before_it_is_sent(office, online, server):
    office.write(*numbers(200))
    online(size=200)
    office.write(*numbers(200, first=500))
    online(size=200, file_changed=True)
    server.requests.clear()
    office.write(*numbers(190, first=500), *numbers(10, first=900))
    with pytest.raises(OverBudget, match="64 elements are to be asked, and 0 of 512 are left") as caught:
        online(size=200, file_changed=True)
    assert "progress file beside the output is what counts" in caught.value.hint
    assert parts(server)["evaluate"] == 0


def test_new_customers_within_the_tenth_are_asked_about_alone(office, online, server):
    office.write(*numbers(640))
    online(size=640)
    server.requests.clear()
    office.write(*numbers(600, first=40), *numbers(40, first=1000))
    checked = online(size=640, file_changed=True)
    assert elements(server) == [64]
    assert (checked.spent, checked.budget, checked.identifiers_found) == (704, 896, 300)


def test_whoever_is_new_in_a_bucket_that_was_fetched_is_looked_up_in_it(office):
    """The bucket is fetched again: what it held was not kept, only what it held of those who were asked about."""
    office.write(*numbers(300)).check()
    office.write(*numbers(400)).check(file_changed=True)
    back = office.write(*numbers(300)).check(file_changed=True)
    assert back.identifiers_found == 201
    assert office.write(*numbers(400)).check(file_changed=True).identifiers_found == 301


def test_another_file_is_refused_with_what_to_do(office, online, server):
    office.write(PHONE)
    online()
    server.requests.clear()
    office.write(PHONE, STRANGER)
    with pytest.raises(CustomersChanged, match="The file is not the one") as caught:
        online()
    assert "--file-changed" in caught.value.hint
    assert parts(server) == {"snapshot": 1}


def test_another_column_is_refused_likewise(office):
    office.write(PHONE).check(column="mail")
    with pytest.raises(CustomersChanged, match="The column is not the one"):
        office.check(column="phone")


def test_other_keys_open_no_progress_and_leave_it_as_it_is(office):
    office.write(PHONE).check()
    before = office.progress.read_bytes()
    with pytest.raises(ProgressLocked):
        office.check(key=DigestKey(bytes(32)))
    assert office.progress.read_bytes() == before


@pytest.mark.parametrize(
    ("part", "lie", "refusal"),
    [
        ("evaluate", lambda server, request: shares(server.evaluated(request, OTHER_KEY)), ProofFailed),
        (
            "evaluate",
            lambda server, request: shares(
                replace(honest := server.evaluated(request), elements=honest.elements[::-1])
            ),
            ProofFailed,
        ),
        (
            "evaluate",
            lambda server, request: shares(
                replace(honest := server.evaluated(request), elements=honest.elements[:-1])
            ),
            EvaluationBroken,
        ),
        ("evaluate", lambda server, request: b"[]", EvaluationBroken),
    ],
    ids=["another key", "swapped", "one too few", "no share"],
)
def test_a_lying_evaluator_is_refused_and_no_lie_is_kept(office, online, server, part, lie, refusal):
    office.write(*numbers(200))
    server.lies[part] = lambda request: response("200 OK", lie(server, request))
    with pytest.raises(refusal):
        online()
    assert parts(server)["buckets"] == 0
    server.lies.clear()
    assert online().identifiers_found == 101


def test_a_lie_about_one_bucket_is_refused_and_what_others_held_is_kept(office, online, server):
    office.write(*numbers(200))
    places = itertools.count(1)

    def lie(request):
        first, last = request.range
        body = bytearray(server.bytes_of(first, last))
        if next(places) == 30:
            body[7] ^= 1
        return response("206 Partial Content", bytes(body), server.range_header(first, last))

    server.lies["buckets"] = lie
    with pytest.raises(AnswerBroken) as caught:
        online()
    assert not any(character.isdigit() for character in caught.value.message)
    before = parts(server)["buckets"]
    server.requests.clear()
    server.lies.clear()
    assert online().identifiers_found == 101
    assert parts(server)["evaluate"] == 0
    assert parts(server)["buckets"] + before <= 200 + 4


def test_what_others_answered_in_the_same_moment_as_a_lie_is_kept(office, online, server):
    office.write(*numbers(256))
    places = itertools.count(1)

    def lie(request):
        good = next(places) != 2
        return response("200 OK", shares(server.evaluated(request, KEY if good else OTHER_KEY)))

    server.lies["evaluate"] = lie
    with pytest.raises(ProofFailed):
        online()
    server.requests.clear()
    server.lies.clear()
    checked = online()
    assert elements(server) == [64]
    assert checked.spent == 320


def test_a_spent_budget_is_waited_out_as_long_as_the_server_says_and_costs_nothing(office, online, server):
    office.write(*numbers(100))
    busy = iter([True, True])

    def refuse(request):
        if next(busy, False):
            return response("429 Too Many Requests", headers={"Retry-After": "30"})
        return server.honest(request)

    server.lies["evaluate"] = refuse
    checked = online()
    assert office.waits == [30, 30]
    assert (checked.spent, checked.identifiers_found) == (128, 1)


def test_a_budget_that_stays_spent_stops_the_run_which_goes_on_later(office, online, server):
    office.write(*numbers(400))
    places = itertools.count(1)

    def refuse(request):
        if next(places) > 3:
            return response("429 Too Many Requests", headers={"Retry-After": "86400"})
        return server.honest(request)

    async def never(wait):
        raise wait.why

    server.lies["evaluate"] = refuse
    with pytest.raises(BudgetSpent) as caught:
        online(wait=never)
    assert caught.value.retry_after == 86400
    server.requests.clear()
    server.lies.clear()
    checked = online()
    assert len(elements(server)) == 4
    assert (checked.spent, checked.identifiers_found) == (448, 301)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_server_that_never_answers_is_given_up(office, online, server, status):
    office.write(PHONE)
    server.lies["evaluate"] = lambda request: response(status, headers={"Retry-After": "0"})
    with pytest.raises((BudgetSpent, ServerFailed)):
        online(size=1000)
    assert parts(server)["evaluate"] == 4
    assert len(office.waits) == 3 and min(office.waits) >= 1


REFUSALS = [
    "301 Moved Permanently",
    "400 Bad Request",
    "404 Not Found",
    "409 Conflict",
    "413 Content Too Large",
    "429 Too Many Requests",
    "500 Internal Server Error",
    "502 Bad Gateway",
]


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_costs_nothing_however_often_the_same_command_is_given(office, online, server, status):
    office.write(*numbers(50))
    server.lies["evaluate"] = lambda request: response(status)
    for _ in range(6):
        with pytest.raises(FloodmarkError) as caught:
            online(size=50)
        assert not isinstance(caught.value, OverBudget)
    server.lies.clear()
    assert online(size=50).spent == 64


def test_an_evaluator_that_nobody_reaches_costs_nothing_however_often_the_same_command_is_given(
    office, online, server
):
    office.write(*numbers(300))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and never listens
        for _ in range(6):
            with pytest.raises(ServerFailed, match="cannot be reached"):
                online(size=300, evaluator=f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert online(size=300).spent == 320


def test_a_key_of_another_epoch_that_is_at_hand_costs_nothing(office, online):
    office.write(*numbers(50))
    for _ in range(6):
        with pytest.raises(WrongEpoch):
            online(size=50, evaluator=LocalEvaluator(Key(2, KEY.pair)))
    assert online(size=50).spent == 64


def test_a_server_that_restarts_is_asked_again_and_its_refusals_cost_nothing(office, online, server):
    office.write(*numbers(400))
    answers = iter("good good good bad bad bad good bad bad bad good".split())

    def restarting(request):
        return response("502 Bad Gateway") if next(answers, "good") == "bad" else server.honest(request)

    server.lies["evaluate"] = restarting
    assert online(size=400).spent == 448


@pytest.mark.parametrize(
    "lost", [[], [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{"], [b"nonsense\r\n\r\n"]]
)
def test_an_answer_that_was_lost_is_asked_for_again_and_counts(office, online, server, lost):
    office.write(*numbers(64))
    broken = iter([True])

    def leave(request):
        if next(broken, False):
            yield from lost
            raise OSError("gone")
        yield from server.honest(request)

    server.lies["evaluate"] = leave
    checked = online()
    assert office.waits == [2]
    assert (checked.spent, checked.identifiers_found) == (128, 1)


def test_a_lie_counts_since_it_may_have_been_evaluated(office, online, server):
    office.write(*numbers(50))
    server.lies["evaluate"] = lambda request: response("200 OK", b"[]")
    for _ in range(2):
        with pytest.raises(EvaluationBroken):
            online()
    server.lies.clear()
    assert online().spent == 192


def test_answers_lost_until_the_budget_would_not_do_end_in_the_servers_error_and_no_further_request(
    office, online, server
):
    """130 customers may ask 448 elements: three lost requests leave enough for all, and a further two do not."""
    office.write(*numbers(130))

    def leave(request):
        if parts(server)["evaluate"] == 4:
            return server.honest(request)
        raise OSError("gone")

    server.lies["evaluate"] = leave
    with pytest.raises(ServerFailed, match="broke off"):
        online(size=130)
    assert elements(server) == [64] * 6
    server.requests.clear()
    with pytest.raises(OverBudget, match="128 elements are to be asked, and 64 of 448 are left"):
        online(size=130)
    assert elements(server) == []


def test_one_request_is_risked_until_a_server_answers_and_after_each_failure_and_four_otherwise(office):
    class Counting:
        """Evaluates, fails once, and counts who is under way together."""

        def __init__(self):
            self.now = 0
            self.seen = []

        async def evaluate(self, epoch, elements):
            self.now += 1
            self.seen.append(self.now)
            await asyncio.sleep(0.01)
            self.now -= 1
            if len(self.seen) == 5 and self.now == 3:
                raise ServerFailed("Gone.", sent=False)
            return LocalEvaluator(KEY).evaluate(epoch, elements)

    evaluator = Counting()
    assert office.write(*numbers(600)).check(evaluator=evaluator).spent == 640
    assert evaluator.seen == [1, 1, 2, 3, 4, 1, 1, 2, 3, 4, 1]


def test_a_moment_of_failing_buckets_costs_no_budget(office, online, server):
    office.write(*numbers(64))
    broken = iter([True, True])
    server.lies["buckets"] = lambda request: (
        response("502 Bad Gateway") if next(broken, False) else server.honest(request)
    )
    assert online().spent == 64


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"root_key": Root(9).public}, WrongRootKey),
        ({"evaluator": LocalEvaluator(Key(2, KEY.pair))}, WrongEpoch),
        ({"evaluator": LocalEvaluator(OTHER_KEY)}, ProofFailed),
    ],
)
def test_a_snapshot_or_a_key_that_is_not_the_right_one_is_refused(office, settings, refusal):
    office.write(PHONE)
    with pytest.raises(refusal):
        office.check(**settings)


def test_an_expired_snapshot_is_refused(office, online, server, published):
    office.write(PHONE)
    with pytest.raises(SnapshotExpired):
        online(clock=lambda: published.snapshot.expires_at)
    assert parts(server) == {"snapshot": 1}


def test_no_error_and_no_repr_holds_an_identifier(office, online, server):
    office.write(PHONE, EMAIL)
    customers = office.customers()
    checked = office.check()
    told = [repr(customers), repr(checked), repr(checked.leaks)]
    server.lies["evaluate"] = lambda request: response("200 OK", b"{}")
    with pytest.raises(FloodmarkError) as caught:
        online(progress=office.progress.with_name("other"))
    told += [str(caught.value), caught.value.hint]
    assert not any("ada" in text or "7946" in text or "c0" in text for text in told)


def test_the_key_that_answers_are_kept_under_is_the_digest_key(office):
    office.write(PHONE).check(key=DIGEST_KEY)
    office.check(key=DigestKey(bytes(range(32))))
    assert office.sentences == ["Going on: 1 identifier was evaluated before, in this epoch."]


def test_whoever_blocks_within_an_event_loop_gets_the_same_answer(office, online):
    """As a notebook does, which runs every cell in a loop of its own."""
    office.write(PHONE, EMAIL)

    async def cell():
        return online(progress=office.progress.with_name("other"))

    assert asyncio.run(cell()) == online()


def test_an_error_reaches_whoever_blocks_within_an_event_loop(office, online, server):
    office.write(PHONE)
    server.lies["evaluate"] = lambda request: response("200 OK", b"[]")

    async def cell():
        return online()

    with pytest.raises(EvaluationBroken):
        asyncio.run(cell())
    server.lies.clear()
    assert online().spent == 128
