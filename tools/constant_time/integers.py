"""Values of ordinary integer instructions, which decide the loops and the addresses of a program.

Each function takes the operands' width in bits, the values of the operands that it reads and the flags, and gives the
result and the flags that it sets. An instruction that is missing here has a result that is open, not a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable

OF, SF, ZF, AF, CF, PF = range(6)  # in the order of the bits that iced-x86 has for them
Flags = dict[int, int]
Result = tuple[int, Flags]


def signed(value: int, bits: int) -> int:
    """Two's complement."""
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def _of_result(value: int, bits: int) -> Flags:
    return {ZF: int(value == 0), SF: value >> (bits - 1), PF: int((value & 0xFF).bit_count() % 2 == 0), AF: 0}


def _add(bits: int, a: int, b: int, carry: int = 0) -> Result:
    total = a + b + carry
    value = total & ((1 << bits) - 1)
    overflow = (a ^ value) & (b ^ value)
    return value, {**_of_result(value, bits), CF: total >> bits, OF: overflow >> (bits - 1)}


def _subtract(bits: int, a: int, b: int, borrow: int = 0) -> Result:
    total = a - b - borrow
    value = total & ((1 << bits) - 1)
    overflow = (a ^ b) & (a ^ value)
    return value, {**_of_result(value, bits), CF: int(total < 0), OF: overflow >> (bits - 1)}


def _logical(value: int, bits: int) -> Result:
    return value, {**_of_result(value, bits), CF: 0, OF: 0}


def _shift_left(bits: int, a: int, n: int) -> Result:
    n &= 63 if bits == 64 else 31
    value = a << n & ((1 << bits) - 1)
    return value, {**_of_result(value, bits), CF: a << n >> bits & 1, OF: 0} if n else {}


def _shift_right(bits: int, a: int, n: int) -> Result:
    n &= 63 if bits == 64 else 31
    value = a >> n & ((1 << bits) - 1)
    return value, {**_of_result(value, bits), CF: a >> (n - 1) & 1, OF: 0} if n else {}


def _shift_arithmetic(bits: int, a: int, n: int) -> Result:
    n &= 63 if bits == 64 else 31
    value = signed(a, bits) >> n & ((1 << bits) - 1)
    return value, {**_of_result(value, bits), CF: signed(a, bits) >> (n - 1) & 1, OF: 0} if n else {}


def _rotate_left(bits: int, a: int, n: int) -> Result:
    n %= bits
    value = (a << n | a >> (bits - n)) & ((1 << bits) - 1)
    return value, {CF: value & 1, OF: 0} if n else {}


def _rotate_right(bits: int, a: int, n: int) -> Result:
    n %= bits
    value = (a >> n | a << (bits - n)) & ((1 << bits) - 1)
    return value, {CF: value >> (bits - 1), OF: 0} if n else {}


def _multiply(bits: int, a: int, b: int) -> Result:
    product = signed(a, bits) * signed(b, bits)
    value = product & ((1 << bits) - 1)
    lost = int(signed(value, bits) != product)
    return value, {**_of_result(value, bits), CF: lost, OF: lost}


def _without_carry(result: Result) -> Result:
    return result[0], {flag: value for flag, value in result[1].items() if flag != CF}


Operation = Callable[[int, list[int], dict[int, int]], Result]

TWO: dict[str, Operation] = {
    "add": lambda bits, v, f: _add(bits, *v),
    "adc": lambda bits, v, f: _add(bits, *v, f[CF]),
    "sub": lambda bits, v, f: _subtract(bits, *v),
    "cmp": lambda bits, v, f: _subtract(bits, *v),
    "sbb": lambda bits, v, f: _subtract(bits, *v, f[CF]),
    "and": lambda bits, v, f: _logical(v[0] & v[1], bits),
    "test": lambda bits, v, f: _logical(v[0] & v[1], bits),
    "or": lambda bits, v, f: _logical(v[0] | v[1], bits),
    "xor": lambda bits, v, f: _logical(v[0] ^ v[1], bits),
    "shl": lambda bits, v, f: _shift_left(bits, *v),
    "sal": lambda bits, v, f: _shift_left(bits, *v),
    "shr": lambda bits, v, f: _shift_right(bits, *v),
    "sar": lambda bits, v, f: _shift_arithmetic(bits, *v),
    "rol": lambda bits, v, f: _rotate_left(bits, *v),
    "ror": lambda bits, v, f: _rotate_right(bits, *v),
    "imul": lambda bits, v, f: _multiply(bits, v[-2], v[-1]),
    "bt": lambda bits, v, f: (v[0], {CF: v[0] >> v[1] % bits & 1}),
}
"""Of the first two operands; `imul` may have three, and then the first is only written."""

ONE: dict[str, Operation] = {
    "inc": lambda bits, v, f: _without_carry(_add(bits, v[0], 1)),
    "dec": lambda bits, v, f: _without_carry(_subtract(bits, v[0], 1)),
    "neg": lambda bits, v, f: _subtract(bits, 0, v[0]),
    "not": lambda bits, v, f: (v[0] ^ ((1 << bits) - 1), {}),
    "bswap": lambda bits, v, f: (int.from_bytes(v[0].to_bytes(bits // 8, "little"), "big"), {}),
}
"""Of the first operand."""

NEW: dict[str, Operation] = {
    "mov": lambda bits, v, f: (v[-1], {}),
    "movzx": lambda bits, v, f: (v[-1], {}),
    "shlx": lambda bits, v, f: (_shift_left(bits, *v)[0], {}),
    "shrx": lambda bits, v, f: (_shift_right(bits, *v)[0], {}),
    "sarx": lambda bits, v, f: (_shift_arithmetic(bits, *v)[0], {}),
    "rorx": lambda bits, v, f: (_rotate_right(bits, *v)[0], {}),
    "andn": lambda bits, v, f: _logical((v[0] ^ ((1 << bits) - 1)) & v[1], bits),
}
"""Of all operands but the first, which is only written."""

CONDITIONS: dict[str, Callable[[dict[int, int]], bool]] = {
    "o": lambda f: f[OF] == 1,
    "no": lambda f: f[OF] == 0,
    "b": lambda f: f[CF] == 1,
    "ae": lambda f: f[CF] == 0,
    "e": lambda f: f[ZF] == 1,
    "ne": lambda f: f[ZF] == 0,
    "be": lambda f: f[CF] == 1 or f[ZF] == 1,
    "a": lambda f: f[CF] == 0 and f[ZF] == 0,
    "s": lambda f: f[SF] == 1,
    "ns": lambda f: f[SF] == 0,
    "p": lambda f: f[PF] == 1,
    "np": lambda f: f[PF] == 0,
    "l": lambda f: f[SF] != f[OF],
    "ge": lambda f: f[SF] == f[OF],
    "le": lambda f: f[ZF] == 1 or f[SF] != f[OF],
    "g": lambda f: f[ZF] == 0 and f[SF] == f[OF],
}
"""By the suffix of a jump, a `set` or a `cmov`."""
