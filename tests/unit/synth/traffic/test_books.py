"""Address books: their sizes, and whom they have in common."""

from __future__ import annotations

import numpy as np

from floodmark.synth.traffic.books import books
from floodmark.synth.traffic.numbers import BLOCK, Service
from floodmark.synth.traffic.uploads import sizes

SERVICE = Service("GB", "DE", 40, 0.15, 3)


def filled(owners=200, size=150, circle_of=lambda owner: owner // 40, **options):
    circles = np.array([circle_of(owner) for owner in range(owners)])
    return books(SERVICE, np.full(owners, size), circles, np.random.default_rng(5), **options)


def book(found, owner):
    return set(found.numbers[found.edges[owner] : found.edges[owner + 1]].tolist())


def test_sizes_are_log_normal():
    logs = np.log(sizes(np.random.default_rng(1), 20_000, 150.0, 0.9, 10**9))
    assert abs(logs.mean() - np.log(150)) < 0.03
    assert abs(logs.std() - 0.9) < 0.03


def test_no_book_has_a_number_twice():
    found = filled()
    assert all(len(book(found, owner)) == n for owner, n in enumerate(np.diff(found.edges)))


def test_people_of_one_circle_have_more_contacts_in_common_than_strangers():
    found = filled()
    friends = np.mean([len(book(found, 0) & book(found, other)) for other in range(1, 40)])
    strangers = np.mean([len(book(found, 0) & book(found, other)) for other in range(180, 200)])
    assert friends > 5 > 2 > strangers


def test_six_in_ten_contacts_are_members_though_few_numbers_are():
    assert 0.55 < SERVICE.member(filled().numbers).mean() < 0.65


def test_a_contact_is_the_same_number_in_every_book_that_has_it():
    once = filled(40, 150)
    popular, count = np.unique(once.numbers, return_counts=True)
    assert count.max() > 20
    assert SERVICE.member(popular[count.argmax() : count.argmax() + 1]).shape == (1,)


def test_some_contacts_are_neighbours_when_asked_for():
    plain, near = filled(neighbours=0.0), filled(neighbours=0.2)
    close = [(np.diff(np.sort(found.numbers)) < 10).sum() for found in (plain, near)]
    assert close[1] > close[0] + 1000
    assert (near.numbers // BLOCK * BLOCK).min() >= SERVICE.home.starts.min()
