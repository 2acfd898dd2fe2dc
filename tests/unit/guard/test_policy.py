"""Policies: what can be stated, and what nothing stated means."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.guard import Action, Policy, PolicyError
from floodmark.guard.budgets import PROFILES, Limit
from floodmark.guard.policy import LARGEST, LEAST_ALPHA
from floodmark.guard.thresholds import Thresholds

ACTIONS = [str(action) for action in Action if action is not Action.ALLOW]


def test_a_policy_that_states_nothing_decides_and_does_not_act() -> None:
    policy = Policy.from_toml("")
    assert policy == Policy()
    assert policy.shadow
    assert policy.limits == PROFILES["signal"]


def test_only_shadow_false_makes_a_policy_act() -> None:
    assert not Policy.from_toml("shadow = false").shadow
    for said in ('"false"', "0", "[]", '"no"'):
        with pytest.raises(PolicyError, match="true or false"):
            Policy.from_toml(f"shadow = {said}")


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_profile_brings_its_limits_and_limits_of_ones_own_come_besides(profile: str) -> None:
    text = f'profile = "{profile}"\n[[limit]]\nlevel = "device"\nburst = 7\nper_day = 1'
    policy = Policy.from_toml(text)
    assert policy.profile == profile
    assert policy.limits[:-1] == PROFILES[profile]
    assert (policy.limits[-1].level, policy.limits[-1].burst) == ("device", 7)


def test_limits_alone_are_a_profile_of_ones_own() -> None:
    policy = Policy.from_toml('[[limit]]\nlevel = "account"\nburst = 300\nper_minute = 1')
    assert policy.profile == "own"
    assert [limit.burst for limit in policy.limits] == [300]


def test_evidence_is_stated_as_alpha_and_kept_as_the_value_that_reaches_it() -> None:
    policy = Policy.from_toml("[evidence]\nepsilon = 0.05\ndelay = 0.05\ndeny = 0.001")
    assert policy.epsilon == 0.05
    assert policy.alpha == pytest.approx(0.05)
    assert [policy.evidence.action(value) for value in (19.9, 20.1, 1000.1)] == [
        Action.ALLOW,
        Action.DELAY,
        Action.DENY,
    ]


def test_a_policy_that_does_nothing_by_evidence_has_an_alpha_that_nobody_reaches() -> None:
    assert Policy(evidence=Thresholds()).alpha == LEAST_ALPHA


def test_what_is_stated_of_one_table_leaves_the_others_as_they_were() -> None:
    policy = Policy.from_toml("[canaries]\nstale = 0.2")
    assert policy.stale == 0.2
    assert policy.canaries == Policy().canaries
    assert policy.evidence == Policy().evidence


@pytest.mark.parametrize(
    "text",
    [
        "profile = 'none'",
        "profile = 7",
        "unknown = 1",
        "delay = -1",
        "delay = nan",
        "delay = true",
        "delay = 61",
        "evidence = 3",
        "[evidence]\ndeny = 0",
        "[evidence]\ndeny = 5e-324",
        "[evidence]\ndeny = 2",
        "[evidence]\nepsilon = 0.6",
        "[evidence]\nallow = 0.1",
        "[evidence]\nchallenge = 0.001\ndeny = 0.01",
        "[canaries]\nchallenge = 3\ndeny = 1",
        "[used]\nchallenge = 0.9",
        "[used]\ndeny = 0.9",
        "[used]\ndelay = 1.5",
        "limit = 3",
        "limit = [3]",
        "[[limit]]\nlevel = 'account'",
        "[[limit]]\nlevel = 'planet'\nburst = 3\nper_day = 1",
        "[[limit]]\nlevel = 'account'\nburst = 3\nper_day = 1\n" * 17,
        "= 3",
        f"delay = 1{'0' * 400}",
        f"delay = 1{'0' * 5_000}",
        f"[evidence]\ndeny = 1{'0' * 400}",
        f"a = {'[' * 20_000}",
        f"[[limit]]\nlevel = 'account'\nburst = 3\nper_day = 1{'0' * 400}",
    ],
)
def test_what_no_policy_may_state_is_refused_with_exit_code_two(text: str) -> None:
    with pytest.raises(FloodmarkError) as raised:
        Policy.from_toml(text)
    assert raised.value.exit_code == 2


def test_a_policy_file_that_is_none_is_refused(tmp_path: Path) -> None:
    large, latin = tmp_path / "large.toml", tmp_path / "latin.toml"
    large.write_bytes(b"#" * (LARGEST + 1))
    latin.write_bytes(b"# \xe9")
    for path in (large, latin, tmp_path, tmp_path / "none.toml"):
        with pytest.raises(PolicyError):
            Policy.read(path)


def test_a_mistake_in_a_policy_is_said_with_its_place_and_a_missing_file_as_missing(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no TOML, at line 2, column 11"):
        Policy.from_toml("shadow = true\nprofile = strict")
    with pytest.raises(PolicyError, match="no TOML, at end of document"):
        Policy.from_toml('profile = """')
    with pytest.raises(PolicyError, match="no such policy file"):
        Policy.read(tmp_path / "policy.toml")


def test_the_policy_in_the_reference_is_one_and_says_what_it_seems_to() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "guard-policy.md"
    block = page.read_text().partition("```toml\n")[2].partition("```")[0]
    policy = Policy.from_toml(block)
    assert not policy.shadow
    assert policy.limits == (*PROFILES["contacts"], Limit("device", 5000, 500 / 86_400))
    default = Policy()
    assert (policy.evidence, policy.canaries) == (default.evidence, default.canaries)
    assert (policy.epsilon, policy.stale, policy.delay) == (default.epsilon, default.stale, default.delay)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ACTIONS, "stale", "epsilon", "level", "burst", "per_day", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
_KEYS = ["profile", "shadow", "delay", "challenge_lasts", "evidence", "canaries", "used", "limit", "other"]


@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=4))
def test_whatever_a_policy_says_it_is_read_or_refused(table: dict[str, object]) -> None:
    try:
        policy = Policy.of(table)
    except FloodmarkError:
        return
    assert policy.shadow is not False or table["shadow"] is False
    assert 0 < policy.alpha <= 1


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=4, unique=True).map(sorted),
    st.lists(st.floats(0, 120), max_size=20),
)
def test_a_column_of_values_takes_the_same_actions_as_each_of_them(
    steps: list[float], values: list[float]
) -> None:
    thresholds = Thresholds.of(dict(zip(ACTIONS, steps, strict=False)))
    column = pl.DataFrame({"value": values}, schema={"value": pl.Float64})
    found = column.select(thresholds.expression(pl.col("value")).alias("action"))["action"].to_list()
    assert found == [thresholds.action(value) for value in values]
