"""Evaluator and buckets at two operators: two processes at two addresses, each with its half and no more."""

from __future__ import annotations

import json
import re

import pytest

from .recorder import ELEMENT, SNAPSHOT, recording
from .serving import PLENTY, serving
from .visiting import visiting
from .workspace import MISSED_PHONE


@pytest.fixture(params=["buckets", "evaluator"])
def operators(made, tmp_path, request):
    """Recorders before both servers; the page is at one of them, the parameter, and asks the other."""
    page = request.param
    with recording() as buckets, recording() as evaluator:
        hosting = ["--role", "buckets", "--snapshot", str(made.public), "--root-key", made.root_key]
        hosting += ["--evaluator-at", evaluator.address]
        evaluating = ["--role", "evaluator", *PLENTY]
        evaluating += ["--buckets-at", buckets.address] if page == "evaluator" else []
        nobody = made.environment | {
            "FLOODMARK_HOME": str(tmp_path / "home"),
            "FLOODMARK_KEYS": str(tmp_path / "keys"),
        }
        with serving(made, *hosting, environment=nobody) as host, serving(made, *evaluating) as evaluates:
            buckets.upstream, evaluator.upstream = host.address, evaluates.address
            yield {"page": page, "buckets": buckets, "evaluator": evaluator}


def test_the_page_of_either_asks_both_and_each_sees_its_half_and_is_not_told_the_other(
    operators, browser, made
):
    page = operators[operators["page"]]
    with visiting(browser) as visit:
        visit.open(page.address)
        assert "2 leaks" in visit.check(made.phone)
        assert visit.page.locator("#sent dl dt").count() >= 3
        assert "OPTIONS" in visit.page.text_content("#sent")
        visit.page.click("#result [data-slot=again]")
        visit.check(MISSED_PHONE)
        assert visit.faults == []
    evaluator, buckets = operators["evaluator"], operators["buckets"]
    evaluations = [json.loads(one.body) for one in evaluator.exchanges if one.line == "POST /v1/evaluate"]
    ranges = re.findall(rb"(?i)range: bytes=([0-9]+)-", buckets.sent())
    assert (len(evaluations), len(ranges)) == (2, 8)
    preflights = [
        one for asked in (evaluator, buckets) for one in asked.exchanges if one.line.startswith("OPTIONS ")
    ]
    assert all(one.body == b"" and b"bytes=" not in one.request for one in preflights)
    assert not any("evaluate" in line for line in buckets.lines())
    assert not any("buckets.bin" in line for line in evaluator.lines())
    assert not any(element.encode() in buckets.sent() for one in evaluations for element in one["elements"])
    # Eight digits stand in random ones by chance, so the ranges are looked for in what is not random.
    fixed = SNAPSHOT.sub(b"", ELEMENT.sub(b"", evaluator.sent()))
    assert all(len(first) == 8 and first not in fixed for first in ranges)
