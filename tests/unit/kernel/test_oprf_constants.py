"""The numbers that the OPRF kernel is compiled with, each computed again from what defines it."""

import re
from math import isqrt
from pathlib import Path

import pytest

KERNEL = Path(__file__).resolve().parents[3] / "src/floodmark/kernel/c/oprf"

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
"""RFC 7748, section 4.1: the twisted Edwards curve -x^2 + y^2 = 1 + d x^2 y^2."""

SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def words(header, name):
    """An array of 64-bit words."""
    text = (KERNEL / header).read_text()
    (found,) = re.findall(rf"\b{name}\[\w+\] = \{{([^}}]*)\}}", text)
    return [int(word.removesuffix("ULL"), 16) for word in found.replace(",", " ").split()]


def number(name):
    return sum(word << 64 * i for i, word in enumerate(words("curve.h", name)))


def positive(x):
    """Of two square roots, the even one (RFC 9496, section 4.1)."""
    return x if x % 2 == 0 else P - x


def square_root(x):
    candidate = pow(x, (P + 3) // 8, P)
    root = candidate if candidate**2 % P == x % P else candidate * SQRT_MINUS_1 % P
    assert root**2 % P == x % P
    return positive(root)


# RFC 9496 gives SQRT_AD_MINUS_ONE as the odd root, the negative one, and the others as even.
CONSTANTS = {
    "CURVE_D": D,
    "CURVE_2D": 2 * D % P,
    "SQRT_MINUS_1": positive(SQRT_MINUS_1),
    "ONE_MINUS_D_SQUARED": (1 - D**2) % P,
    "D_MINUS_ONE_SQUARED": (D - 1) ** 2 % P,
    "SQRT_AD_MINUS_ONE": P - square_root(-D - 1),
    "INVERSE_SQRT_A_MINUS_D": square_root(pow(-1 - D, -1, P)),
    "ORDER": 2**252 + 27742317777372353535851937790883648493,
}


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_constant_of_the_group_is_what_defines_it(name):
    assert number(name) == CONSTANTS[name]


def test_no_other_constant_of_the_group_is_left():
    assert set(re.findall(r"uint64_t (\w+)\[4\]", (KERNEL / "curve.h").read_text())) == set(CONSTANTS)


def test_the_order_is_that_of_the_base_point():
    y = 4 * pow(5, -1, P) % P
    base = square_root((y * y - 1) * pow(D * y * y + 1, -1, P)), y
    total, power, order = (0, 1), base, number("ORDER")
    while order:
        total = add(total, power) if order & 1 else total
        power, order = add(power, power), order >> 1
    assert total == (0, 1)


def add(a, b):
    """Two points of the curve, by the law that defines it."""
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P, (y1 * y2 + x1 * x2) * pow(
        1 - product, -1, P
    ) % P


def primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def cube_root(x):
    low, high = 0, 1 << (x.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= x else (low, middle - 1)
    return low


def test_constants_of_sha_512_are_fractional_parts_of_roots_of_primes():
    """FIPS 180-4, sections 4.2.3 and 5.3.5."""
    low = 2**64 - 1
    assert words("sha512.h", "sha512_rounds") == [cube_root(prime << 192) & low for prime in primes(80)]
    assert words("sha512.h", "sha512_start") == [isqrt(prime << 128) & low for prime in primes(8)]


@pytest.mark.parametrize(("header", "bits"), [("field52.h", 52), ("field26.h", 25.5)])
def test_what_differences_start_at_is_a_multiple_of_p(header, bits):
    limbs = words(header, "BIAS")
    assert sum(limb << int(-(-i * bits // 1)) for i, limb in enumerate(limbs)) % P == 0
