"""A server that is killed while it evaluates: nobody gets more than the budget, and the next one goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from floodmark.exposure.check import check
from floodmark.exposure.check.evaluation import blind_one, request_body

from ..unit.exposure.check.published import EMAIL, ROOT, drawn, publish

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
QUOTA = 400
EACH = 120  # answers after which a server is killed, so that the fourth is at the end of the budget
LONG = 60  # seconds after which a test has failed
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.oprf import derive_key_pair
from floodmark.register.budgets import BudgetLedger
from floodmark.web.hot import HotEndpoints
from floodmark.web.published import PublishedSnapshot
from floodmark.web.serving import run
from floodmark.web.settings import Limits, Settings
from floodmark.web.site import Site

place, budgets, root, quota, now = sys.argv[1:]
settings = Settings(port=0, root_key=bytes.fromhex(root), limits=Limits(address=int(quota)))
clock = lambda: datetime.fromisoformat(now)  # which no day ends after
key = SimpleNamespace(epoch=1, pair=derive_key_pair(bytes(32), b"floodmark/epoch/1"))
with (
    PublishedSnapshot(Path(place), settings.root_key, clock) as published,
    BudgetLedger.open(Path(budgets), settings.limits) as ledger,
):
    site = Site(settings=settings, clock=clock, published=published, evaluator=LocalEvaluator(key), budget=ledger,
                workspace=None)
    run(HotEndpoints(site, None), settings, lambda sentence: print(sentence, flush=True))
"""


@pytest.fixture
def start(tmp_path):
    """Starts a server of the snapshot; its process and address."""
    now = datetime.now(UTC).replace(microsecond=0)
    published = publish(tmp_path / "published", now)
    begun = []

    def start_one():
        args = [str(published.folder), str(tmp_path / "budgets.sqlite"), ROOT.public.hex(), str(QUOTA)]
        args.append(now.isoformat())
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
        )
        begun.append(process)
        said = process.stdout.readline()
        assert said, process.stderr.read()
        return process, said.split()[-1]

    yield start_one
    for process in begun:
        process.kill()
        process.communicate()


def test_over_kills_nobody_gets_more_than_the_budget(start):
    body = request_body(1, [blind_one(b"x", drawn(1)).element])
    granted = []
    for _ in range(5):
        process, address = start()
        last = len(granted) + EACH

        def ask(address=address, process=process, last=last):
            with httpx.Client(timeout=LONG) as client:
                while True:
                    try:
                        answer = client.post(
                            f"{address}/v1/evaluate",
                            content=body,
                            headers={"Content-Type": "application/json"},
                        )
                    except httpx.HTTPError:
                        return
                    if answer.status_code != 200:
                        assert answer.status_code == 429
                        return
                    granted.append(answer)
                    if len(granted) >= last:
                        process.kill()  # while the three others wait for their answers

        with ThreadPoolExecutor(4) as clients:
            asked = [clients.submit(ask) for _ in range(4)]
        assert [one.result() for one in asked] == [None] * 4
        process.kill()
        assert process.wait(LONG) == -signal.SIGKILL
    total = len(granted)
    assert 3 * EACH <= total <= QUOTA
    _, address = start()
    answer = httpx.post(
        f"{address}/v1/evaluate", content=body, headers={"Content-Type": "application/json"}, timeout=LONG
    )
    left = int(re.search(r";r=(\d+)", answer.headers["ratelimit"])[1])
    assert left <= QUOTA - total  # answers that were lost were paid for


def test_after_a_kill_the_next_server_answers_as_before(start):
    process, address = start()
    before = check(EMAIL, source=address, root_key=ROOT.public)
    process.kill()
    _, again = start()
    assert check(EMAIL, source=again, root_key=ROOT.public) == before
