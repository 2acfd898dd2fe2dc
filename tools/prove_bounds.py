#!/usr/bin/env python3
"""Prove that no carry is lost in the OPRF kernel's arithmetic, from the C templates themselves.

The templates of `src/floodmark/kernel/c/oprf` are compiled twice for each field, as C, with another vector header than
a processor's. `bounds.c` runs the whole evaluation on intervals, and ends with an error where a sum may reach 2^64, a
difference may go below zero or a factor may have too many bits. `identities.c` runs the functions of the field on
polynomials, which are compared here with what each function should compute, modulo 2^255 - 19.

Run alone it prints the bounds: `python tools/prove_bounds.py`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from math import ceil, log2
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "src/floodmark/kernel/c"
PROOF = ROOT / "tests/unit/kernel/bounds"

P = 2**255 - 19

Form = dict[tuple[str, ...], int]
"""A sum of products: names of unknowns, in order, and how many times each product counts; `()` is the number itself."""


class Refuted(Exception):
    """The text computes something else, or may; the message says where."""


@dataclass(frozen=True)
class Field:
    """One of the two fields: limb i counts in `2**weights[i]`, and a frozen one is below `2**widths[i]`."""

    name: str
    weights: tuple[int, ...]

    @property
    def widths(self) -> list[int]:
        """Bits of a frozen element's limbs."""
        return [after - weight for weight, after in zip(self.weights, (*self.weights[1:], 255), strict=True)]


FIELD52 = Field("field52", tuple(52 * i for i in range(5)))
FIELD26 = Field("field26", tuple(ceil(25.5 * i) for i in range(10)))


@dataclass(frozen=True)
class Bounds:
    """The most that each limb holds, of all inputs and all keys, as `bounds.c` found it.

    Attributes:
        carried: Of any element that is multiplied; bits from 52 on count in the next limb already.
        product: Of the columns of a product or a square.
        biased: The same, with a multiple of p added.
        bias: That multiple.
        largest: Of anything that is carried.
        frozen: Of elements in canonical form.
        carries: Header and line of each sum that the formulas carry, and the most that any limb of it holds.
    """

    carried: list[int]
    product: list[int]
    biased: list[int]
    bias: list[int]
    largest: list[int]
    frozen: list[int]
    carries: dict[str, int]


def build() -> Any:
    """What compiles the kernel: `hatch_build.py`, which has the compiler's name and flags."""
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bounds(command: list[str], field: Field, kernel: Path = KERNEL) -> Bounds:
    """Run the evaluation on intervals.

    Raises:
        Refuted: A sum, a difference or a factor may be too large, or a bound does not say what the field needs.
    """
    lines = map(str.split, _run(command, "bounds.c", field, kernel))
    found = {name: [int(number, 16) for number in numbers] for name, *numbers in lines}
    carries = {name: found.pop(name)[0] for name in list(found) if ":" in name}
    proved = Bounds(**found, carries=carries)
    value = sum(
        min(most, 2**52 - 1) << weight for most, weight in zip(proved.carried, field.weights, strict=True)
    )
    if value >= 2 * P:
        raise Refuted("an element may be 2p or more, of which freezing would take p away only once")
    if proved.frozen != [2**width - 1 for width in field.widths]:
        raise Refuted("a frozen limb may be too wide")
    return proved


def identities(command: list[str], field: Field, proved: Bounds, kernel: Path = KERNEL) -> list[str]:
    """Compare what the field's functions compute with what they should; the names of those that were.

    Raises:
        Refuted: A function computes something else than it should.
    """
    most = [*proved.carried, *proved.largest, *proved.frozen]
    lines = _run(command, "identities.c", field, kernel, *map(hex, most))
    limbs: dict[str, list[Form]] = {}
    shifts: dict[str, tuple[int, Form]] = {}
    for name, _, text in (line.partition(":") for line in lines):
        words = text.split()
        if words and words[0].startswith("2^-"):
            shifts[name] = int(words[0][3:]), _form(words[1:])
        else:
            limbs.setdefault(name, []).append(_form(words))
    x, y, r, s, t = (
        _value([{(f"{letter}{i}",): 1} for i in range(len(field.weights))], field) for letter in "xyrst"
    )
    expected = {
        "as_raw": x,
        "carry": r,
        "mul_raw PLAIN": _times(x, y),
        "mul_raw BIASED": _times(x, y),
        "square_raw PLAIN": _times(x, x),
        "square_raw BIASED": _times(x, x),
        "mul": _times(x, y),
        "square": _times(x, x),
        "add": _plus(r, s),
        "sub": _plus(t, s, -1),
        "sub from bias": _plus({}, x, -1),
        "bias": {},
        "unpack": {(f"w{bit // 64}.{bit % 64}",): 1 << bit for bit in range(255)},
    }
    for name, wanted in expected.items():
        difference = _plus(_value(limbs[name], field), wanted, -1)
        if any(times % P for times in difference.values()):
            raise Refuted(f"{name} is something else than it should be, modulo p")
    words = Counter[tuple[str, ...]]()
    for i, form in enumerate(limbs["pack"]):
        words.update({unknowns: times << 64 * i for unknowns, times in form.items()})
    bits = [(i, bit) for i, width in enumerate(field.widths) for bit in range(width)]
    if words != {(f"c{i}.{bit}",): 1 << field.weights[i] + bit for i, bit in bits}:
        raise Refuted("pack is something else than the same number")
    _check_freeze(_value(limbs["freeze"], field), x, shifts, field)
    return [*expected, "pack", "freeze"]


def _check_freeze(frozen: Form, x: Form, shifts: dict[str, tuple[int, Form]], field: Field) -> None:
    """The whole part q of (x + 19) / 2^255 is 1 where x is not below p, for x below 2p, and 0 elsewhere.

    The result is x + 19 q - 2^255 t and, by the bounds of its limbs, in [0, 2^255): x itself, or x - p.
    """
    rest = _plus(frozen, x, -1)
    q, t = (
        next((names[0] for names, times in rest.items() if times == wanted), "") for wanted in (19, -(2**255))
    )
    if rest != {(q,): 19, (t,): -(2**255)}:
        raise Refuted("freeze gives something else than x + 19 q - 2^255 t")
    carried = q
    for i, width in reversed(list(enumerate(field.widths))):
        before = next((name for (name,) in shifts[carried][1].keys() - {(f"x{i}",), ()}), "") if i else ""
        wanted = {(f"x{i}",): 1} | ({(before,): 1} if i else {(): 19})
        if shifts[carried] != (width, wanted):
            raise Refuted("freeze asks something else than whether x + 19 has 256 bits")
        carried = before


def sentences(field: Field, proved: Bounds) -> list[str]:
    """What the comments in the field's header have to say, in these words and numbers."""
    over = [most - 2**width + 1 for most, width in zip(proved.carried, field.widths, strict=True)]
    if field is FIELD52:
        return [
            f"limb 4 is clean and below 2^47 + {over[4]}",
            f"The value, junk dropped, is below 2^255 + {over[4]} * 2^208 < 2p",
            f"limbs of a product are below {_up(max(proved.product) / 2**52)} * 2^52",
            f"limbs are all in [{min(proved.bias) >> 52} * 2^52, {(max(proved.bias) >> 52) + 1} * 2^52)",
            f"No raw reaches 2^{_up(log2(max(proved.largest)))}",
        ]
    value = sum(most << weight for most, weight in zip(proved.carried, field.weights, strict=True))
    spare = min(low - high for low, high in zip(proved.bias, proved.product, strict=True))
    return [
        f"limb 1 is below 2^25 + {over[1]} and limb 6 below 2^26 + {over[6]}",
        f"The value is below 2^255 + 2^{_up(log2(value - 2**255))} < 2p",
        f"column 0 of a product is below {_up(proved.product[0] / 2**52)} * 2^52",
        f"down to {_up(proved.product[9] / 2**51)} * 2^51 of column 9",
        f"above its column of any product by at least 2^{int(log2(spare))}",
        f"no raw reaches 2^{_up(log2(max(proved.largest)))}, and no limb 9 2^{_up(log2(proved.largest[9]))}",
    ]


def above(most: int) -> str:
    """The exponent of a power of two, to a tenth, that is above a number."""
    return _up(log2(most + 1))


def _up(number: float) -> str:
    return f"{ceil(number * 10) / 10:g}"


def _run(command: list[str], source: str, field: Field, kernel: Path, *arguments: str) -> list[str]:
    """The lines that a program of the proof prints."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "proof"
        options = ["-std=gnu11", "-O0", "-w", f"-I{kernel}", f"-I{PROOF}", f'-DFIELD="oprf/{field.name}.h"']
        subprocess.run([*command, *options, "-o", program, PROOF / source], check=True)
        found = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    lines = found.stdout.splitlines()
    if found.returncode:
        raise Refuted(lines[-1] if lines else f"{source} ended with {found.returncode}")
    return lines


def _form(words: list[str]) -> Form:
    """Of "+0x2*x0*y1", "-0x5*1*1" and so on."""
    form = {}
    for word in words:
        times, *unknowns = word.split("*")
        form[tuple(name for name in unknowns if name != "1")] = int(times, 16)
    return form


def _plus(a: Form, b: Form, times: int = 1) -> Form:
    total = Counter(a)
    for unknowns, number in b.items():
        total[unknowns] += times * number
    return {unknowns: number for unknowns, number in total.items() if number}


def _times(a: Form, b: Form) -> Form:
    total = Counter[tuple[str, ...]]()
    for (s, m), (t, n) in product(a.items(), b.items()):
        total[tuple(sorted(s + t))] += m * n
    return dict(total)


def _value(limbs: list[Form], field: Field) -> Form:
    """The number that limbs stand for."""
    total: Form = {}
    for limb, weight in zip(limbs, field.weights, strict=True):
        total = _plus(total, {tuple(sorted(unknowns)): times << weight for unknowns, times in limb.items()})
    return total


def table(field: Field, proved: Bounds, right: list[str]) -> str:
    """What was proved of one field, to read."""
    lines = [
        f"{field.name}: no sum reaches 2^64, no difference is negative, no factor loses a bit",
        f"  {'limb':<8} " + " ".join(f"{i:>8}" for i in range(len(field.weights))),
    ]
    for name in ("carried", "product", "bias", "biased", "largest", "frozen"):
        bits = (log2(most + 1) for most in getattr(proved, name))
        lines.append(f"  {name:<8} " + " ".join(f"2^{bit:<6.2f}" for bit in bits))
    lines += [f"  {sentence}" for sentence in sentences(field, proved)]
    lines += [
        f"  carried at {place}: below 2^{above(most)}" for place, most in sorted(proved.carries.items())
    ]
    return "\n".join([*lines, f"  right modulo p: {', '.join(right)}"])


def main() -> None:
    """Print both fields' bounds."""
    command = build().compiler()
    if command is None:
        sys.exit("No C compiler was found: then the kernel is not compiled, and there is nothing to prove.")
    for field in (FIELD52, FIELD26):
        proved = bounds(command, field)
        print(table(field, proved, identities(command, field, proved)))


if __name__ == "__main__":
    main()
