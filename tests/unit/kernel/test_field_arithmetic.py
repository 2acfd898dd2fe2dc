"""Both fields on numbers at the edges of what their limbs hold, against Python's integers, on every lane there is.

The proof of bounds takes each instruction for what its name says. This is where the instructions themselves are tried.
"""

import random
import struct
import subprocess
from itertools import product

import prove_bounds
import pytest
from prove_bounds import FIELD26, FIELD52, KERNEL, PROOF, P

from floodmark.kernel import library
from floodmark.kernel.library import Features

from .test_bounds import proved_of

BUILD = prove_bounds.build()
COMPILER = BUILD.compiler()
HERE = library.kernel.features if library.kernel else Features.PORTABLE
LANES = {
    "checked, field52": ("interval_vector.h", FIELD52, []),
    "checked, field26": ("interval_vector.h", FIELD26, []),
    "plain": ("oprf/vector64.h", FIELD26, []),
    "AVX2": ("oprf/vector256.h", FIELD26, BUILD.OWN_FLAGS["oprf_avx2.c"]),
    "AVX-512 IFMA": ("oprf/vector512.h", FIELD52, BUILD.OWN_FLAGS["oprf_ifma.c"]),
}
if COMPILER is None:
    LANES = {}
if Features.AVX2 not in HERE:
    LANES.pop("AVX2", None)
if Features.IFMA not in HERE:
    LANES.pop("AVX-512 IFMA", None)

PRODUCTS = {"mul_raw PLAIN", "mul_raw BIASED", "mul"}
SQUARES = {"square_raw PLAIN", "square_raw BIASED", "square"}
CANONICAL = {"freeze", "pack"}
RANDOM = random.Random(9497)


class Lanes:
    """One field, compiled for one kind of lanes."""

    def __init__(self, field, program, proved):
        self.field, self.program, self.proved = field, program, proved

    def compute(self, function, cases):
        """The limbs of each result, of the limbs of both arguments."""
        count = len(self.field.weights)
        words = struct.pack(f"={2 * count * len(cases)}Q", *(limb for a, b in cases for limb in (*a, *b)))
        found = subprocess.run([self.program, function], input=words, capture_output=True, check=True).stdout
        return list(struct.iter_unpack(f"={count}Q", found))

    def value(self, limbs):
        """What the limbs of an element stand for: above bit 51, nothing."""
        return self.sum_of([limb % 2**52 for limb in limbs])

    def sum_of(self, columns):
        return sum(column << weight for column, weight in zip(columns, self.field.weights, strict=True))

    def edges(self, most):
        """Each limb 0, 1, the most or one below; where it may hold more than 52 bits, with and without."""
        for limb in most:
            low = min(limb, 2**52 - 1)
            yield sorted({0, 1, low - 1, low, limb, limb - 1, limb - low})

    def cases(self, most):
        """Pairs of all limbs 0 or the most, of some of all edges, and of any numbers."""
        corners = list(product(*((0, limb) for limb in most)))
        pairs = list(product(corners, corners)) if len(corners) < 100 else []
        pairs += [(RANDOM.choice(corners), RANDOM.choice(corners)) for _ in range(1000 - len(pairs))]
        edges = list(self.edges(most))
        pairs += [tuple(tuple(map(RANDOM.choice, edges)) for _ in "ab") for _ in range(1000)]
        return pairs + [
            tuple(tuple(RANDOM.randint(0, limb) for limb in most) for _ in "ab") for _ in range(500)
        ]


@pytest.fixture(scope="module")
def every_lane(tmp_path_factory):
    """Where there is no compiler, none."""
    return [compiled(tmp_path_factory, *of_one_kind) for of_one_kind in LANES.values()]


def compiled(tmp_path_factory, vector, field, flags):
    program = tmp_path_factory.mktemp("lanes") / "arithmetic"
    options = ["-std=gnu11", "-O1", "-w", *flags, f"-I{KERNEL}", f"-I{PROOF}"]
    names = [f'-DVECTOR="{vector}"', f'-DFIELD="oprf/{field.name}.h"']
    subprocess.run([*COMPILER, *options, *names, "-o", program, PROOF / "arithmetic.c"], check=True)
    return Lanes(field, program, proved_of(field))


@pytest.mark.parametrize("function", sorted(PRODUCTS | SQUARES))
def test_products_are_right_modulo_p_and_within_their_bounds(every_lane, function):
    for lanes in every_lane:
        cases = lanes.cases(lanes.proved.carried)
        most = lanes.proved.biased if "BIASED" in function else lanes.proved.product
        for (a, b), found in zip(cases, lanes.compute(function, cases), strict=True):
            wanted = lanes.value(a) * lanes.value(b if function in PRODUCTS else a)
            if "raw" in function:
                assert (lanes.sum_of(found) - wanted) % P == 0
                assert all(limb <= bound for limb, bound in zip(found, most, strict=True))
            else:
                assert (lanes.value(found) - wanted) % P == 0
                assert all(limb <= bound for limb, bound in zip(found, lanes.proved.carried, strict=True))


def test_what_is_carried_is_the_same_modulo_p(every_lane):
    for lanes in every_lane:
        cases = lanes.cases(lanes.proved.largest)
        for (a, _), found in zip(cases, lanes.compute("carry", cases), strict=True):
            assert (lanes.value(found) - lanes.sum_of(a)) % P == 0
            assert all(limb <= bound for limb, bound in zip(found, lanes.proved.carried, strict=True))


def test_differences_are_right_modulo_p_and_never_negative(every_lane):
    for lanes in every_lane:
        cases = lanes.cases(lanes.proved.carried)
        for (a, _), found in zip(cases, lanes.compute("sub", cases), strict=True):
            assert (lanes.sum_of(found) + lanes.value(a)) % P == 0
            assert all(limb <= bound for limb, bound in zip(found, lanes.proved.bias, strict=True))


def around(field):
    """0, p, 2^255 and what lies within two dozen of them, each in limbs that hold all of it."""
    for number in (near + step for near in (0, P, 2**255, 2**254) for step in range(-24, 25)):
        if number >= 0:
            widths = [*field.widths[:-1], 64]
            yield tuple(
                number >> weight & (1 << width) - 1
                for weight, width in zip(field.weights, widths, strict=True)
            )


@pytest.mark.parametrize("function", sorted(CANONICAL))
def test_canonical_form_is_the_least_number_of_its_kind_and_survives_packing(every_lane, function):
    for lanes in every_lane:
        cases = [(limbs, limbs) for limbs in around(lanes.field)] + lanes.cases(lanes.proved.carried)
        for (a, _), found in zip(cases, lanes.compute(function, cases), strict=True):
            assert lanes.value(found) == lanes.value(a) % P
            if function == "freeze":
                assert all(limb < 1 << width for limb, width in zip(found, lanes.field.widths, strict=True))


def test_nothing_is_zero_for_which_one_bit_anywhere_is_set(every_lane):
    for lanes in every_lane:
        widths = lanes.field.widths
        cases = [
            tuple(1 << bit if i == at else 0 for i in range(len(widths)))
            for at, width in enumerate(widths)
            for bit in range(width)
        ]
        cases += [limbs for limbs in around(lanes.field) if lanes.value(limbs) in {0, P}]
        assert len(cases) == 258  # p comes twice
        for a, found in zip(cases, lanes.compute("any_bit", [(a, a) for a in cases]), strict=True):
            assert (found[0] != 0) == (lanes.value(a) % P != 0)
