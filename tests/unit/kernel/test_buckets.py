"""Leaky buckets of what is new: the compiled kernel and Python alone, kept beside each other and an exact meter."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.kernel import library
from floodmark.kernel.buckets import Asking, Count, Rule, Rules, Sizes, Tables, take

TINY = Sizes(bucket_groups=2, floors=2, known_groups=4)
RULES = Rules([Rule(10, 50, 11, 0), Rule(5, 100, 12, 1), Rule(1, 60, 13, 2), Rule(3, 60, 14, 15)])
TABLES = ("counts", "keys", "empty_at", "floors", "known")


@st.composite
def requests(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    step = draw(st.integers(-20, 40))
    actors = [draw(st.integers(0, most)) for most in (40, 6, 1, 3)]
    return step, actors, draw(st.lists(st.integers(0, 100), max_size=8))


@settings(max_examples=50, deadline=None)
@given(st.lists(requests(), max_size=60))
def test_the_kernel_and_python_alone_answer_alike_and_keep_the_same_tables(asked) -> None:
    one, other = Tables.in_memory(TINY), Tables.in_memory(TINY)
    with_kernel, without = Asking(one, RULES), Asking(other, RULES, kernel=None)
    now = 1000
    for step, actors, values in asked:
        now += step
        assert with_kernel.take(now, actors, values) == without.take(now, actors, values)
    for name in TABLES:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize("kernel", [library.kernel, None], ids=["kernel", "plain"])
def test_a_flood_of_actors_and_values_forgets_much_and_grants_nobody_too_much(kernel) -> None:
    rule = Rule(cost=10, capacity=50, salt=1, number=3)
    tables = Tables.in_memory(TINY)
    asking = Asking(tables, Rules([rule]), kernel=kernel)
    granted: dict[int, set[int]] = {}
    level: dict[int, tuple[Fraction, int]] = {}
    random = np.random.default_rng(8)
    for now in range(0, 4000, 2):
        actor, values = int(random.integers(60)), random.integers(0, 40, 3).tolist()
        answer = asking.take(now, [actor], values)
        had = granted.setdefault(actor, set())
        for place, value in enumerate(values):
            if place not in answer.refused and value not in had:
                had.add(value)
                spent, last = level.get(actor, (Fraction(0), 0))
                spent = max(Fraction(0), spent - Fraction(now - last, rule.cost)) + 1
                assert spent <= rule.capacity // rule.cost
                level[actor] = (spent, now)
    for what in (Count.FOLDED, Count.FORGOTTEN_EMPTY, Count.FORGOTTEN, Count.REFUSED):
        assert tables.counts[what] > 0, what.name


def test_a_request_longer_than_any_before_is_answered_as_several_would_be() -> None:
    rules = Rules([Rule(1, 1500, 7, 0)])
    whole, parts = Tables.in_memory(Sizes.within(1 << 16)), Tables.in_memory(Sizes.within(1 << 16))
    assert take(whole, rules, 0, [5], range(2000)).refused == tuple(range(1500, 2000))
    for value in range(2000):
        assert bool(take(parts, rules, 0, [5], [value]).refused) == (value >= 1500)


@pytest.mark.parametrize(("share", "most_forgotten"), [(0.6, 0.0), (1.0, 0.06), (1.5, 0.35)])
def test_known_values_are_forgotten_only_when_the_table_is_two_thirds_full_and_then_few(
    share, most_forgotten
) -> None:
    tables = Tables.in_memory(Sizes(bucket_groups=2, floors=1, known_groups=1 << 12))
    values = np.random.default_rng(3).integers(1, 1 << 63, int(tables.known.size * share), np.uint64)
    asking = Asking(tables, Rules([Rule(1, 10**9, 7, 0)]))
    asking.take(0, [5], values.tolist())
    assert tables.counts[Count.FORGOTTEN] <= most_forgotten * values.size
    assert (tables.counts[Count.FORGOTTEN] > 0) == (most_forgotten > 0)
    if not most_forgotten:
        assert asking.take(0, [5], values.tolist()).new == 0


def test_what_was_asked_lately_is_remembered_when_the_table_is_too_small() -> None:
    tables = Tables.in_memory(Sizes(bucket_groups=2, floors=1, known_groups=1 << 8))
    asking = Asking(tables, Rules([Rule(1, 10**9, 7, 0)]))
    kept = list(range(200))
    asking.take(0, [5], kept)
    for start in range(1000, 30_000, 500):
        asking.take(0, [5], range(start, start + 500))
        asking.take(0, [5], kept)
    assert tables.counts[Count.FORGOTTEN] > 20_000
    assert asking.take(0, [5], kept).new < len(kept) // 20


@pytest.mark.parametrize("kernel", [library.kernel, None], ids=["kernel", "plain"])
def test_tables_full_of_anything_refuse_or_grant_and_no_more(kernel) -> None:
    random = np.random.default_rng(5)
    for extreme in (0, 1, 2**63 - 1, 2**63, 2**64 - 1, None):
        tables = Tables.in_memory(TINY)
        for name in TABLES:
            table = getattr(tables, name)
            noise = random.integers(0, 1 << 64, table.shape, np.uint64)
            table[...] = (noise if extreme is None else np.full_like(noise, extreme)).view(table.dtype)
        tables.counts[:] = 0
        rule = Rule(cost=1_600_000_000 * 10**9, capacity=1_600_000_000 * 10**9, salt=1, number=7)
        asking = Asking(tables, Rules([rule]), kernel=kernel)
        for actor in range(40):
            answer = asking.take(4 * 10**18, [actor], [1, 2, 3])
            assert answer.new <= 1
            assert answer.new + len(answer.refused) <= 3
            assert 0 <= answer.ahead[0] <= 6 * 10**18


class _StopsAt(np.ndarray):
    """An array in which the store that is due for it fails, as if the process had been killed just before."""

    left: count

    def __setitem__(self, key, value) -> None:
        if next(self.left) == 0:
            raise KeyboardInterrupt
        super().__setitem__(key, value)


def _stopping(tables: Tables, stores: int) -> Tables:
    copy = Tables.in_memory(tables.sizes)
    left = count(stores, -1)
    for name in TABLES:
        getattr(copy, name)[...] = getattr(tables, name)
        array = getattr(copy, name).view(_StopsAt)
        array.left = left
        setattr(copy, name, array)
    return copy


def _spent(tables: Tables, actor: int) -> int:
    plain = Tables.in_memory(tables.sizes)
    for name in TABLES:
        getattr(plain, name)[...] = np.asarray(getattr(tables, name))
    return take(plain, Rules([RULES.rules[0]]), 0, [actor], []).ahead[0]


def test_a_kill_between_any_two_stores_gives_nobody_anything_back() -> None:
    tables = Tables.in_memory(Sizes(bucket_groups=2, floors=1 << 10, known_groups=4))
    asking = Asking(tables, Rules([RULES.rules[0]]))
    for actor in range(40):
        asking.take(actor, [actor], range(actor % 5 + 1))
    before = [_spent(tables, actor) for actor in range(41)]
    ended = False
    for stores in range(200):
        stopped = _stopping(tables, stores)
        try:
            Asking(stopped, Rules([RULES.rules[0]]), kernel=None).take(0, [40], [500, 501])
            ended = True
        except KeyboardInterrupt:
            pass
        assert all(_spent(stopped, actor) >= before[actor] for actor in range(41)), stores
        known = int(np.count_nonzero(np.asarray(stopped.known) != tables.known))
        assert _spent(stopped, 40) >= before[40] + 10 * known
        if ended:
            break
    assert ended and stores > 12
    assert stopped.counts[Count.FOLDED] > tables.counts[Count.FOLDED]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Sizes(3, 1, 1),
        lambda: Sizes(1, 1, 1),
        lambda: Sizes(2, 0, 1),
        lambda: Sizes.within(65_535),
        lambda: Rules([Rule(1, 1, 1, 0)] * 17),
        lambda: Rules([Rule(1, 1, 1, 16)]),
    ],
)
def test_tables_and_rules_that_cannot_be_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"at (least|most)|powers|two groups"):
        wrong()


def test_tables_keep_within_the_memory_that_they_are_given() -> None:
    for memory in (1 << 16, 100_000, 1 << 20, 3 << 20):
        assert memory / 3 < Sizes.within(memory).bytes <= memory
