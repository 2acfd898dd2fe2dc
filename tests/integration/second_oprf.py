"""ristretto255 (RFC 9496) and VOPRF (RFC 9497) in integers, from the RFCs; not constant in time: for tests alone."""

from __future__ import annotations

import hashlib
import hmac

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
# RFC 9496, section 4.1: these are roots, and the sign is part of the constant.
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578

Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)
CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"


def absolute(x: int) -> int:
    return -x % P if x % P & 1 else x % P


def sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    root = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check, u = v * root * root % P, u % P
    if check in (-u % P, -u * SQRT_M1 % P):
        root = root * SQRT_M1 % P
    return check in (u, -u % P), absolute(root)


def decode(data: bytes) -> Point:
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s & 1:
        raise ValueError("no canonical element")
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, root = sqrt_ratio(1, v * u2 * u2 % P)
    x, y = absolute(2 * s * root * u2), u1 * root * u2 * root * v % P
    t = x * y % P
    if not square or t & 1 or y == 0:
        raise ValueError("no element")
    if s == 0:
        raise ValueError("the identity")
    return x, y, 1, t


def encode(point: Point) -> bytes:
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    _, root = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = root * u1 % P, root * u2 % P
    z_inv = den1 * den2 * t % P
    den = den2
    if t * z_inv % P & 1:
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if x * z_inv % P & 1:
        y = -y
    return absolute(den * (z - y)).to_bytes(32, "little")


def add(a: Point, b: Point) -> Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * D * a[3] * b[3], 2 * a[2] * b[2]
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    result = ZERO
    for bit in bin(scalar % ORDER)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def one_way_map(uniform: bytes) -> Point:
    def half(data: bytes) -> Point:
        t = int.from_bytes(data, "little") % 2**255
        r = SQRT_M1 * t * t % P
        u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
        square, s = sqrt_ratio(u, v)
        if not square:
            s = -absolute(s * t)
        n = ((-1 if square else r) * (r - 1) * (D - 1) ** 2 - v) % P
        w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
        return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P

    return add(half(uniform[:32]), half(uniform[32:]))


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def expand(message: bytes, dst: bytes) -> bytes:
    """RFC 9380, `expand_message_xmd` with SHA-512, for 64 bytes: one block."""
    dst += bytes([len(dst)])
    first = hashlib.sha512(bytes(128) + message + b"\x00\x40\x00" + dst).digest()
    return hashlib.sha512(first + b"\x01" + dst).digest()


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def hash_to_scalar(message: bytes, dst: bytes = b"HashToScalar-") -> int:
    return int.from_bytes(expand(message, dst + CONTEXT), "little") % ORDER


def derive_key(seed: bytes, info: bytes) -> int:
    for counter in range(256):
        secret = hash_to_scalar(seed + framed(info) + bytes([counter]), b"DeriveKeyPair")
        if secret:
            return secret
    raise ValueError("no key")


def input_element(x: bytes) -> Point:
    return one_way_map(expand(x, b"HashToGroup-" + CONTEXT))


def blind(x: bytes, scalar: int) -> bytes:
    return encode(times(scalar, input_element(x)))


def finalize(x: bytes, scalar: int, evaluated: bytes) -> bytes:
    unblinded = encode(times(pow(scalar, -1, ORDER), decode(evaluated)))
    return hashlib.sha512(framed(x, unblinded) + b"Finalize").digest()


def evaluate(secret: int, x: bytes) -> bytes:
    return hashlib.sha512(framed(x, encode(times(secret, input_element(x)))) + b"Finalize").digest()


def composites(public: bytes, blinded: list[bytes], evaluated: list[bytes]) -> tuple[Point, Point]:
    seed = hashlib.sha512(framed(public, b"Seed-" + CONTEXT)).digest()
    m, z = ZERO, ZERO
    for place, (c, d) in enumerate(zip(blinded, evaluated, strict=True)):
        weight = hash_to_scalar(framed(seed) + place.to_bytes(2, "big") + framed(c, d) + b"Composite")
        m, z = add(m, times(weight, decode(c))), add(z, times(weight, decode(d)))
    return m, z


def challenge(public: bytes, *points: Point) -> int:
    return hash_to_scalar(framed(public, *map(encode, points)) + b"Challenge")


def blind_evaluate(secret: int, blinded: list[bytes], scalar: int) -> tuple[list[bytes], bytes]:
    """The server's side: evaluated elements, and the proof with a random scalar."""
    public = encode(times(secret, BASE))
    evaluated = [encode(times(secret, decode(element))) for element in blinded]
    m, z = composites(public, blinded, evaluated)
    c = challenge(public, m, z, times(scalar, BASE), times(scalar, m))
    s = (scalar - c * secret) % ORDER
    return evaluated, c.to_bytes(32, "little") + s.to_bytes(32, "little")


def proof_holds(public: bytes, blinded: list[bytes], evaluated: list[bytes], proof: bytes) -> bool:
    c, s = int.from_bytes(proof[:32], "little"), int.from_bytes(proof[32:], "little")
    if len(proof) != 64 or c >= ORDER or s >= ORDER or len(blinded) != len(evaluated):
        return False
    m, z = composites(public, blinded, evaluated)
    t2 = add(times(s, BASE), times(c, decode(public)))
    t3 = add(times(s, m), times(c, z))
    expected = challenge(public, m, z, t2, t3)
    return hmac.compare_digest(expected.to_bytes(32, "little"), c.to_bytes(32, "little"))
