"""What is advised for which field types."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.identifiers import FieldType
from floodmark.notices.advising import Urgency, advice
from floodmark.notices.advising.catalogue import catalogue, headings

LABELS = [one.label for one in FieldType]
SLUGS = [entry.slug for entry in catalogue()]
SETS = st.sets(st.sampled_from(LABELS))
FACEBOOK_2021 = (
    "phone profile_id first_name last_name gender location hometown relationship employer email".split()
)


def slugs(*labels: str) -> list[str]:
    return [one.slug for one in advice(labels)]


@pytest.mark.parametrize("label", LABELS)
def test_every_field_type_calls_for_advice_of_its_own(label):
    assert any(one.because == (label,) for one in advice([label]))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_advice_is_given_for_some_pair_of_field_types_or_three(slug):
    rule = next(entry for entry in catalogue() if entry.slug == slug)
    first = sorted(rule.called_by)[:1] + [min(some) for some in rule.along_with]
    assert slug in slugs(*[one.label for one in first] or ["unknown"])


def test_nothing_leaked_calls_for_nothing():
    assert advice([]) == []


def test_a_label_that_this_version_does_not_know_counts_as_unknown():
    assert advice(["shoe_size"]) == advice(["unknown"])


@given(SETS)
def test_advice_comes_by_urgency_and_what_not_to_do_last(labels):
    urgencies = [one.urgency for one in advice(labels)]
    assert urgencies == sorted(urgencies)
    assert not labels or urgencies[-1] is Urgency.NEVER


@given(SETS)
def test_no_advice_and_no_title_comes_twice(labels):
    found = advice(labels)
    assert len({one.slug for one in found}) == len({one.title for one in found}) == len(found)


@given(SETS)
def test_advice_names_the_field_types_that_call_for_it_and_only_such_as_leaked(labels):
    for one in advice(labels):
        assert set(one.because) <= labels
        assert bool(one.because) != (one.slug in {"do-not-pay", "do-not-fetch-leak", "do-not-check-by-link"})


@given(SETS, SETS)
def test_more_leaked_data_takes_advice_away_only_for_advice_that_says_more(some, others):
    instead = {entry.slug: entry.instead_of for entry in catalogue()}
    before, after = set(slugs(*some)), set(slugs(*some, *others))
    assert before - after <= set().union(*(instead[slug] for slug in after), *map(instead.get, before))


@given(st.permutations(FACEBOOK_2021))
def test_the_order_in_which_field_types_are_given_changes_nothing(labels):
    assert advice(labels) == advice(FACEBOOK_2021)


@pytest.mark.parametrize("name", ["first_name", "last_name", "full_name"])
@pytest.mark.parametrize("detail", ["birth_date", "address", "national_id"])
def test_a_number_with_a_name_and_what_operators_ask_for_has_to_be_locked_first_of_all(name, detail):
    found = advice(["phone", name, detail])
    assert "lock-number-first" in [one.slug for one in found]
    assert "lock-number" not in [one.slug for one in found]
    assert next(one for one in found if one.slug == "lock-number-first").because[0] == "phone"


@pytest.mark.parametrize("labels", [("phone",), ("phone", "full_name"), ("phone", "birth_date")])
def test_a_number_with_less_than_that_is_to_be_locked_without_alarm(labels):
    assert "lock-number" in slugs(*labels)
    assert "lock-number-first" not in slugs(*labels)


def test_a_readable_password_and_its_hash_are_one_password_to_change():
    assert "change-hashed-password" in slugs("password_hash")
    found = slugs("password_hash", "password")
    assert "change-password" in found and "change-hashed-password" not in found


def test_the_mailbox_is_looked_through_only_when_its_address_leaked_with_a_way_in():
    assert "check-mailbox" in slugs("email", "password_hash")
    assert "check-mailbox" not in slugs("email") + slugs("password")


def test_sign_in_in_two_steps_is_said_once_and_not_by_sms_where_the_number_leaked():
    assert "sign-in-in-two-steps" in slugs("email")
    assert "codes-by-app" in slugs("email", "phone")
    assert "sign-in-in-two-steps" not in slugs("email", "phone")


def test_name_birth_date_and_address_together_are_watched_for_contracts_unless_credit_is_frozen_anyway():
    together = ("full_name", "birth_date", "address")
    assert "watch-contracts" in slugs(*together)
    assert not any("watch-contracts" in slugs(*two) for two in itertools.combinations(together, 2))
    frozen = slugs(*together, "national_id")
    assert "freeze-credit" in frozen and not {"watch-contracts", "check-letters"} & set(frozen)


def test_an_address_calls_for_thought_of_safety_and_an_employer_for_a_warning_there():
    assert "think-of-safety" in slugs("address")
    assert "warn-employer" in slugs("employer")


@pytest.mark.parametrize("one", [one.label for one in FieldType if one.special_category])
def test_special_categories_are_for_their_owner_to_tell(one):
    assert "choose-who-hears-it" in slugs(one)


@pytest.mark.parametrize("one", [one.label for one in FieldType if one.secret])
def test_what_opens_an_account_or_pays_a_bill_calls_for_action_today(one):
    assert any(found.because == (one,) and found.urgency is Urgency.TODAY for found in advice([one]))


@given(SETS.filter(bool))
def test_whatever_leaked_nobody_is_to_pay_to_fetch_it_or_to_check_by_a_link(labels):
    assert {"do-not-pay", "do-not-fetch-leak", "do-not-check-by-link"} <= set(slugs(*labels))


def test_every_lesser_advice_is_one_of_the_catalogue():
    assert set().union(*(entry.instead_of for entry in catalogue())) <= set(SLUGS)
    assert len(set(SLUGS)) == len(SLUGS)


def test_every_urgency_has_a_heading():
    assert set(headings()) == set(Urgency)
