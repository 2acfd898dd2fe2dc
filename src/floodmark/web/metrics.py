"""What can be counted of a server without counting anybody: numbers by class of address, for Prometheus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from floodmark.errors import FloodmarkError
from floodmark.web.endpoint_classes import CLASSES
from floodmark.web.logs import Seen
from floodmark.web.site import Site

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
LIMITS = ("address", "network", "server", "organisation")
_TIGHTEST = re.compile(rb'"([a-z]{1,20})"')  # first of the header RateLimit


class Metrics:
    """The numbers of one server, counted by one thread.

    Attributes:
        under_way: requests that have begun and not ended.

    Args:
        site: whose snapshot they tell of.
    """

    def __init__(self, site: Site) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # no series of when each of the others began
        registry = self._registry = CollectorRegistry()
        requests = Counter(
            "floodmark_requests",
            "Requests that have ended; status 0 where no answer was begun.",
            ["endpoint", "method", "status"],
            registry=registry,
        )
        seconds = Histogram(
            "floodmark_request_seconds",
            "From a request's first byte to its answer's last.",
            ["endpoint"],
            buckets=SECONDS,
            registry=registry,
        )
        sent = Counter(
            "floodmark_response_bytes", "Bytes of answers' bodies.", ["endpoint"], registry=registry
        )
        refusals = Counter(
            "floodmark_budget_refusals",
            "Evaluations that were refused, by the limit that had the least left.",
            ["limit"],
            registry=registry,
        )
        self.under_way = 0
        now = Gauge("floodmark_requests_under_way", "Requests now.", registry=registry)
        now.set_function(lambda: self.under_way)
        self._requests = requests
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._seconds = {name: seconds.labels(name) for name in CLASSES}
        self._bytes = {name: sent.labels(name) for name in CLASSES}
        self._refusals = {name: refusals.labels(name) for name in LIMITS}
        registry.register(_SnapshotNumbers(site))
        ProcessCollector(registry=registry)

    def count(self, seen: Seen) -> None:
        """Count a request that has ended."""
        key = (seen.endpoint, seen.method, seen.status)
        counted = self._counted.get(key)
        if counted is None:  # looking a child up takes longer than all the rest
            counted = self._counted[key] = self._requests.labels(*key)
        counted.inc()
        self._seconds[seen.endpoint].observe(seen.seconds)
        self._bytes[seen.endpoint].inc(seen.size)

    def count_refusal(self, rate_limit: bytes) -> None:
        """Count an evaluation that a budget refused.

        Args:
            rate_limit: the header RateLimit of the answer.
        """
        found = _TIGHTEST.match(rate_limit)
        limit = found[1].decode() if found else ""
        if limit in self._refusals:
            self._refusals[limit].inc()

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


class _SnapshotNumbers(Collector):
    """What is published, as it is when somebody looks."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = self._site.published.current().snapshot
        except FloodmarkError:
            yield GaugeMetricFamily("floodmark_snapshot_usable", _USABLE, 0)
            return
        yield GaugeMetricFamily("floodmark_snapshot_usable", _USABLE, 1)
        yield GaugeMetricFamily("floodmark_snapshot_number", "Number of the snapshot.", found.number)
        yield GaugeMetricFamily("floodmark_snapshot_leaks", "Leaks in it.", len(found.leaks))
        yield GaugeMetricFamily(
            "floodmark_snapshot_made_seconds", "When it was made.", found.made_at.timestamp()
        )
        yield GaugeMetricFamily(
            "floodmark_snapshot_expires_seconds", "When it expires.", found.expires_at.timestamp()
        )
        age = self._site.clock() - found.made_at
        yield GaugeMetricFamily("floodmark_snapshot_age_seconds", "Since it was made.", age.total_seconds())


_USABLE = "Whether there is a snapshot that may be answered from."
