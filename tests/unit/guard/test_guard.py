"""What the guard decides, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from floodmark.guard import (
    Action,
    Actor,
    AllowList,
    Canaries,
    CanarySet,
    Decision,
    Guard,
    GuardFolder,
    Policy,
    Reduced,
)
from floodmark.guard.budgets import Budgets
from floodmark.guard.evidence import Learned, Watch, write_model
from floodmark.guard.keyed_json import OtherKey
from floodmark.guard.ledger_place import ledgers
from floodmark.identifiers.digests import DigestKey

from . import made_up_lookups as made

KEY = DigestKey(bytes(range(32)))
SMALL = 2**22
ADA, BOB = Actor(account=1, prefix=9), Actor(account=2, prefix=9)
OWN = 'shadow = false\n[canaries]\nchallenge = 1\ndeny = 3\n[[limit]]\nlevel = "account"\nburst = 3\nper_hour = 1\n'


def identifiers(*digests: int | None) -> list[Reduced | None]:
    return [None if digest is None else Reduced(digest, digest // 10, digest % 10) for digest in digests]


def guard(text: str = OWN, **parts: object) -> Guard:
    policy = Policy.from_toml(text)
    return Guard(policy, KEY, Budgets(policy.limits), **parts)  # type: ignore[arg-type]


def canaries(*digests: int) -> Canaries:
    return Canaries([CanarySet("blue", "phone", "+447400", 1000, 1000, 5, 0.0, tuple(sorted(digests)))])


def ask(one: Guard, *digests: int | None, at: float = 0.0, actor: Actor = ADA) -> Decision:
    return one.decide(at, actor, "contacts", identifiers(*digests))


def codes(decision: Decision) -> list[tuple[str, str]]:
    return [(reason.code, reason.level) for reason in decision.reasons]


def test_an_ordinary_request_is_allowed_without_a_reason() -> None:
    assert ask(guard(), 1, 2) == Decision(Action.ALLOW)


def test_part_of_a_batch_is_granted_and_the_rest_named_as_refused() -> None:
    decision = ask(guard(), 1, None, 2, 3, 4, 1, 5)
    assert decision.action is Action.ALLOW
    assert decision.refused == (4, 6)
    assert decision.retry_after == pytest.approx(3600)
    assert codes(decision) == [("budget-spent", "account")]
    numbers = decision.reasons[0].numbers
    assert (numbers["used"], numbers["burst"], numbers["per_hour"]) == (3, 3, pytest.approx(1))


def test_what_is_no_identifier_costs_nothing_and_is_counted() -> None:
    one = guard()
    assert ask(one, *[None] * 50).refused == ()
    assert ask(one, 1, 2, 3).refused == ()
    assert (one.counters.identifiers, one.counters.none) == (53, 50)


def test_asking_again_is_free() -> None:
    one = guard()
    for at in range(5):
        assert ask(one, 1, 2, 3, at=float(at)).refused == ()
    assert ask(one, 4).refused == (0,)


def test_in_shadow_mode_the_same_is_decided_and_marked() -> None:
    acts, watches = guard(), guard(OWN.replace("false", "true"))
    for digests in ((1, 2), (3, 4, 5), (1,)):
        real, shadow = ask(acts, *digests), ask(watches, *digests)
        assert not real.shadow
        assert shadow.shadow
        assert (shadow.action, shadow.refused, shadow.reasons) == (real.action, real.refused, real.reasons)


def test_who_is_on_the_allow_list_spends_no_budget_not_even_that_of_others() -> None:
    text = OWN + '[[limit]]\nlevel = "prefix"\nburst = 4\nper_hour = 1\n'
    one = guard(text, allowed=AllowList().with_one("account", ADA.account, "Call centre", 0.0, 100.0))
    decision = ask(one, *range(50))
    assert (decision.action, decision.refused) == (Action.ALLOW, ())
    assert codes(decision) == [("allow-listed", "account")]
    assert ask(one, 1, 2, 3, actor=BOB).refused == ()
    assert ask(one, 4, 5, at=100.0).refused == (1,)
    assert codes(ask(one, 6, at=100.0)) == [("budget-spent", "prefix")]


def test_the_budget_of_a_level_that_others_spent_refuses_and_says_which() -> None:
    text = 'shadow = false\n[[limit]]\nlevel = "prefix"\nburst = 4\nper_hour = 1\n'
    one = guard(text)
    assert ask(one, 1, 2, 3).refused == ()
    decision = ask(one, 4, 5, actor=BOB)
    assert decision.refused == (1,)
    assert codes(decision) == [("budget-spent", "prefix")]
    assert one.counters.full == {"prefix": 1}


def test_a_budget_nearly_spent_delays_before_it_refuses() -> None:
    one = guard("delay = 1.5\n" + OWN + "[used]\ndelay = 0.6\n")
    assert ask(one, 1).action is Action.ALLOW
    decision = ask(one, 2)
    assert (decision.action, decision.delay, decision.refused) == (Action.DELAY, 1.5, ())
    assert codes(decision) == [("budget-used", "account")]


def test_a_canary_is_dated_challenged_first_and_denied_later() -> None:
    one = guard(canaries=canaries(101, 102, 103))
    assert ask(one, 5, at=1.0).action is Action.ALLOW
    first = ask(one, 5, 101, at=2.0)
    assert (first.action, first.refused, codes(first)) == (Action.CHALLENGE, (0, 1), [("canary", "")])
    assert first.reasons[0].numbers == {"asked": 1, "first": 2.0}
    assert ask(one, 5, at=3.0).action is Action.CHALLENGE
    assert ask(one, 5, 101, at=4.0).reasons[0].numbers["asked"] == 1
    last = ask(one, 102, 103, at=5.0)
    assert (last.action, last.refused) == (Action.DENY, (0, 1))
    assert last.reasons[0].numbers == {"asked": 3, "first": 2.0}
    assert ask(one, 5, actor=BOB).action is Action.ALLOW
    assert one.counters.canaries == 4


def test_a_canary_that_was_asked_for_before_it_was_made_says_nothing() -> None:
    known = Canaries([CanarySet("blue", "phone", "+447400", 1000, 1000, 5, 50.0, (101,))])
    one = guard(canaries=known)
    assert ask(one, 101, at=49.9).action is Action.ALLOW
    assert one.counters.canaries == 0
    assert ask(one, 101, at=50.0).action is Action.CHALLENGE


def test_who_is_denied_or_challenged_spends_no_budget() -> None:
    one = guard(canaries=canaries(101))
    assert one.budgets is not None
    ask(one, 101, 1, 2, 3)
    assert [standing.used for standing in one.budgets.standing(0.0, ADA, "contacts")] == [0]


def test_who_passed_a_challenge_is_not_challenged_until_that_ends() -> None:
    one = guard(
        "challenge_lasts = 60\n" + OWN.replace("challenge = 1", "delay = 1\nchallenge = 2"),
        canaries=canaries(101, 102),
    )
    assert ask(one, 101, 102, at=1.0).action is Action.CHALLENGE
    one.passed(2.0, ADA)
    assert ask(one, 1, at=3.0).refused == ()
    assert ask(one, 1, at=61.9).action < Action.CHALLENGE
    assert ask(one, 1, at=62.0).action is Action.CHALLENGE
    assert one.counters.passed == 1


def test_nobody_known_is_judged_by_the_request_alone() -> None:
    one = guard(canaries=canaries(101))
    assert ask(one, 101, actor=Actor()).action is Action.CHALLENGE
    assert ask(one, 5, actor=Actor()).action is Action.ALLOW


@pytest.fixture(scope="module")
def learned() -> tuple[Sequence[object], object]:
    return made.learned()  # type: ignore[return-value]


def test_an_actor_unlike_its_reference_is_denied_within_the_epoch_and_not_after(
    learned: tuple[object, object],
) -> None:
    model, others = learned
    text = "shadow = false\n[[limit]]\nlevel = 'account'\nburst = 100_000\nper_hour = 1\n[evidence]\ndeny = 0.2\n"
    watch = Watch(model, others, alpha=0.2, start=0.0)  # type: ignore[arg-type]
    one = guard(text, watch=watch)
    rows = (
        made.scrapers(3, 1, 600).select("account", "network", "identifier", "block", "position", "hit").rows()
    )
    at, denied = made.START, 0
    for account, network, identifier, block, position, hit in rows:
        actor, asked = Actor(account=account, network=network), [Reduced(identifier, block, position)]
        decision = one.decide(at, actor, "contacts", asked)
        denied += decision.action is Action.DENY
        one.observe(at, actor, "contacts", asked, [hit])
        at += 60.0
    assert denied > 0
    decision = one.decide(at, actor, "contacts", asked)
    assert (decision.action, codes(decision)) == (Action.DENY, [("evidence", "")])
    assert decision.reasons[0].numbers["m"] >= 5
    assert "reference actors" in decision.reasons[0].text
    later = (int(at // others.epoch) + 1) * others.epoch + made.DAY  # type: ignore[attr-defined]
    assert one.decide(later, actor, "contacts", asked).action is Action.ALLOW
    assert one.counters.observed == 600


def test_counters_say_what_was_done_and_never_to_whom() -> None:
    one = guard(canaries=canaries(101))
    ask(one, 1, 2, 3, 4, None)
    ask(one, 101, actor=BOB)
    counters = one.counters
    assert counters.decisions[Action.ALLOW] == 1
    assert counters.decisions[Action.CHALLENGE] == 1
    assert (counters.refused, counters.canaries, counters.full) == (1, 1, {"account": 1})


def test_reasons_and_decisions_name_nobody() -> None:
    key = DigestKey(bytes(range(32)))
    actor = Actor.of(key, account="ada.lovelace", address="203.0.113.7")
    one = guard(canaries=canaries(101))
    for decision in (ask(one, 1, 2, 3, 4, actor=actor), ask(one, 101, actor=actor)):
        assert decision.reasons
        for said in (repr(decision), str(decision)):
            assert "ada" not in said
            assert "203.0.113" not in said
            assert str(actor.account) not in said


def test_a_guard_of_a_folder_remembers_budgets_and_canaries_over_a_restart(tmp_path: Path) -> None:
    folder = GuardFolder(tmp_path / "guard").made()
    folder.policy.write_text(OWN)
    canaries(101, 102).write(folder.canaries, KEY.id)
    for asked, refused in (((1, 2), ()), ((3, 4), (1,)), ((4,), (0,))):
        with folder.opened(KEY, at=0.0, memory=SMALL) as one:
            assert ask(one, *asked).refused == refused
    with folder.opened(KEY, at=0.0, memory=SMALL) as one:
        assert ask(one, 101, actor=BOB).action is Action.CHALLENGE
    with folder.opened(KEY, at=0.0, memory=SMALL) as one:
        assert ask(one, 5, actor=BOB).reasons[0].numbers["asked"] == 1
    with pytest.raises(OtherKey):
        folder.opened(DigestKey(bytes(32)), at=0.0)


def test_processes_that_share_a_state_each_have_evidence_of_their_own(
    tmp_path: Path, learned: tuple[object, object]
) -> None:
    model, others = learned
    folder = GuardFolder(tmp_path / "guard").made()
    folder.policy.write_text(OWN)
    write_model(folder.model, Learned(model, others, KEY.id))  # type: ignore[arg-type]
    with folder.opened(KEY, at=0.0, memory=SMALL) as one, folder.opened(KEY, at=0.0) as other:
        assert ask(one, 1, 2).refused == ()
        assert ask(other, 3, 4).refused == (1,)
        assert [path.name for path in ledgers(folder.state)] == ["evidence-0", "evidence-1"]
    with folder.opened(KEY, at=0.0):
        assert len(ledgers(folder.state)) == 2
    write_model(folder.model, Learned(model, others, "f" * 16))  # type: ignore[arg-type]
    with pytest.raises(OtherKey):
        folder.opened(KEY, at=0.0)
