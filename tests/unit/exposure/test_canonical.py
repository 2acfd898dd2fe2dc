"""Cells as entries."""

from __future__ import annotations

import polars as pl
import pytest

from floodmark.exposure.canonical import canonical, kinds_of


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("ada@example.org", "email"),
        ("@example.org", "domain"),
        ("example.org", "domain"),
        ("*.example.org", "domain"),
        ("bücher.example", "domain"),
        ("example.org.", "domain"),
        ("+4420*", "prefix"),
        ("+44 20 7031 3000", "phone"),
        ("192.0.2.1", "domain"),
        ("ada", "phone"),
    ],
)
def test_a_cell_says_itself_what_it_is(cell, kind):
    assert kinds_of(pl.Series([cell])).to_list() == [kind]


@pytest.mark.parametrize(
    ("kind", "cell", "form"),
    [
        ("phone", "020 7031 3000", 442070313000),
        ("phone", "+1", None),
        ("email", " Ada@EXAMPLE.org ", "ada@example.org"),
        ("profile_id", "000500090001", "500090001"),
        ("profile_id", "18446744073709551616", "18446744073709551616"),
        ("username", "@Ada.L", "ada.l"),
        ("username", "@", None),
        ("domain", "Faß.Example", "xn--fa-hia.example"),
        ("domain", "org", None),
        ("domain", "a b.example", None),
        ("domain", "https://example.org/", None),
        ("prefix", "+44 (20) *", 4420),
        ("prefix", "+44 (0)20*", 4420),
        ("prefix", "0044 ( 0 ) 20", 4420),
        ("prefix", "+39 (0)6", 3906),
        ("prefix", "+44020*", None),
        ("prefix", "+999*", None),
        ("prefix", "+521*", 521),
        ("prefix", "0", None),
        ("prefix", "*", None),
        ("prefix", "1234567890123456*", None),
    ],
)
def test_forms_are_canonical_or_nothing(kind, cell, form):
    assert canonical(kind, pl.Series([cell]), "GB").to_list() == [form]


def test_a_number_of_before_a_renumbering_is_the_number_of_today():
    old, new = canonical("phone", pl.Series(["+52 1 55 1234 5678", "+52 55 1234 5678"])).to_list()
    assert old == new == 525512345678


def test_field_types_fit_the_bits_of_a_mask():
    from floodmark.exposure.field_masks import TYPES, labels_of, mask_of

    assert len(TYPES) <= 64
    assert labels_of(mask_of(kind.label for kind in TYPES)) == [kind.label for kind in TYPES]
