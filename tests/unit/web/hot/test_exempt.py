"""POST /v1/evaluate under the guard: which limit refused, and who is exempt for a while."""

from __future__ import annotations

import json
from datetime import timedelta
from ipaddress import ip_network

import pytest

from floodmark.exposure.check.evaluation import blind_one, request_body
from floodmark.guard.blind import Exemption
from floodmark.web.settings import Limits

from ...exposure.check.published import NOW, drawn
from .served import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
JSON = {"Content-Type": "application/json"}


def body(count=1):
    random = drawn(1)
    return json.loads(request_body(1, [blind_one(b"%d" % number, random).element for number in range(count)]))


def test_a_refusal_says_which_limit_is_spent_and_how_much_of_it(published, tmp_path):
    with served(published.folder, tmp_path, limits=Limits(address=3, network=50, server=4)) as site:
        site.post(json=body(2))
        detail = site.post(json=body(2)).json()["detail"]
    assert detail == "2 of the 3 evaluations for one address are spent, and 2 were asked for."


def test_an_exempt_network_has_the_servers_limit_alone_until_its_last_day_is_over(published, tmp_path):
    now = [NOW]
    helpdesk = Exemption(ip_network("127.0.0.0/8"), NOW.date() + timedelta(days=1))
    limits = Limits(address=2, network=3, server=10)
    with served(
        published.folder, tmp_path, clock=lambda: now[0], limits=limits, exemptions=(helpdesk,)
    ) as site:
        answer = site.post(json=body(9))
        assert (answer.status_code, answer.headers["ratelimit-policy"]) == (200, '"server";q=10;w=86400')
        assert site.post(json=body(2)).status_code == 429
        now[0] += timedelta(days=2)
        assert site.post(json=body(3)).status_code == 429
        assert site.post(json=body(2)).status_code == 200


def test_what_an_exempt_client_spends_is_not_its_neighbours(published, tmp_path):
    helpdesk = Exemption(ip_network("192.0.2.7/32"), NOW.date())
    limits, proxy = Limits(address=1, network=2, server=100), (ip_network("127.0.0.1"),)
    with served(
        published.folder, tmp_path, limits=limits, exemptions=(helpdesk,), trusted_proxies=proxy
    ) as site:
        exempt, neighbour = ({**JSON, "X-Forwarded-For": f"192.0.2.{last}"} for last in (7, 8))
        for _ in range(5):
            assert site.post(json=body(5), headers=exempt).status_code == 200
        assert [site.post(json=body(), headers=neighbour).status_code for _ in range(2)] == [200, 429]
