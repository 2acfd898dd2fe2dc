"""What a decision service has done, in numbers for Prometheus; none of them says who."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from floodmark.guard.middleware_door import Door

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_COUNTED = {
    "identifiers": "Identifiers that were asked about.",
    "none": "Texts asked about that are no identifiers.",
    "refused": "Identifiers that were refused for want of budget.",
    "canaries": "Lookups of identifiers that nobody holds.",
    "allowed": "Requests of whoever is on the allow-list.",
    "observed": "Identifiers that evidence was learned from.",
    "passed": "Challenges that were passed.",
}
_OF_DOOR = {
    "requests": "Requests that were decided on.",
    "failed": "Requests that the guard failed to decide on.",
    "unseen": "Requests whose identifiers are in a body that the web server did not send.",
}


class Metrics:
    """The numbers of one service.

    Args:
        door: that they are of.
    """

    def __init__(self, door: Door) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Numbers(door))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


class _Numbers(Collector):
    """The numbers as they are when somebody looks."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def collect(self) -> Iterator[Metric]:
        counters = self._door.guard.counters
        for name, what in _COUNTED.items():
            yield CounterMetricFamily(f"floodmark_guard_{name}", what, getattr(counters, name))
        for name, what in _OF_DOOR.items():
            yield CounterMetricFamily(f"floodmark_guard_{name}", what, self._door.counts[name])
        decisions = CounterMetricFamily(
            "floodmark_guard_decisions", "Decisions, by action.", labels=["action"]
        )
        for action, count in counters.decisions.items():
            decisions.add_metric([str(action)], count)
        yield decisions
        full = CounterMetricFamily(
            "floodmark_guard_budgets_full", "Requests in which a budget refused something.", labels=["level"]
        )
        for level, count in counters.full.items():
            full.add_metric([level], count)
        yield full
        yield GaugeMetricFamily(
            "floodmark_guard_shadow", "Whether decisions are not acted on.", int(self._door.shadow)
        )
