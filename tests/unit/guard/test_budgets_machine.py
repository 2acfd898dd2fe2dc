"""No interleaving, restart, kill, eviction or change of policy grants more than the burst and what came back since."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from floodmark.guard.actors import Actor
from floodmark.guard.budgets import Budgets, Limit
from floodmark.guard.reduction import Reduced
from floodmark.kernel import library
from floodmark.kernel.buckets import Sizes

WIDE = (Limit("account", 4, 1 / 10), Limit("prefix", 7, 1 / 5), Limit("account", 6, 1 / 40, ("sync",)))
NARROW = (Limit("prefix", 5, 1 / 7), Limit("account", 2, 1 / 20), Limit("account", 6, 1 / 40, ("sync",)))
SIZES = {
    "no room for anything": Sizes(bucket_groups=2, floors=1, known_groups=1),
    "little room": Sizes(bucket_groups=2, floors=16, known_groups=4),
    "room for all": Sizes(bucket_groups=64, floors=64, known_groups=512),
}
KERNELS = [None] if library.kernel is None else [None, library.kernel]


REQUEST = st.tuples(
    st.integers(0, 2),
    st.integers(1, 2) | st.integers(1, 40),
    st.integers(0, 2) | st.integers(0, 12),
    st.sampled_from(["sync", "search"]),
    st.lists(st.integers(1, 30), max_size=6),
)


class Meter:
    """What one actor spent of one limit, as an exact level that leaks by the latest time that anybody saw."""

    def __init__(self) -> None:
        self.level = Fraction(0)
        self.since = 0
        self.known: set[int] = set()

    def leak(self, limit: Limit, now: int) -> Fraction:
        """The level by now."""
        self.level = max(Fraction(0), self.level - Fraction(now - self.since, limit.cost))
        self.since = now
        return self.level


class BudgetsInAnyOrder(RuleBasedStateMachine):
    """Many processes, clocks that jump, kills and changed policies against exact meters."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.open: list[Budgets] = []
        self.meters: dict[tuple[str, tuple[str, ...], int], Meter] = {}
        self.now = 0.0
        self.latest = 0
        self.clock_went_back = self.policy_changed = False
        self.steps = 0

    @initialize(sizes=st.sampled_from(list(SIZES)), kernel=st.sampled_from(KERNELS))
    def begin(self, sizes, kernel) -> None:
        self.sizes, self.kernel, self.limits = sizes, kernel, WIDE
        self.open = [self._opened()]

    def _opened(self) -> Budgets:
        return Budgets.open(
            self.folder / "guard", self.limits, at=self.now, sizes=SIZES[self.sizes], kernel=self.kernel
        )

    def _meters(self, actor: Actor, endpoint: str) -> list[tuple[Limit, Meter]]:
        found = []
        for limit in self.limits:
            if limit.applies(endpoint) and (whose := getattr(actor, limit.level)):
                meter = self.meters.setdefault((limit.level, limit.endpoints, whose), Meter())
                found.append((limit, meter))
        return found

    @rule(asked=st.lists(REQUEST, min_size=1, max_size=30))
    def take(self, asked) -> None:
        for which, account, prefix, endpoint, digests in asked:
            self._take(which, account, prefix, endpoint, digests)

    @rule(account=st.integers(1, 2), digest=st.integers(1, 200), others=st.integers(20, 40))
    def many_others_come_between(self, account, digest, others) -> None:
        self._take(0, account, 1, "search", list(range(digest, digest + 4)))
        for other in range(100 * account, 100 * account + others):
            self._take(0, other, 0, "search", list(range(5)))
        self._take(0, account, 1, "search", list(range(digest + 4, digest + 8)))

    def _take(self, which, account, prefix, endpoint, digests) -> None:
        actor = Actor(account=account, prefix=prefix)
        if digests:
            self.latest = max(self.latest, round(self.now * 1e6) * 1000)
        budgets = self.open[which % len(self.open)]
        taken = budgets.take(self.now, actor, endpoint, [Reduced(digest, 0, 0) for digest in digests])
        assert sorted(taken.granted + taken.refused) == list(range(len(digests)))
        meters = self._meters(actor, endpoint)
        for place, digest in enumerate(digests):
            new_at = [(limit, meter) for limit, meter in meters if digest not in meter.known]
            room = all(meter.leak(limit, self.latest) + 1 <= limit.burst for limit, meter in new_at)
            if place in taken.granted:
                assert room
                for _, meter in new_at:
                    meter.level += 1
                    meter.known.add(digest)
            elif self.sizes == "room for all" and not self.clock_went_back and not self.policy_changed:
                assert not room

    @rule(step=st.sampled_from([0.0, 0.000001, 1.0, 5.0, 10.0, 61.0, 3600.0]))
    def time_passes(self, step) -> None:
        self.now = round(self.now + step, 6)

    @rule(step=st.sampled_from([0.5, 7.0, 1000.0]))
    def the_clock_is_put_back(self, step) -> None:
        self.now = max(0.0, round(self.now - step, 6))
        self.clock_went_back = True

    @rule(what=st.sampled_from(["joined", "restarted", "killed", "changed"]))
    def something_happens(self, what) -> None:
        if what == "joined" and len(self.open) < 3:
            self.open.append(self._opened())
        elif what == "restarted":
            self._all_are_restarted()
        elif what == "killed":
            self._all_are_killed()
        elif what == "changed":
            self._the_policy_changes()

    def _all_are_restarted(self) -> None:
        for budgets in self.open:
            budgets.close()
        self.open = [self._opened()]

    def _all_are_killed(self) -> None:
        self.steps += 1
        left = self.folder / str(self.steps)
        shutil.copytree(self.folder / "guard", left)  # what the system has of the files, nothing flushed
        for budgets in self.open:
            budgets.close()
        shutil.rmtree(self.folder / "guard")
        left.rename(self.folder / "guard")
        self.open = [self._opened()]

    def _the_policy_changes(self) -> None:
        for budgets in self.open:
            budgets.close()
        before, self.limits = self.limits, NARROW if self.limits is WIDE else WIDE
        for (level, endpoints, _), meter in self.meters.items():
            old, new = (
                next(one for one in limits if (one.level, one.endpoints) == (level, endpoints))
                for limits in (before, self.limits)
            )
            meter.level = min(meter.leak(old, self.latest), Fraction(new.burst))
        self.policy_changed = True
        self.open = [self._opened()]

    @invariant()
    def memory_is_what_was_promised(self) -> None:
        for budgets in self.open:
            assert budgets.bytes == SIZES[self.sizes].bytes

    def teardown(self) -> None:
        for budgets in self.open:
            budgets.close()
        shutil.rmtree(self.folder)


BudgetsInAnyOrder.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestBudgetsInAnyOrder = BudgetsInAnyOrder.TestCase
