"""Repairing mojibake: how many mangled lines come out right, and how many right ones are spoilt, beside ftfy.

    python benchmarks/mojibake.py [--lines N]

Lines of made-up people (Faker's names and towns) in many languages, as they are, in capitals, in quotation marks, and
mangled: UTF-8 read as windows-1252 or ISO 8859-1 and written as UTF-8, once and twice. ftfy is no dependency of ours:
`pip install ftfy` to have it beside. The last line printed is the share of mangled lines that ours repairs over
ftfy's.
"""

from __future__ import annotations

import argparse
import random
import time
from io import BytesIO
from itertools import islice

from people_by_language import LOCALES, people

from floodmark.dumps.encodings import Encoding
from floodmark.dumps.recode import Recoder

try:
    import ftfy
except ImportError:
    ftfy = None

QUOTED = (
    "{}",
    "“{}”",
    "‘{}’",
    "«{}»",
    "„{}“",
    "{}…",
    "{}™",
    "{}®",
    "– {} –",
    "{}’s",
    "{}»",
    "{}”",
    "({})",
    "{}\u00a0:",
    "{}°",
)


def lines(locale, count):
    chance = random.Random(locale)
    firsts, lasts, towns = people(locale)
    for number in range(count * 20):
        cells = [chance.choice(firsts), chance.choice(lasts), chance.choice(towns or lasts)]
        if number % 4 == 1:
            cells = [cell.upper() for cell in cells]
        if not "".join(cells).isascii():
            yield ";".join(chance.choice(QUOTED).format(cell) if number % 4 == 2 else cell for cell in cells)


def mangled(line, codec, times):
    for _ in range(times):
        raw = line.encode()
        if codec == "latin-1":
            line = raw.decode("latin-1")
        else:
            line = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in raw)
    return line


def ours(texts):
    recoder = Recoder(BytesIO("".join(text + "\n" for text in texts).encode()).read, Encoding("utf-8", False))
    parts = []
    while part := recoder.read(1 << 20):
        parts.append(part)
    return b"".join(parts).decode().split("\n")[:-1]


def theirs(texts):
    return [ftfy.fix_encoding(text) for text in texts]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=200, help="of each language")
    options = parser.parse_args()
    right = [line for locale in LOCALES for line in islice(lines(locale, options.lines), options.lines)]
    repairers = {"floodmark": ours} | ({"ftfy": theirs} if ftfy else {})
    shares = {}
    for name, repair in repairers.items():
        begun = time.thread_time()
        spoilt = sum(one != line for one, line in zip(repair(right), right, strict=True))
        good = wrong = total = 0
        for codec in ("windows-1252", "latin-1"):
            for times in (1, 2):
                broken = [mangled(line, codec, times) for line in right]
                repaired = repair(broken)
                got = sum(one == line for one, line in zip(repaired, right, strict=True))
                other = sum(
                    one not in (line, was) for one, line, was in zip(repaired, right, broken, strict=True)
                )
                good, wrong, total = good + got, wrong + other, total + len(right)
                print(
                    f"{name}: {codec} x{times}: {got:,} of {len(right):,} repaired, {other:,} into something else"
                )
        spent = time.thread_time() - begun
        shares[name] = good / total
        print(
            f"{name}: {good / total:.2%} repaired, {spoilt:,} of {len(right):,} right lines spoilt, {spent:.1f} s"
        )
    print(f"{shares['floodmark'] / shares.get('ftfy', 1):.2f}")


if __name__ == "__main__":
    main()
