"""Domain names as `canon 1` writes them: UTS-46, non-transitional, without a trailing dot.

Unicode's tables come from the pinned package `idna`; its IDNA 2008 rules are left out, because UTS-46 and every browser
accept names (emoji, for instance) that IDNA 2008 refuses. CheckHyphens is off as in the WHATWG URL standard;
CheckBidi, CheckJoiners and UseSTD3ASCIIRules are on.

Directions and classes are those of Unicode 14.0: a later character has none, whatever the interpreter knows of it. So
it is no mark, makes no name one from right to left, never moves, and is refused where a rule has to look at it: in a
name that has letters from right to left, and before a joiner.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

import idna

from floodmark.identifiers.characters import is_assigned

LONGEST_LABEL = 63
# The one direction that changed by Unicode 16.0 and can be in a mapped name: an Ahom sign was a mark as U+0300 is.
_DIRECTIONS = {0x1171E: 0x300}


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
        labels = [_label(label) for label in _mapped(domain).split(".")]
        if any(_is_right_to_left(unicode) for unicode, _ in labels):
            for unicode, _ in labels:
                if not all(map(is_assigned, unicode)):
                    raise idna.IDNAError("direction of a later character")
                idna.check_bidi(unicode.translate(_DIRECTIONS), check_ltr=True)
    except ValueError:  # IDNAError and UnicodeError
        return None
    return ".".join(ascii_form for _, ascii_form in labels)


def _label(label: str) -> tuple[str, str]:
    """Unicode and ASCII form of one mapped label; raises where UTS-46 section 4.1 does."""
    if label.startswith("xn--"):
        unicode = label[4:].encode("ascii").decode("punycode")
        if unicode.isascii() or _mapped(unicode) != unicode:
            raise idna.IDNAError("not a form that UTS-46 would have made")
    else:
        unicode = label
    if not unicode or (is_assigned(unicode[0]) and unicodedata.category(unicode[0]).startswith("M")):
        raise idna.IDNAError("empty label or leading mark")
    for position, character in enumerate(unicode):
        if character in "\u200c\u200d" and not _joins(unicode, position):
            raise idna.IDNAError("joiner out of place")
    ascii_form = unicode if unicode.isascii() else "xn--" + unicode.encode("punycode").decode("ascii")
    if len(ascii_form) > LONGEST_LABEL:
        raise idna.IDNAError("label too long")
    return unicode, ascii_form


def _mapped(domain: str) -> str:
    """Mapped by UTS-46 and in NFC, in which a later character stands for itself and parts what is around it."""
    mapped = "".join(idna.uts46_remap(run, std3_rules=True, transitional=False) for run in _runs(domain))
    return "".join(unicodedata.normalize("NFC", run) for run in _runs(mapped))


def _runs(text: str) -> list[str]:
    """Runs of characters of Unicode 14.0, and each later character by itself."""
    if text.isascii():
        return [text]
    runs = [(known, "".join(run)) for known, run in groupby(text, is_assigned)]
    return [part for known, run in runs for part in ([run] if known else run)]


def _joins(label: str, position: int) -> bool:
    return position > 0 and is_assigned(label[position - 1]) and bool(idna.valid_contextj(label, position))


def _is_right_to_left(label: str) -> bool:
    return any(
        unicodedata.bidirectional(character) in {"R", "AL", "AN"} and is_assigned(character)
        for character in label
    )
