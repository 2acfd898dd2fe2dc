"""Private checks against a server on this machine: with our client, as a process, and with the second client."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from floodmark.exposure.check import BudgetSpent, check, check_async
from floodmark.web.settings import Limits

from ..unit.exposure.check.published import EMAIL, PHONE, ROOT, STRANGER, publish
from ..unit.web.hot.served import served
from . import second_client as client

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
FLOODMARK = str(Path(sys.executable).with_name("floodmark"))


def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"), now().replace(microsecond=0))


@pytest.fixture
def site(published, tmp_path):
    with served(published.folder, tmp_path, clock=now) as found:
        yield found


def test_our_client_finds_what_is_there_and_nothing_else(site):
    found = check([EMAIL, PHONE, STRANGER], source=site.address, root_key=ROOT.public, region="GB")
    leaks = [[leak.slug for leak in one.leaks] for one in found.identifiers]
    assert leaks == [["first"], ["first", "second"], []]


def test_many_checks_at_once_are_answered(site):
    async def together():
        return await asyncio.gather(
            *(check_async(PHONE, source=site.address, root_key=ROOT.public) for _ in range(20))
        )

    assert all(len(found.identifiers[0].leaks) == 2 for found in asyncio.run(together()))


def test_a_spent_budget_is_understood(published, tmp_path):
    today = now()  # of which the budget is
    with served(published.folder, tmp_path, clock=lambda: today, limits=Limits(address=1)) as site:
        assert check(EMAIL, source=site.address, root_key=ROOT.public).identifiers[0].leaks
        with pytest.raises(BudgetSpent) as found:
            check(EMAIL, source=site.address, root_key=ROOT.public)
        assert 0 < found.value.retry_after <= 86_400


def test_two_servers_share_the_work(published, tmp_path):
    (tmp_path / "other").mkdir()
    with (
        served(published.folder, tmp_path, clock=now, role="buckets") as hosts,
        served(published.folder, tmp_path / "other", clock=now, role="evaluator") as evaluates,
    ):
        found = check(EMAIL, source=hosts.address, evaluator=evaluates.address, root_key=ROOT.public)
        assert [leak.slug for leak in found.identifiers[0].leaks] == ["first"]


def test_the_command_checks_against_it(site, tmp_path):
    asked = subprocess.run(
        [FLOODMARK, "check", site.address, "--root-key", ROOT.public.hex()],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "PYTHONWARNINGS": "error",
        },
        input=EMAIL + "\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (asked.returncode, asked.stderr) == (10, "")
    assert "Found in 1 of 2 leaks" in asked.stdout


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        (b"email:ada@example.org", ["first"]),
        (b"phone:+442079460001", ["first", "second"]),
        (b"email:x@y.z", []),
    ],
)
def test_the_second_client_checks_against_it(site, asked, slugs, ranges):
    def post(body):
        answer = site.client.post(
            f"{site.address}/v1/evaluate", content=body, headers={"Content-Type": "application/json"}
        )
        client.demand(answer.status_code == 200, "no evaluation")
        client.demand(answer.headers["content-type"] == "application/json", "no JSON")
        return answer.content

    def bucket(snapshot, number):
        within = f"{site.address}/v1/snapshots/{snapshot.text['id']}"
        if not ranges:
            return site.client.get(f"{within}/{number}").content
        size, total = snapshot.answer_bytes, snapshot.text["buckets"]["bytes"]
        first, last = (f"{at:0{len(str(total))}d}" for at in (number * size, number * size + size - 1))
        answer = site.client.get(
            f"{within}/buckets.bin",
            headers={"Range": f"bytes={first}-{last}", "Accept-Encoding": "identity"},
        )
        client.demand(answer.status_code == 206, "no range")
        client.demand(
            answer.headers["content-range"] == f"bytes {int(first)}-{int(last)}/{total}", "another range"
        )
        return answer.content

    snapshot = client.open_snapshot(site.ask("GET", "/v1/snapshot").content, ROOT.public, now())
    rng = random.Random(3)
    (y,) = client.evaluate_at(post, snapshot.text["epoch"], snapshot.public, [asked], rng)
    number = client.bucket_of(y)
    rows = client.rows_of(snapshot, number, bucket(snapshot, number))
    found = [
        client.look_up(part, manifest, y) for part, manifest in zip(rows, snapshot.manifests, strict=True)
    ]
    told = [one["slug"] for one, fields in zip(snapshot.manifests, found, strict=True) if fields is not None]
    assert told == slugs
