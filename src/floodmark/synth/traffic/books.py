"""Address books: log-normal in size, shared among people who know each other, mostly in a few number blocks.

A person's contacts come from the circle the person belongs to (and so stand in other books of the circle too), from the
circles beside it, from the shops and services that half the country has, and from nowhere in particular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.synth.traffic.mixing import fractions, mixed
from floodmark.synth.traffic.numbers import Numbers, Service

CIRCLE = 600  # numbers that a circle of people knows
POPULAR = 3000  # numbers of shops and services
NEIGHBOURS = 0.02  # contacts whose numbers were bought together
OWN, BESIDE, SHOPS = 0.45, 0.20, 0.05  # shares of contacts; the rest are known to nobody else


@dataclass(frozen=True)
class Books:
    """Address books end to end.

    Attributes:
        numbers: int64, shape (n,): contacts of the first owner, of the second, ….
        owners: int64, shape (n,): whose each is, ascending.
        edges: int64, shape (owners + 1,): where each book begins.
    """

    numbers: Numbers
    owners: NDArray[np.int64]
    edges: NDArray[np.int64]


def books(
    service: Service,
    sizes: NDArray[np.int64],
    circles: NDArray[np.int64],
    random: np.random.Generator,
    known: float = 0.6,
) -> Books:
    """Fill address books.

    Args:
        service: whose numbers they hold.
        sizes: int64, shape (owners,): contacts wanted; a contact drawn twice counts once, so a book may be smaller.
        circles: int64, shape (owners,): circle of each owner.
        random: decides all.
        known: share of contacts who are members, over all circles; it differs from circle to circle.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    sort = random.random(len(owners))
    own, beside, shop = sort < OWN, sort < OWN + BESIDE, sort > 1 - SHOPS
    circle = circles[owners] + np.where(own, 0, np.where(beside, random.integers(1, 4, len(owners)), 0))
    place = (CIRCLE * random.random(len(owners)) ** 1.5).astype(np.int64)
    slots = mixed(service.seed + 1, circle, place)
    popular = mixed(service.seed + 2, (POPULAR * random.random(len(owners)) ** 3).astype(np.int64))
    private = random.integers(0, 2**63, len(owners)).astype(np.uint64)
    slots = np.where(shop, popular, np.where(beside, slots, private))
    habit = known + 0.25 * (fractions(mixed(service.seed + 3, circle)) - 0.5)
    members = fractions(mixed(service.seed + 4, slots)) < habit
    distinct, back = np.unique(slots, return_inverse=True)
    wanted = np.zeros(len(distinct), bool)
    wanted[back] = members
    numbers = service.chosen(distinct, wanted)[back]
    near = random.random(len(owners)) < NEIGHBOURS
    near[:1] = False
    beside_it = np.flatnonzero(near)
    numbers[beside_it] = numbers[beside_it - 1] + random.integers(1, 10, len(beside_it))
    return _without_repeats(numbers, owners, len(sizes), random)


def _without_repeats(
    numbers: Numbers, owners: NDArray[np.int64], count: int, random: np.random.Generator
) -> Books:
    order = np.lexsort((numbers, owners))
    numbers, owners = numbers[order], owners[order]
    first = np.ones(len(numbers), bool)
    first[1:] = (numbers[1:] != numbers[:-1]) | (owners[1:] != owners[:-1])
    numbers, owners = numbers[first], owners[first]
    shuffled = np.lexsort((random.random(len(numbers)), owners))
    return Books(numbers[shuffled], owners, np.searchsorted(owners, np.arange(count + 1)))
