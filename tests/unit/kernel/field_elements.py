"""Field elements on which arithmetic in limbs and the map to the group can go wrong, in integers."""

from __future__ import annotations

import random

from ...integration.second_oprf import (
    INVSQRT_A_MINUS_D,
    SQRT_M1,
    D,
    P,
    Point,
    absolute,
    add,
    encode,
    one_way_map,
    sqrt_ratio,
)

ENDS = [0, 1, 2, 18, 19, P - 2, P - 1, P, P + 1, P + 18, 2**255 - 1, 2**255, 2**255 + P, 2**256 - 1]
LIMB_EDGES = [
    2**bits + step
    for bits in (26, 51, 52, 77, 102, 104, 128, 153, 156, 179, 204, 208, 230)
    for step in (-1, 0, 1)
]
FULL_LIMBS = [  # every second limb full and the others empty
    sum((2**size - 1) << place for place, size in limbs[start::2])
    for limbs in (
        [(52 * i, 52 if i < 4 else 47) for i in range(5)],
        [(-(-51 * i // 2), 26 - i % 2) for i in range(10)],
    )
    for start in (0, 1)
]


def root(square: int) -> int | None:
    """The even square root, where there is one."""
    found, even = sqrt_ratio(square % P, 1)
    return even if found or square % P == 0 else None


def _exceptional() -> list[int]:
    """t for which r = i t^2 is where a factor of the map, or of the points that it gives, vanishes or is special."""
    wanted = [-1, 1, D, -D, pow(D, -1, P), -pow(D, -1, P), SQRT_M1, -SQRT_M1, 2, 1 - D, 0]
    roots = [root(r * -SQRT_M1) for r in wanted]  # 1 / i = -i
    return [one for even in roots if even is not None for one in (even, (P - even) % P)]


EXCEPTIONAL = _exceptional()
ALL = [*ENDS, *LIMB_EDGES, *FULL_LIMBS, *EXCEPTIONAL]


def uniform(first: int, second: int) -> bytes:
    """The bytes whose halves are these two, little-endian."""
    return first.to_bytes(32, "little") + second.to_bytes(32, "little")


def image(t: int) -> Point:
    """What the map gives for one half: the other gives the neutral element."""
    return one_way_map(uniform(t, 0))


def opposites(t: int) -> list[int]:
    """Candidates for elements whose image is the negative of this one's, up to torsion.

    The map backwards: the point, negated, on the Jacobi quartic, where it has several places, then Elligator 2 for that
    curve backwards (Bernstein, Hamburg, Krasnova and Lange, "Elligator", 2013, section 5.3).
    """
    x, y, z, _ = image(t)
    x, found = -x, []
    _, inverse = sqrt_ratio(1, y**4 * x * x * (z * z - y * y) % P)
    for s_over_x in (inverse * y * y * (z - y), -inverse * y * y * (z + y)):
        quartic = s_over_x * x % P, -2 * INVSQRT_A_MINUS_D * z * s_over_x % P
        for s, sign in ((quartic[0], 1), (-quartic[0] % P, 1), (quartic[0], -1), (-quartic[0] % P, -1)):
            a = (sign * quartic[1] + 1) * (D + 1) * pow(D - 1, -1, P)
            is_image, y_inverse = sqrt_ratio(1, (s**4 - a * a) * SQRT_M1 % P)
            if is_image:
                found.append(absolute((a + (-s * s if s & 1 else s * s)) * y_inverse))
    return found


def opposite_pairs(count: int, seed: int) -> list[tuple[int, int]]:
    """Random pairs whose images sum to the neutral element."""
    rng, found = random.Random(seed), []
    while len(found) < count:
        t = rng.randrange(P)
        found += [(t, one) for one in opposites(t) if not any(encode(add(image(t), image(one))))]
    return found
