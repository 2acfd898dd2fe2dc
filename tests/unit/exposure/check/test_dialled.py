"""A number that could be one of several is none: nobody hears "not found" of somebody else's."""

from __future__ import annotations

import phone_oracle
import pytest

from floodmark.exposure.check.asked import NotAnIdentifier, read


def number(text, region=None):
    try:
        return read(text, region=region).data.decode().removeprefix("phone:")
    except NotAnIdentifier:
        return None


@pytest.mark.parametrize(
    ("text", "region", "meant"),
    [
        ("+44 20 7946 0000", None, "+442079460000"),
        ("0044 20 7946 0000", None, "+442079460000"),
        ("+44 (0)20 7946 0000", "US", "+442079460000"),
        ("(+44) 20 7946 0000", None, "+442079460000"),
        ("011 44 20 7946 0000", "US", "+442079460000"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("44 20 7946 0000", "GB", "+442079460000"),
        ("“+44 20 7946 0000”", None, "+442079460000"),
        ("321 234 5678", "US", "+13212345678"),
        ("1 321 234 5678", "US", "+13212345678"),
        ("393 123 4567", "IT", "+393931234567"),
        ("+44 20 7946 0000 ext. 123", None, "+442079460000"),
        ("321 234 5678", None, None),  # of Belgium, with its code
        ("44 20 7946 0000", None, None),
        ("44 20 7946 0000", "US", None),
        ("4915123456789", "DE", None),  # a mobile telephone with 49 in front, or an area code 4915
        ("+44 20 7946 0000, 79460001", None, None),
        ("+44 20 7946 0000 / +44 20 7946 0001", None, None),
        ("1-800-FLOWERS", "US", None),
        ("4111 1111 1111 1111", "DE", None),
        ("2019-08-31", None, None),
    ],
)
def test_a_number_is_read_as_meant_or_refused(text, region, meant):
    assert number(text, region) == meant


@pytest.mark.parametrize("region", ["US", "DE", "FR", "IT", "BR", "RU", "ID"])
def test_what_is_dialled_at_home_is_of_home(region):
    code = {"US": "+1", "DE": "+49", "FR": "+33", "IT": "+39", "BR": "+55", "RU": "+7", "ID": "+62"}[region]
    forms = [number(text, region) for text in phone_oracle.national(region, 40, 1)]
    assert all(form is None or form.startswith(code) for form in forms)
