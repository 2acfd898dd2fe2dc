"""By which columns rows are compared, and of which tables."""

from __future__ import annotations

import pytest

from floodmark.triage.comparing.columns import Columns, Joint, Key, Layout
from floodmark.triage.comparing.comparable import Plan, form_of, plan_of


def keys(*kinds: str) -> Layout:
    """Columns of distinct types, called as those are."""
    return tuple(Key(kind, kind) for kind in kinds)


USERS = keys("phone", "email", "full_name", "age")
PLACE = Key("unknown", "points")


def planned(*tables: tuple[int, Layout, int]) -> tuple[Columns, Plan]:
    found = Columns()
    for side, layout, rows in tables:
        found.add(side, layout, [rows] * len(layout), rows)
    return found, plan_of(found)


def compared(found: Columns, plan: Plan) -> list[str]:
    return [found.joints[joint].of(0).name for joint in plan.joints]


def test_a_column_that_one_member_lacks_is_left_out_and_all_members_are_compared() -> None:
    found, plan = planned((0, (*USERS, PLACE), 150), (0, USERS, 157), (1, (*USERS, PLACE), 307))
    assert compared(found, plan) == ["phone", "email", "full_name", "age"]
    assert set(plan.places) == set(found.layouts)


@pytest.mark.parametrize("rows", [1, 10**9])
def test_a_table_that_shares_little_is_left_out_however_large_it_is(rows: int) -> None:
    found, plan = planned((0, USERS, 200), (0, keys("email", "ip"), rows), (1, USERS, 300))
    assert len(compared(found, plan)) == 4
    assert set(plan.places) == {USERS}


def test_a_few_rows_of_many_columns_do_not_keep_the_many_from_being_compared() -> None:
    wide = (*USERS, *(Key("unknown", f"column {n}") for n in range(20)))
    found, plan = planned((0, wide, 3), (0, USERS, 10**6), (1, wide, 2), (1, USERS, 10**6))
    assert compared(found, plan) == ["phone", "email", "full_name", "age"]
    assert set(plan.places) == {wide, USERS}


def test_without_a_shared_column_nothing_is_compared() -> None:
    _, plan = planned((0, keys("phone"), 9), (1, keys("email"), 9))
    assert (plan.joints, plan.forms, plan.places) == ((), (), {})


def test_tables_without_rows_are_planned_for_too() -> None:
    _, plan = planned((0, keys("phone"), 0), (1, keys("phone"), 0))
    assert len(plan.joints) == 1


def test_thousands_of_tables_with_columns_of_their_own_are_planned_for() -> None:
    many = [(side, (Key("unknown", f"{n}"), Key("phone", f"{n}")), 5) for n in range(3000) for side in (0, 1)]
    found, plan = planned(*many)
    assert [key.type for joint in plan.joints for key in found.joints[joint].keys[0]] == ["phone"] * 3000
    assert len(plan.places) == 3000


def test_what_a_dump_has_in_small_tables_alone_is_compared_all_the_same() -> None:
    large = [
        (side, (Key("unknown", f"{side}-{n}"), Key("phone", "x")), 10**6) for side in (0, 1) for n in range(9)
    ]
    found, plan = planned(*large, (0, keys("email"), 1), (1, keys("email"), 1))
    assert compared(found, plan) == ["x"]


@pytest.mark.parametrize(
    ("types", "form"),
    [
        (("phone", "phone"), "phone"),
        (("phone", "unknown"), "phone"),
        (("birth_date", "active_at"), "date"),
        (("birth_date", "unknown"), ""),
        (("phone", "email"), ""),
        (("age", "unknown"), ""),
        (("unknown", "unknown"), ""),
    ],
)
def test_columns_are_compared_in_the_form_of_their_types(types: tuple[str, str], form: str) -> None:
    a, b = (Key(kind, "x") for kind in types)
    assert form_of(Joint(({a: 1}, {b: 1}))) == form
