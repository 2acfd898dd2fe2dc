"""What stays in memory after evaluations on this processor, found as a thief of the memory would find it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from floodmark.exposure.oprf.context import Mode, context
from floodmark.exposure.oprf.group import ORDER
from floodmark.exposure.oprf.protocol import evaluate
from floodmark.exposure.sealed.rows import derive
from floodmark.kernel import oprf

TEXTS = [f"phone:+4477009{number:05}" for number in range(700)]  # two chunks
TAG = b"HashToGroup-" + context(Mode.VOPRF)
SHOWN = "email:ada@example.org"
SEAL_ID = bytes(range(16))
MASK = 0xA5

PROCESS = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np, polars as pl
from floodmark.kernel import library, oprf

MASK = bytes(byte ^ 0xA5 for byte in range(256))

def unmask(text):
    return bytes.fromhex(text).translate(MASK)  # written at once where it stays

given = json.loads(sys.stdin.read())
needles = {name: bytes.fromhex(masked) for name, masked in given["needles"].items()}
key, tag = unmask(given["needles"]["key"]), bytes.fromhex(given["tag"])

def evaluated(texts, seal):
    return oprf.evaluate(key, tag, pl.Series(texts), seal, random=os.urandom, kernel=library.kernel)

with ThreadPoolExecutor(1) as pool:
    placed = pool.submit(evaluated, given["texts"], oprf.Seal(bytes.fromhex(given["seal_id"]), 2)).result()
    outputs = pool.submit(evaluated, [given["shown"]], None).result().outputs

STEP, OVERLAP = 1 << 22, 64
seen = dict.fromkeys(needles, 0)
buffer = bytearray(STEP + OVERLAP)
content = np.frombuffer(buffer, np.uint8)
own = content.ctypes.data, content.ctypes.data + len(buffer)
memory = os.open("/proc/self/mem", os.O_RDONLY)

def parts(start, end):  # without what it is read into, in which all would be found again
    return [(low, high) for low, high in ((start, min(end, own[0])), (max(start, own[1]), end)) if low < high]

for line in open("/proc/self/maps").read().splitlines():
    place, access = line.split()[:2]
    if not access.startswith("rw"):
        continue
    for start, end in parts(*(int(part, 16) for part in place.split("-"))):
        for at in range(start, end, STEP):
            size = os.preadv(memory, [memoryview(buffer)[: min(STEP + OVERLAP, end - at)]], at)
            if not content[:size].any():
                continue
            np.bitwise_xor(content[:size], 0xA5, out=content[:size])  # no copy of what is looked for
            for name, needle in needles.items():  # what begins in the overlap is counted with the next step
                seen[name] += buffer.count(needle, 0, min(STEP + len(needle) - 1, size))
print(json.dumps([seen, int(placed.tags[300])]))
"""


def secrets_of(key: int) -> dict[str, bytes]:
    """The key, what the kernel computes of it (oprf/scalar.h), and what of it shows one input's output."""
    half = key * pow(2, -1, ORDER) % ORDER
    digits, rest = [], half
    for _ in range(63):
        digit = (rest + 8) % 16 - 8
        digits.append(digit)
        rest = (rest - digit) // 16
    digits.append(rest)
    output = evaluate(key.to_bytes(32, "little"), TEXTS[300].encode())
    return {
        "key": key.to_bytes(32, "little"),
        "half": half.to_bytes(32, "little"),
        "half of the half": half.to_bytes(32, "little")[:16],
        "digits": bytes(digit & 0xFF for digit in digits),
        "some digits": bytes(digit & 0xFF for digit in digits[20:40]),
        "what was asked for": evaluate(key.to_bytes(32, "little"), SHOWN.encode()),
        "output": output,
        "the output's end": output[32:],
        "the output's end, padded": bytes(byte ^ 0x36 for byte in output[32:]),
    }


def test_the_caller_s_key_is_the_only_copy_after_an_evaluation():
    if not oprf.lanes() or not Path("/proc/self/mem").exists():
        return
    secrets = secrets_of(int.from_bytes(hashlib.sha512(b"a key for a test").digest(), "little") % ORDER)
    given = {
        "needles": {name: bytes(byte ^ MASK for byte in secret).hex() for name, secret in secrets.items()},
        "tag": TAG.hex(),
        "seal_id": SEAL_ID.hex(),
        "texts": TEXTS,
        "shown": SHOWN,
    }
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    seen, tag = json.loads(done.stdout)
    assert {name: count for name, count in seen.items() if count} == {"key": 1, "what was asked for": 1}
    assert tag == int(derive(np.frombuffer(secrets["output"], np.uint8).reshape(1, 64), SEAL_ID, 2).tags[0])
