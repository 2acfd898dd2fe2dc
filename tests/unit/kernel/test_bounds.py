"""The proof that no carry is lost: that it holds, that comments say what it found, and that it would see a mistake."""

import os
import re
import subprocess
from functools import cache
from shutil import copytree

import pytest
from prove_bounds import (
    FIELD26,
    FIELD52,
    KERNEL,
    PROOF,
    P,
    Refuted,
    above,
    bounds,
    build,
    identities,
    sentences,
    table,
)

COMPILER = build().compiler()
"""Where there is none, no kernel is compiled of these sources either, and nothing is claimed."""

FIELDS = [FIELD52, FIELD26] if COMPILER else []


@cache
def proved_of(field):
    return bounds(COMPILER, field)


@pytest.fixture
def proved():
    return [(field, proved_of(field)) for field in FIELDS]


def text_of(header):
    return (KERNEL / "oprf" / header).read_text()


def test_no_input_and_no_key_makes_a_lane_wrap_or_a_factor_too_large(proved):
    for _, found in proved:
        assert 2**57 < max(found.largest) < 2**61


def test_every_function_of_the_field_computes_what_it_should_modulo_p(proved):
    for field, found in proved:
        assert len(identities(COMPILER, field, found)) == 15


def test_what_is_subtracted_from_is_a_multiple_of_p_and_above_every_product(proved):
    for field, found in proved:
        assert sum(limb << weight for limb, weight in zip(found.bias, field.weights, strict=True)) % P == 0
        assert all(low >= high for low, high in zip(found.bias, found.product, strict=True))


def test_a_limb_that_is_kept_in_32_bits_fits(proved):
    for field, found in proved:
        assert field is FIELD52 or max(found.carried) < 2**32


def test_comments_state_the_bounds_that_were_proved(proved):
    for field, found in proved:
        comments = re.sub(r"\s*\n[ *]*", " ", text_of(f"{field.name}.h"))
        assert [sentence for sentence in sentences(field, found) if sentence not in comments] == []


def test_beside_each_carry_stands_what_its_sum_is_below(proved):
    for place, most in proved[0][1].carries.items() if proved else ():
        header, line = place.split(":")
        stated = f"2^{above(most)}, 2^{above(proved[1][1].carries[place])} */"
        assert text_of(header).splitlines()[int(line) - 1].endswith((f"/* {stated}", f"; {stated}")), place


OF_THE_KEY_ALONE = {"halve_scalar", "digits_of"}
NOT_OF_POINTS = {"field52.h", "field26.h", "vector512.h", "vector256.h", "vector64.h", "sha512.h"}
"""Headers that are never read with others of their kind; and the hash, whose sums are meant to wrap."""


def test_the_proof_runs_every_function_of_the_formulas(proved, tmp_path):
    for field, _ in proved:
        options = ["-std=gnu11", "-Wunused-function", "-H", f"-I{KERNEL}", f"-I{PROOF}", "-c"]
        options += [f'-DFIELD="oprf/{field.name}.h"', "-o", tmp_path / "bounds.o", PROOF / "bounds.c"]
        environment = {**os.environ, "LC_ALL": "C"}
        command = [*COMPILER, *options]
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stderr
        unused = set(re.findall(r"/oprf/.*warning: .*'(\w+)'.*-Wunused-function", said))
        assert unused in (OF_THE_KEY_ALONE, set())  # Clang says nothing of functions in headers
        read = set(re.findall(r"/oprf/(\w+\.h)$", said, re.MULTILINE))
        others = {header.name for header in (KERNEL / "oprf").glob("*.h")} - read - NOT_OF_POINTS
        assert not any(re.search(r"\b(ADD|SUB|mul|carry)\(", text_of(header)) for header in others)


MISTAKES = {
    "all limbs of 52 bits are carried at once": (
        FIELD52,
        "field52.h",
        [(f"SHR(o.l[{i}], 52)", f"SHR(r.l[{i}], 52)") for i in (1, 2, 3)],
        "carry is something else",
    ),
    "what lies above 2^255 is folded times 18": (
        FIELD52,
        "field52.h",
        [("ADD_LOW_52(o.l[0], top, SET1(19))", "ADD_LOW_52(o.l[0], top, SET1(18))")],
        "carry is something else",
    ),
    "a smaller multiple of p": (
        FIELD52,
        "field52.h",
        [("r.l[i] = biased ? SET1(BIAS[i]) : ZERO()", "r.l[i] = biased ? SET1(BIAS[i] / 2) : ZERO()")],
        "a difference may go below zero",
    ),
    "no multiple of p": (
        FIELD52,
        "field52.h",
        [("0x011fffffffffd9daULL", "0x011fffffffffd9dcULL")],
        "BIASED is something else",
    ),
    "a limb is doubled that may be full": (
        FIELD52,
        "field52.h",
        [
            (
                "x4 = ADD(x[4], x[4]);",
                "x4 = ADD(x[4], x[4]), x3 = AND(x[3], SET1(LOW_52)), twice = ADD(x3, x3);",
            )
        ]
        + [(f"{part}, x[3], x4);", f"{part}, twice, x[4]);") for part in ("ADD_HIGH_52(R8", "ADD_LOW_52(R7")],
        "square_raw PLAIN is something else",
    ),
    "a limb is doubled with its junk": (
        FIELD52,
        "field52.h",
        [("const vec x4 = ADD(x[4], x[4]);", "const vec x4 = ADD(x[3], x[3]);")],
        "a sum may reach 2\\^64",
    ),
    "a high column folds without what it has above 52 bits": (
        FIELD52,
        "field52.h",
        [("R8 = ADD(R8, SHR(R7, 52));", "")],
        "mul_raw PLAIN is something else",
    ),
    "a high column is carried before the one below it": (
        FIELD52,
        "field52.h",
        [
            ("R6 = ADD(R6, SHR(R5, 52));", ""),
            ("R7 = ADD(R7, SHR(R6, 52));", "R7 = ADD(R7, SHR(R6, 52)); R6 = ADD(R6, SHR(R5, 52));"),
        ],
        "mul_raw PLAIN is something else",
    ),
    "an element keeps its junk where it is added": (
        FIELD52,
        "field52.h",
        [("r.l[i] = AND(a.l[i], SET1(LOW_52));", "r.l[i] = a.l[i];")],
        "a difference may go below zero",
    ),
    "a word is packed one bit aside": (
        FIELD52,
        "field52.h",
        [("SHL(x.l[2], 40)", "SHL(x.l[2], 41)")],
        "pack is something else",
    ),
    "a word is unpacked one bit aside": (
        FIELD52,
        "field52.h",
        [("OR(SHR(w[1], 40), SHL(w[2], 24))", "OR(SHR(w[1], 41), SHL(w[2], 24))")],
        "unpack is something else",
    ),
    "p itself counts as canonical": (
        FIELD52,
        "field52.h",
        [("vec q = SHR(ADD(x.l[0], SET1(19)), 52);", "vec q = SHR(ADD(x.l[0], SET1(18)), 52);")],
        "freeze asks something else",
    ),
    "a sum is multiplied without a carry": (
        FIELD52,
        "point.h",
        [("o->E = carry(sub(B, A));", "raw M = sub(B, A); memcpy(&o->E, &M, sizeof M);")],
        "a factor was not carried",
    ),
    "no bias where X^2 - Y^2 is taken": (
        FIELD52,
        "point.h",
        [("A = square_raw(&p->X, BIASED)", "A = square_raw(&p->X, PLAIN)")],
        "a difference may go below zero",
    ),
    "only one of two chains is closed": (
        FIELD26,
        "field26.h",
        [("    CARRY_AROUND(r)\n    CARRY_ODD(r, 5)\n", "    CARRY_AROUND(r)\n")],
        "a factor may have more than 32 bits|a difference|a sum|grows",
    ),
    "a bit is lost around the top": (
        FIELD26,
        "field26.h",
        [("MUL32(SHR(r.l[9], 25), SET1(19))", "MUL32(SHR(r.l[9], 25), SET1(18))")],
        "carry is something else",
    ),
    "two odd limbs count once": (
        FIELD26,
        "field26.h",
        [("const vec x = i & j & 1 ? twice : once", "const vec x = i & j & 2 ? twice : once")],
        "mul_raw PLAIN is something else|a difference",
    ),
    "nineteen times too late": (
        FIELD26,
        "field26.h",
        [("b19[i] = MUL32(b->l[i], SET1(19));", "b19[i] = MUL32(b->l[i], SET1(190));")],
        "a factor may have more than 32 bits",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_proof_fails_where_the_text_is_wrong(mistake, tmp_path):
    field, header, changes, message = MISTAKES[mistake]
    kernel = copytree(KERNEL, tmp_path / "c")
    path = kernel / "oprf" / header
    text = path.read_text()
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text)
    if COMPILER:
        with pytest.raises(Refuted, match=message):
            if "something else" in message:  # the bounds would not show it
                identities(COMPILER, field, proved_of(field), kernel)
            else:
                bounds(COMPILER, field, kernel)


def test_what_was_proved_can_be_read_as_a_table(proved):
    for field, found in proved:
        rows = [line.split() for line in table(field, found, ["mul"]).splitlines()]
        assert [len(row) for row in rows[1:8]] == [1 + len(field.weights)] * 7
        assert rows[-1] == "right modulo p: mul".split()
