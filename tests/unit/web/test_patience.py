"""How long clients are waited for, and who goes when there are too many."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from floodmark.web.patience import Awaited, Patience, Waiting

FEW = Patience(head=5, body=7, next=9, taking=11, end=13, most=6, most_of_block=3)


def test_of_too_many_of_one_block_one_of_that_block_goes():
    waiting = Waiting[str](FEW)
    for number, one in enumerate(("a1", "b1", "a2", "a3")):
        assert waiting.admit(one, one[0].encode(), float(number)) is None
    assert waiting.admit("a4", b"a", 4.0) == "a1"
    waiting.left("a1")
    waiting.works("a2")
    assert waiting.admit("a5", b"a", 5.0) == "a3"


def test_of_too_many_in_all_the_one_that_is_waited_for_longest_goes():
    waiting = Waiting[int](FEW)
    for number in range(6):
        waiting.admit(number, bytes([number]), float(number))
    waiting.waits(0, Awaited.TAKING, 10.0)
    assert waiting.admit(6, b"x", 11.0) == 1


def test_nobody_whom_the_server_works_for_goes():
    waiting = Waiting[int](FEW)
    for number in range(6):
        waiting.admit(number, bytes([number]), 0.0)
        waiting.works(number)
    assert waiting.admit(6, b"x", 100.0) == 6
    assert waiting.overdue(1e9) == []


def test_proxies_bring_as_many_as_there_may_be_in_all():
    waiting = Waiting[int](FEW)
    assert [waiting.admit(number, None, 0.0) for number in range(6)] == [None] * 6
    assert waiting.admit(6, None, 1.0) == 0


@pytest.mark.parametrize("what", list(Awaited))
def test_each_wait_has_an_end_of_its_own(what):
    waiting = Waiting[str](FEW)
    waiting.admit("one", b"a", 0.0)
    waiting.waits("one", what, 100.0)
    assert waiting.overdue(100.0 + FEW.seconds(what) - 0.01) == []
    assert waiting.overdue(100.0 + FEW.seconds(what)) == ["one"]
    waiting.left("one")
    assert waiting.overdue(1e9) == []


def test_whoever_has_left_is_nobody_any_more():
    waiting = Waiting[str](FEW)
    waiting.admit("one", b"a", 0.0)
    waiting.left("one")
    waiting.left("one")
    waiting.waits("one", Awaited.BODY, 1.0)
    waiting.works("one")
    assert (len(waiting), waiting.awaited("one"), waiting.overdue(1e9)) == (0, None, [])


class Door(RuleBasedStateMachine):
    """Against a model that knows, of every connection, its block and since when it is waited for."""

    def __init__(self):
        super().__init__()
        self.waiting = Waiting[int](FEW)
        self.model = {}
        self.now, self.count = 0.0, 0

    @rule(block=st.sampled_from([b"a", b"b", b"c", None]), seconds=st.sampled_from([0.5, 1.0, 3.0]))
    def somebody_comes(self, block, seconds):
        self.now += seconds
        self.count += 1
        beside = [one for one, (known, _, _) in self.model.items() if block is not None and known == block]
        among = beside if len(beside) >= 3 else self.model if len(self.model) >= 6 else None
        goes = self.waiting.admit(self.count, block, self.now)
        if among is None:
            assert goes is None
        else:
            since = {one: self.model[one][2] for one in among if self.model[one][1] is not None}
            assert goes == (min(since, key=since.get) if since else self.count)
        if goes is not None and goes != self.count:
            self.waiting.left(goes)
            del self.model[goes]
        if goes != self.count:
            self.model[self.count] = (block, Awaited.HEAD, self.now)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), what=st.sampled_from([*Awaited, None]), seconds=st.sampled_from([0.25, 1.5]))
    def something_changes(self, data, what, seconds):
        self.now += seconds
        one = data.draw(st.sampled_from(sorted(self.model)))
        self.model[one] = (self.model[one][0], what, self.now)
        if what is None:
            self.waiting.works(one)
        else:
            self.waiting.waits(one, what, self.now)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def somebody_leaves(self, data):
        one = data.draw(st.sampled_from(sorted(self.model)))
        self.waiting.left(one)
        del self.model[one]

    @invariant()
    def those_that_are_overdue_are_known(self):
        overdue = {
            one
            for one, (_, what, since) in self.model.items()
            if what is not None and self.now - since >= FEW.seconds(what)
        }
        assert set(self.waiting.overdue(self.now)) == overdue
        assert len(self.waiting) == len(self.model)
        assert all(self.waiting.awaited(one) is what for one, (_, what, _) in self.model.items())


TestDoor = Door.TestCase
