"""Evaluator and buckets at two operators: two processes at two addresses, each with its half and no more."""

from __future__ import annotations

import json
import re

import pytest

from .nginx import free_port
from .recorder import recording
from .serving import PLENTY, serving
from .visiting import visiting
from .workspace import MISSED_PHONE


@pytest.fixture(params=["buckets", "evaluator"])
def operators(made, tmp_path, request):
    """Recorders before both servers; the page is at one of them, the parameter, and asks the other."""
    page = request.param
    ports = {role: free_port() for role in ("buckets", "evaluator")}
    at = {role: f"http://127.0.0.1:{port}" for role, port in ports.items()}
    with recording(at["buckets"]) as buckets, recording(at["evaluator"]) as evaluator:
        hosting = ["--role", "buckets", "--snapshot", str(made.public), "--root-key", made.root_key]
        hosting += ["--evaluator-at", evaluator.address]
        evaluating = ["--role", "evaluator", *PLENTY]
        evaluating += ["--buckets-at", buckets.address] if page == "evaluator" else []
        nobody = made.environment | {
            "FLOODMARK_HOME": str(tmp_path / "home"),
            "FLOODMARK_KEYS": str(tmp_path / "keys"),
        }
        with (
            serving(made, *hosting, port=ports["buckets"], environment=nobody),
            serving(made, *evaluating, port=ports["evaluator"]),
        ):
            yield {"page": page, "buckets": buckets, "evaluator": evaluator}


def test_the_page_of_either_asks_both_and_each_sees_its_half(operators, browser, made):
    page = operators[operators["page"]]
    with visiting(browser) as visit:
        visit.open(page.address)
        assert "2 leaks" in visit.check(made.phone)
        assert visit.page.locator("#sent dl dt").count() >= 3
        visit.page.click("#result [data-slot=again]")
        visit.check(MISSED_PHONE)
        assert visit.faults == []
    asked = {role: operators[role].lines() for role in ("buckets", "evaluator")}
    evaluations = [line for line in asked["evaluator"] if line == "POST /v1/evaluate"]
    ranges = [line for line in asked["buckets"] if line.endswith("/buckets.bin") and line.startswith("GET")]
    assert (len(evaluations), len(ranges)) == (2, 8)
    assert not any("evaluate" in line for line in asked["buckets"])
    assert not any("buckets.bin" in line for line in asked["evaluator"])


def test_neither_is_told_by_the_browser_what_the_other_was_asked(operators, browser, made):
    with visiting(browser) as visit:
        visit.open(operators[operators["page"]].address)
        visit.check(made.phone)
    elements = {
        element
        for one in operators["evaluator"].exchanges
        if one.line == "POST /v1/evaluate"
        for element in json.loads(one.body)["elements"]
    }
    ranges = set(re.findall(rb"(?i)range: bytes=([0-9]+)-", operators["buckets"].sent()))
    assert len(elements) == 1 and len(ranges) == 4
    assert not any(element.encode() in operators["buckets"].sent() for element in elements)
    assert not any(first in operators["evaluator"].sent() for first in ranges)
