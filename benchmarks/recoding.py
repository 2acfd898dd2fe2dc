"""Speed of reading texts of other encodings as UTF-8, beside reading their bytes and beside Python's own decoding.

    python benchmarks/recoding.py [--size MIB]

Made-up people (Faker) over and over, read in pieces of 16 MiB as the reader of dumps does, offsets of each piece asked
for and then forgotten. Python's own is an incremental decoder and encoder, which knows neither damaged lines nor where
anything came from. Processor time of one thread, the best of three. The last line printed is the ratio of ours to
Python's for clean UTF-8.
"""

from __future__ import annotations

import argparse
import codecs
import random
import time
from io import BytesIO

import numpy as np
from people_by_language import people

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.recode import Recoder

PIECE = 16 << 20


def table(locale, codec):
    chance = random.Random(locale)
    firsts, lasts, towns = people(locale)
    lists = (firsts, lasts, towns or lasts)
    rows = (
        f"{number};{';'.join(map(chance.choice, lists))};user{number}@example.org\n"
        for number in range(20_000)
    )
    return "".join(rows).encode(codec, "replace")


def mixed(raw, every):
    """A table of which some lines are in windows-1252."""
    lines = raw.splitlines(keepends=True)
    return b"".join(
        line.decode().encode("cp1252", "replace") if at % every == 0 else line
        for at, line in enumerate(lines)
    )


def cases():
    german = table("de_DE", "utf-8")
    yield "ASCII", "utf-8", table("de_DE", "ascii")
    yield "UTF-8, German", "utf-8", german
    yield "UTF-8, Russian", "utf-8", table("ru_RU", "utf-8")
    yield "UTF-8, Chinese", "utf-8", table("zh_CN", "utf-8")
    yield "UTF-8, a line in 100 windows-1252", "utf-8", mixed(german, 100)
    yield "UTF-8, all mojibake", "utf-8", german.decode("latin-1").encode()
    yield "windows-1252, German", "windows-1252", table("de_DE", "cp1252")
    yield "windows-1251, Russian", "windows-1251", table("ru_RU", "cp1251")
    yield "UTF-16, German", "utf-16-le", table("de_DE", "utf-16-le")
    yield "gb18030, Chinese", "gb18030", table("zh_CN", "gb18030")
    yield "Shift JIS, Japanese", "shift_jis", table("ja_JP", "cp932")


def plain(raw, name):
    source = BytesIO(raw)
    while source.read(PIECE):
        pass


def python(raw, name):
    source = BytesIO(raw)
    decoder = codecs.getincrementaldecoder(code_page(name).codec)("replace")
    while piece := source.read(PIECE):
        decoder.decode(piece).encode()


def ours(raw, name):
    recoder = Recoder(BytesIO(raw).read, Encoding(name, False))
    done = 0
    while piece := recoder.read(PIECE):
        recoder.to_raw(np.array([done, done + len(piece)]))
        recoder.changed(done, done + len(piece))
        done += len(piece)
        recoder.forget(done)


def speed(function, raw, name):
    best = float("inf")
    for _ in range(3):
        begun = time.thread_time()
        function(raw, name)
        best = min(best, time.thread_time() - begun)
    return len(raw) / max(best, 1e-9) / 1e6


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=64, help="MiB of each text")
    size = parser.parse_args().size << 20
    print(f"{'MB/s':36}{'bytes alone':>14}{'Python':>10}{'floodmark':>12}")
    ratio = 0.0
    for title, name, text in cases():
        raw = (text * (size // len(text) + 1))[:size]
        alone, theirs, mine = (speed(function, raw, name) for function in (plain, python, ours))
        print(f"{title:36}{alone:14,.0f}{theirs:10,.0f}{mine:12,.0f}", flush=True)
        if title == "UTF-8, German":
            ratio = mine / theirs
    print(f"{ratio:.2f}")


if __name__ == "__main__":
    main()
