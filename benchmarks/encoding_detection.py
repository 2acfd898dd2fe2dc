"""Telling encodings: how often the letters come out right, beside charset-normalizer and chardet.

    python benchmarks/encoding_detection.py [--seeds N]

Tables of made-up people (Faker's names and towns; numbers, dates and ASCII addresses around them) in pairs of a
language and an encoding, cut after 50, 500 and 5,000 lines that are not ASCII. Right is whoever names an encoding in
which these lines read as they were written. chardet is no dependency of ours: `pip install chardet` to have it beside.
The last line printed is the share that ours gets right over that of the best other.
"""

from __future__ import annotations

import argparse
import random
import time
import unicodedata
from collections import defaultdict

from charset_normalizer import from_bytes
from people_by_language import people

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.encodings import encoding_of
from floodmark.errors import FloodmarkError

try:
    import chardet
except ImportError:
    chardet = None

PAIRS = """
de_DE windows-1252|ibm850|macintosh   fr_FR windows-1252|iso-8859-15|macintosh|ibm850   es_ES windows-1252|ibm850
pt_BR windows-1252|ibm850|macintosh   sv_SE windows-1252   da_DK windows-1252|ibm850   fi_FI windows-1252
no_NO windows-1252   it_IT windows-1252   is_IS windows-1252   nl_NL windows-1252   et_EE windows-1257|windows-1252
pl_PL windows-1250|iso-8859-2|ibm852   cs_CZ windows-1250|iso-8859-2|ibm852   sk_SK windows-1250|iso-8859-2
hu_HU windows-1250|iso-8859-2|ibm852   ro_RO windows-1250   hr_HR windows-1250|iso-8859-2
sl_SI windows-1250|iso-8859-2   tr_TR windows-1254|ibm857   az_AZ windows-1254   lt_LT windows-1257|iso-8859-13
lv_LV windows-1257|iso-8859-13|iso-8859-4   ru_RU windows-1251|koi8-r|ibm866|iso-8859-5|x-mac-cyrillic
uk_UA windows-1251|koi8-u|iso-8859-5   bg_BG windows-1251|iso-8859-5   mk_MK windows-1251
el_GR windows-1253|iso-8859-7   he_IL windows-1255|ibm862   ar_SA windows-1256|iso-8859-6   fa_IR windows-1256
th_TH windows-874   vi_VN windows-1258   zh_CN gb18030   zh_TW big5|gb18030   ja_JP shift_jis|euc-jp   ko_KR euc-kr
"""


def pairs():
    words = PAIRS.split()
    return [(words[at], name) for at in range(0, len(words), 2) for name in words[at + 1].split("|")]


def vietnamese(text):
    """Letters as Windows has them: tones as characters of their own, everything else in one."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        kept = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out.append(kept + "".join(part for part in parts if part in tones))
    return "".join(out)


def table(locale, name, size, seed):
    """A table in an encoding, with so many lines that are not ASCII."""
    chance = random.Random(f"{locale} {name} {size} {seed}")
    codec = code_page(name).codec
    firsts, lasts, towns = people(locale)
    mark = chance.choice(";,\t|:")
    order = chance.sample(range(6), 6)
    shape = chance.choice((str, str, str, str.upper))
    lines, high, tries = [], 0, 0
    while high < size and tries < 200 * size:
        tries += 1
        cells = [
            shape(chance.choice(firsts)),
            shape(chance.choice(lasts)),
            shape(chance.choice(towns)) if towns else "",
            f"+{chance.randrange(10**10, 10**11)}",
            f"user{chance.randrange(10**6)}@example.org",
            f"{chance.randrange(1950, 2005)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        ]
        line = mark.join(cells[at] for at in order)
        if name == "windows-1258":
            line = vietnamese(line)
        try:
            raw = line.encode(codec)
        except UnicodeEncodeError:
            continue
        high += not raw.isascii()
        lines.append(line)
    return "\n".join(lines) + "\n", codec


def ours(raw):
    try:
        return encoding_of(raw).name
    except FloodmarkError:
        return None


def normalizer(raw):
    best = from_bytes(raw).best()
    return best and best.encoding


def other(raw):
    return chardet.detect(raw)["encoding"]


def reads(raw, text, name):
    if not name:
        return False
    try:
        codec = code_page(name).codec
    except FloodmarkError:
        codec = name
    try:
        return raw.decode(codec) == text
    except (UnicodeDecodeError, LookupError):
        return False


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--sizes", default="50,500,5000")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    tellers = {"floodmark": ours, "charset-normalizer": normalizer} | ({"chardet": other} if chardet else {})
    tellers = {name: teller for name, teller in tellers.items() if options.only in name}
    right = defaultdict(int)
    spent = defaultdict(float)
    asked = defaultdict(int)
    print(f"{'':24}" + "".join(f"{name:>30}" for name in tellers))
    for locale, name in pairs():
        row, wrong = [], []
        for teller_name, teller in tellers.items():
            counts = []
            for size in sizes:
                good = 0
                for seed in range(options.seeds):
                    text, codec = table(locale, name, size, seed)
                    raw = text.encode(codec)
                    begun = time.perf_counter()
                    found = teller(raw)
                    spent[teller_name] += time.perf_counter() - begun
                    asked[teller_name, size] += 1
                    good += reads(raw, text, found)
                    if not reads(raw, text, found):
                        wrong.append(f"{size}:{found}")
                right[teller_name, size] += good
                counts.append(good)
            row.append("/".join(map(str, counts)))
        said = " ".join(wrong) if options.only else ""
        print(f"{locale + ' ' + name:24}" + "".join(f"{cell:>30}" for cell in row), said, flush=True)
    shares = {}
    for teller in tellers:
        by_size = [right[teller, size] / asked[teller, size] for size in sizes]
        shares[teller] = sum(by_size) / len(by_size)
        total = sum(asked[teller, size] for size in sizes)
        listed_shares = " ".join(f"{size}: {share:.1%}" for size, share in zip(sizes, by_size, strict=True))
        print(
            f"{teller}: {listed_shares}, all: {shares[teller]:.1%}, {spent[teller] / total * 1000:.0f} ms each"
        )
    best = max((share for name, share in shares.items() if name != "floodmark"), default=1)
    print(f"{shares.get('floodmark', 0) / best:.2f}")


if __name__ == "__main__":
    main()
