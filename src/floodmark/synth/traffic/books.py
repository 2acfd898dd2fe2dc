"""Address books: log-normal in size, shared among people who know each other, mostly in a few number blocks.

A person's contacts come from the circle that the person belongs to (and so stand in other books of the circle too),
from the circles beside it, from the shops and services that half the country has, and from nowhere in particular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.synth.traffic.mixing import fractions, mixed
from floodmark.synth.traffic.numbers import Draws, Numbers, Service

CIRCLE = 600  # numbers that a circle of people knows
POPULAR = 3000  # numbers of shops and services
OWN, BESIDE, SHOPS = 0.45, 0.20, 0.05  # shares of contacts; the rest are known to nobody else
NEIGHBOURS = 0.02  # contacts whose numbers were bought together
KNOWN = 0.6  # contacts who are members
HABIT_SPREAD = 0.25  # by which circles differ in how many of their contacts are members
_CIRCLES, _SHOPS, _HABITS, _MEMBERS = range(1, 5)  # told apart when mixed


@dataclass(frozen=True)
class Books:
    """Address books end to end.

    Attributes:
        numbers: int64, shape (n,): contacts of the first owner, of the second, …, each book in no order.
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
    *,
    known: float = KNOWN,
    neighbours: float = NEIGHBOURS,
) -> Books:
    """Fill address books.

    Args:
        service: whose numbers they hold.
        sizes: int64, shape (owners,): contacts wanted; one drawn twice counts once, so that a book may be smaller.
        circles: int64, shape (owners,): circle of each owner.
        random: decides all.
        known: share of contacts who are members, on average over circles.
        neighbours: share of contacts whose number lies within ten of another contact's.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    slots = _slots(service, circles[owners], random)
    habit = known + HABIT_SPREAD * (fractions(mixed(service.seed + _HABITS, circles[owners])) - 0.5)
    distinct, first, back = np.unique(slots, return_index=True, return_inverse=True)
    # Who has a slot first decides how likely it is a member's; all others who have it find the same.
    members = fractions(mixed(service.seed + _MEMBERS, distinct)) < habit[first]
    numbers = service.chosen(distinct, members)[back]
    near = np.flatnonzero(random.random(len(owners)) < neighbours)
    near = near[near > 0]
    numbers[near] = numbers[near - 1] + random.integers(1, 10, len(near))
    return _without_repeats(numbers, owners, len(sizes), random)


def shops(service: Service) -> Numbers:
    """Numbers of shops and services, those first that most people have; anybody finds them in a directory."""
    slots = mixed(service.seed + _SHOPS, np.arange(POPULAR))
    return service.chosen(slots, fractions(mixed(service.seed + _MEMBERS, slots)) < KNOWN)


def _slots(service: Service, circle: NDArray[np.int64], random: np.random.Generator) -> Draws:
    """Which contact each row is, as a draw that all who know the contact have in common."""
    count = len(circle)
    sort = random.random(count)
    beside = np.where(sort < OWN, 0, random.integers(1, 4, count))
    # The first numbers of a circle are in most of its books, the last in few.
    place = (CIRCLE * random.random(count) ** 1.5).astype(np.int64)
    shop = (POPULAR * random.random(count) ** 3).astype(np.int64)
    private = random.integers(0, 2**63, count).astype(np.uint64)
    social = mixed(service.seed + _CIRCLES, circle + beside, place)
    popular = mixed(service.seed + _SHOPS, shop)
    return np.where(sort < OWN + BESIDE, social, np.where(sort > 1 - SHOPS, popular, private))


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
