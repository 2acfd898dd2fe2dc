"""Keys as the kernel takes them apart: half of each modulo the group's order, in signed digits of four bits."""

import random
import struct
import subprocess

import pytest
from prove_bounds import KERNEL, PROOF, build

ORDER = 2**252 + 27742317777372353535851937790883648493
COMPILER = build().compiler()


def keys():
    """The least and the greatest, all about powers of two, every digit repeated, a key whose half is so, and any."""
    yield from (1, 2, 3, ORDER - 1, ORDER - 2, ORDER - 3, ORDER // 2, ORDER // 2 + 1)
    yield from (2**bit + step for bit in range(1, 253) for step in (-1, 0, 1) if 0 < 2**bit + step < ORDER)
    repeated = [int(f"{digit:x}" * 63, 16) for digit in range(1, 16)]
    yield from repeated
    yield from (2 * number % ORDER for number in repeated)
    drawn = random.Random(9496)
    yield from (drawn.randrange(1, ORDER) for _ in range(3000))


@pytest.fixture(scope="module")
def taken_apart(tmp_path_factory):
    if COMPILER is None:
        return []
    program = tmp_path_factory.mktemp("scalar") / "scalar"
    command = [*COMPILER, "-std=gnu11", "-w", f"-I{KERNEL}", "-o", program, PROOF / "scalar.c"]
    subprocess.run(command, check=True)
    given = b"".join(key.to_bytes(32, "little") for key in keys())
    found = subprocess.run([program], input=given, capture_output=True, check=True).stdout
    halves = [
        (int.from_bytes(half, "little"), digits) for half, *digits in struct.iter_unpack("=32s64b", found)
    ]
    return list(zip(keys(), halves, strict=True))


def test_twice_the_half_is_the_key_modulo_the_order_and_the_half_below_it(taken_apart):
    assert all(2 * half % ORDER == key and half < ORDER for key, (half, _) in taken_apart)


def test_digits_add_up_to_the_half(taken_apart):
    assert all(
        sum(digit << 4 * i for i, digit in enumerate(digits)) == half for _, (half, digits) in taken_apart
    )


def test_digits_have_an_entry_in_the_table_and_the_highest_is_never_negative(taken_apart):
    assert all(-8 <= digit <= 7 for _, (_, digits) in taken_apart for digit in digits)
    assert all(0 <= digits[-1] <= 2 for _, (_, digits) in taken_apart)
