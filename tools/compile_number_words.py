"""Compile words for thousands, millions and the like (Unicode CLDR, through Babel) into data that is read quickly.

    python tools/compile_number_words.py            # writes src/floodmark/assessment/data/number_words.tsv
    python tools/compile_number_words.py --check    # compiles again and compares, exit code 1 on a difference

CLDR has them in the patterns of compact numbers: `0 Mio'.'` at 1,000,000 of German.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from babel import Locale
from babel.localedata import locale_identifiers

from floodmark.assessment.reading.folding import fold

PATH = Path(__file__).parents[1] / "src/floodmark/assessment/data/number_words.tsv"
LARGEST = 10**12
# A word of one or two letters means too much to be taken from every language, so that these are listed. What is in
# use for counts of accounts stands for itself: `mil` is a thousand in Spanish and a million in English, so it is both.
OWN = {
    1_000: "k rb tsd tys tis td thsd thousands tys tisic mil th",
    100_000: "l lakh lakhs lac lacs lk",
    1_000_000: "m tr mn mio mln mill mills mil mi jt million millions millionen milioane millones milj mll",
    10_000_000: "crore crores cr",
    1_000_000_000: "b bn ty mr mrd mld md mia bi billion billions mlrd",
}


def words() -> dict[str, set[int]]:
    """Numbers that a folded word stands for."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for identifier in locale_identifiers():
        formats = Locale.parse(identifier).compact_decimal_formats
        for width in ("long", "short"):
            for patterns in formats.get(width, {}).values():
                for magnitude, pattern in patterns.items():
                    text = pattern.pattern.split(";")[0]
                    zeros = re.findall("0+", text)
                    word = fold(text.replace("0", ""))
                    scale = int(magnitude) // 10 ** (len(zeros[0]) - 1) if zeros else 0
                    if 1000 <= scale <= LARGEST and _tells(word):
                        found[word].add(scale)
    for scale, listed in OWN.items():
        for word in listed.split():
            found[word] = {scale} | ({1_000, 1_000_000} if word == "mil" else set())
    return dict(found)


def table() -> str:
    lines = ["# Words for powers of ten, from Unicode CLDR; Unicode License v3, (c) Unicode, Inc."]
    lines += [f"{word}\t{' '.join(map(str, sorted(scales)))}" for word, scales in sorted(words().items())]
    return "\n".join(lines) + "\n"


def _tells(word: str) -> bool:
    return bool(word) and (not word.isascii() or len(word) > 2)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PATH.read_text("utf-8") != table() and "number_words.tsv is not what Babel's CLDR gives")
    PATH.write_text(table(), "utf-8")
