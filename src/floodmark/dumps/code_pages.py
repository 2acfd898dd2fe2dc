"""The encodings that are read, by the names that IANA has for them, and the codec of each.

Where the name that a text gives itself is of a subset of what software writes under that name, the codec is the
wider one, as in the Encoding Standard of browsers (https://encoding.spec.whatwg.org/#names-and-labels).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from typing import Literal

from floodmark.errors import UnknownEncoding, UsageError

Family = Literal["utf-8", "wide", "single", "double"]

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
DOUBLE = {
    "gb18030": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
SINGLE = {
    **{f"windows-{number}": f"cp{number}" for number in (*range(1250, 1259), 874)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (*range(1, 9), 10, *range(13, 17))},
    **{f"ibm{number}": f"cp{number}" for number in (437, 737, 775, 850, 852, 855, 857, 858, 862, 866)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    "x-mac-ce": "mac-latin2",
    "x-mac-cyrillic": "mac-cyrillic",
    "kz-1048": "kz1048",
}
# Names that mean one of the above, as `codecs.lookup` gives them.
SAME = {
    "ascii": "us-ascii",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "shift_jis": "shift_jis",
    "big5": "big5",
} | {
    "euc_kr": "euc-kr",
    "iso8859-11": "windows-874",
    "iso8859-9": "windows-1254",
    "tis-620": "windows-874",
    "utf-8-sig": "utf-8",
}


@dataclass(frozen=True)
class CodePage:
    """One encoding that is read.

    Attributes:
        name: its IANA name, in lower case.
        codec: what Python calls it.
        family: how many bytes a character has: one (`single`), one or more (`double`), two or four (`wide`).
    """

    name: str
    codec: str
    family: Family


@cache
def code_page(name: str) -> CodePage:
    """The encoding of a name, in IANA's or in Python's spelling.

    Raises:
        UsageError: there is no such encoding.
        UnknownEncoding: there is, and it is not read.

    Examples:
        >>> code_page("windows-1252").codec, code_page("CP1252").name, code_page("gbk").name
        ('cp1252', 'windows-1252', 'gb18030')
    """
    key = name.strip().lower().replace("_", "-")
    known = _known()
    if key in known:
        return known[key]
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise UsageError("There is no such encoding", "Use its usual name, such as utf-8.") from error
    if (page := known.get(found.replace("_", "-"))) is None:
        raise UnknownEncoding(f"Text in {found} is not read")
    return page


@cache
def _known() -> dict[str, CodePage]:
    """Encodings by every name that they go by here, with hyphens."""
    pages = [CodePage("utf-8", "utf-8", "utf-8"), CodePage("us-ascii", "utf-8", "utf-8")]
    pages += [CodePage(name, name, "wide") for name in WIDE]
    pages += [CodePage(name, codec, "single") for name, codec in SINGLE.items()]
    pages += [CodePage(name, codec, "double") for name, codec in DOUBLE.items()]
    names = {page.name.replace("_", "-"): page for page in pages}
    names |= {codecs.lookup(page.codec).name.replace("_", "-"): page for page in reversed(pages)}
    return names | {other.replace("_", "-"): names[name.replace("_", "-")] for other, name in SAME.items()}


def decoded(data: bytes, page: CodePage) -> str:
    """The text of some bytes; a lone surrogate stands for each byte that has no meaning."""
    if page.family == "single":
        return codecs.charmap_decode(data, "strict", _characters(page.codec))[0]
    return data.decode(page.codec, "floodmark-undecodable")


@cache
def _characters(codec: str) -> str:
    return bytes(range(256)).decode(codec, "floodmark-undecodable")


def _undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        return "\udcff", error.end
    # One byte at a time, so that no line end is lost with it.
    return "\udcff", error.start + 1


codecs.register_error("floodmark-undecodable", _undecodable)
