"""How common characters of Chinese, Japanese and Korean are, by the levels of their national standards.

The standards order characters by use: the first level of GB 2312, JIS X 0208 and Big5 holds those that nearly every
text is written with (GB 2312-80; JIS X 0208:1997; Big5, 1984; KS X 1001 for Korean syllables).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# By language: codec of the standard, first and last lead byte of its first level, bits of a character of the first
# level, of another character of the standard, and of any other of the script.
LEVELS = {
    "zh-Hans": ("gb2312", 0xB0, 0xD7, 10.5, 15.0, 19.0),
    "zh-Hant": ("big5", 0xA4, 0xC6, 10.5, 15.0, 19.0),
    "ja": ("euc_jp", 0xB0, 0xCF, 10.5, 15.0, 19.0),
    "ko": ("euc_kr", 0xB0, 0xC8, 9.5, 17.0, 19.0),
}
KANA, HALF_KANA, PUNCTUATION, FOREIGN, ODD, WRONG = 7.0, 9.0, 13.0, 19.0, 22.0, 30.0
RANGES = (
    (0x00A0, 0xFFFF, ODD),
    (0x0370, 0x052F, FOREIGN),
    (0x3000, 0x303F, PUNCTUATION),
    (0x3040, 0x30FF, FOREIGN),
    (0x3400, 0x9FFF, 19.0),
    (0xAC00, 0xD7A3, 19.0),
    (0xFF01, 0xFF5E, PUNCTUATION),
    (0xFF61, 0xFF9F, FOREIGN),
    (0xE000, 0xF8FF, WRONG),
    (0xD800, 0xDFFF, WRONG),
    (0x0080, 0x009F, WRONG),
)


@cache
def bits_of(language: str) -> NDArray[np.float32]:
    """Bits of each character of the basic plane in a language; 0 for ASCII."""
    codec, first, last, usual, rare, rarest = LEVELS[language]
    bits = np.zeros(1 << 16, np.float32)
    for begin, end, cost in RANGES:
        bits[begin : end + 1] = cost
    for code in (*range(0x4E00, 0xA000), *(range(0xAC00, 0xD7A4) if language == "ko" else ())):
        try:
            lead = chr(code).encode(codec)[0]
        except UnicodeEncodeError:
            bits[code] = rarest
        else:
            bits[code] = usual if first <= lead <= last else rare
    if language == "ja":
        bits[0x3040:0x3100] = KANA
        bits[0xFF61:0xFFA0] = HALF_KANA
    return bits
