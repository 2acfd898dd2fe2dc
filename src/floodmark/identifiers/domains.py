"""Domain names as `canon 1` writes them: UTS-46, non-transitional, without a trailing dot.

Unicode's tables come from the pinned package `idna`; its IDNA 2008 rules are left out, because UTS-46 and every browser
accept names (emoji, for instance) that IDNA 2008 refuses. CheckHyphens is off as in the WHATWG URL standard;
CheckBidi, CheckJoiners and UseSTD3ASCIIRules are on.
"""

from __future__ import annotations

import unicodedata

import idna

LONGEST_LABEL = 63


def to_ascii(domain: str) -> str | None:
    """UTS-46 ToASCII of one domain.

    Args:
        domain: text after the `@`, in any case and script, or with `xn--` labels.

    Returns:
        The lower-case ASCII form, or None when UTS-46 calls the name invalid.

    Examples:
        >>> to_ascii("Bücher.Example"), to_ascii("faß.example"), to_ascii("xn--a.example")
        ('xn--bcher-kva.example', 'xn--fa-hia.example', None)
    """
    try:
        mapped = idna.uts46_remap(domain, std3_rules=True, transitional=False)
        labels = [_label(label) for label in mapped.split(".")]
        if any(_is_right_to_left(unicode) for unicode, _ in labels):
            for unicode, _ in labels:
                idna.check_bidi(unicode, check_ltr=True)
    except (
        ValueError
    ):  # IDNAError, UnicodeError, and that of `unicodedata` where a character before a joiner has no name
        return None
    return ".".join(ascii_form for _, ascii_form in labels)


def _label(label: str) -> tuple[str, str]:
    """Unicode and ASCII form of one mapped label; raises where UTS-46 section 4.1 does."""
    if label.startswith("xn--"):
        unicode = label[4:].encode("ascii").decode("punycode")
        if unicode.isascii() or idna.uts46_remap(unicode, std3_rules=True, transitional=False) != unicode:
            raise idna.IDNAError("not a form that UTS-46 would have made")
    else:
        unicode = label
    if not unicode or unicodedata.category(unicode[0]).startswith("M"):
        raise idna.IDNAError("empty label or leading mark")
    for position, character in enumerate(unicode):
        if character in "\u200c\u200d" and not idna.valid_contextj(unicode, position):
            raise idna.IDNAError("joiner out of place")
    ascii_form = unicode if unicode.isascii() else "xn--" + unicode.encode("punycode").decode("ascii")
    if len(ascii_form) > LONGEST_LABEL:
        raise idna.IDNAError("label too long")
    return unicode, ascii_form


def _is_right_to_left(label: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in label)
