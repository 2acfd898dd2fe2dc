"""Leaks as Have I Been Pwned would list them."""

from __future__ import annotations

from dataclasses import replace

from floodmark.identifiers import FieldType
from floodmark.register.hibp import DATA_CLASSES, data_classes, to_hibp
from floodmark.register.leaks import Leak

# The attributes of a breach and their JSON types, https://haveibeenpwned.com/API/v3 ("The breach model").
MODEL = {
    "Name": str,
    "Title": str,
    "Domain": str,
    "BreachDate": str,
    "AddedDate": str,
    "ModifiedDate": str,
    "PwnCount": int,
    "Description": str,
    "DataClasses": list,
    "IsVerified": bool,
    "IsFabricated": bool,
    "IsSensitive": bool,
    "IsRetired": bool,
    "IsSpamList": bool,
    "IsMalware": bool,
    "IsSubscriptionFree": bool,
    "IsStealerLog": bool,
    "LogoPath": str,
    "Attribution": str,
    "DisclosureUrl": str,
}
LEAK = Leak(
    slug="made-up",
    title="Made up",
    synthetic=False,
    rows=300,
    saved_at="2026-01-31T13:05:00Z",
    modified_at="2026-02-01T00:00:00Z",
    domain="example.org",
    breach_date="2019-08-31",
    attribution="A reader",
    disclosure_url="https://example.org/notice",
    description="What happened.",
    field_types=("phone", "last_name", "first_name", "unknown", "type_of_tomorrow"),
    identifiers={"phone": 290, "email": 30},
)


def test_a_breach_has_every_attribute_of_the_model_and_its_type():
    breach = to_hibp(LEAK)
    assert {name: type(value) for name, value in breach.items()} == MODEL


def test_what_is_not_known_is_null():
    breach = to_hibp(replace(LEAK, breach_date=None, attribution="", disclosure_url=""))
    assert [name for name, value in breach.items() if value is None] == [
        "BreachDate",
        "Attribution",
        "DisclosureUrl",
    ]


def test_a_description_is_html_that_says_what_was_written():
    assert to_hibp(replace(LEAK, description='a < b & "c"'))["Description"] == 'a &lt; b &amp; "c"'


def test_every_field_type_that_says_something_has_a_data_class():
    assert set(DATA_CLASSES) == set(FieldType) - {FieldType.UNKNOWN}
    assert data_classes(LEAK) == ["Names", "Phone numbers"]


def test_accounts_are_counted_by_the_most_frequent_kind_of_identifier():
    assert to_hibp(LEAK)["PwnCount"] == 290
    assert to_hibp(replace(LEAK, identifiers={}))["PwnCount"] == 300


def test_a_synthetic_leak_is_never_taken_for_a_breach():
    assert to_hibp(LEAK)["IsFabricated"] is False
    assert to_hibp(replace(LEAK, synthetic=True))["IsFabricated"] is True


def test_each_flag_is_its_own():
    flags = {
        "verified": "IsVerified",
        "fabricated": "IsFabricated",
        "sensitive": "IsSensitive",
        "retired": "IsRetired",
        "spam_list": "IsSpamList",
        "malware": "IsMalware",
        "subscription_free": "IsSubscriptionFree",
        "stealer_log": "IsStealerLog",
    }
    for flag, name in flags.items():
        breach = to_hibp(replace(LEAK, **{flag: True}))
        assert [key for key, value in breach.items() if value is True] == [name]


def test_what_is_html_there_is_escaped():
    breach = to_hibp(replace(LEAK, description="a < b & c", attribution='<a href="x">R&D</a>'))
    assert breach["Description"] == "a &lt; b &amp; c"
    assert breach["Attribution"] == '&lt;a href="x"&gt;R&amp;D&lt;/a&gt;'
