r"""Names of members as labels: something to show and to tell them apart by, never a path to open.

>>> Labels(20).label("parts/1.zip", "../\x1b[31mEgypt\u202etxt.exe")
'parts/1.zip/../�[31mEgypt�txt.exe'
>>> Labels(12).label("", "a-very-long-name-indeed.csv")
'a-very-….csv'
>>> Labels(20).label("", "exports/mona@example.org.csv")
'exports/▮▮▮.csv'
"""

from __future__ import annotations

from floodmark.dumps.containers.hidden_names import without_identifiers

LENGTH = 120
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
UNNAMED = "unnamed"
PARTS = 16


class Labels:
    """The labels given out for one file, each once.

    Args:
        length: characters shown of one part of a name.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._given: dict[str, int] = {}

    def label(self, inside: str, name: str) -> str:
        """A label that no other member of the file has.

        Args:
            inside: label of the archive, "" for the file itself.
            name: the member's name as its archive has it.
        """
        parts = [part for part in name.replace("\\", "/").split("/") if part]
        if len(parts) > PARTS:
            parts = [*parts[: PARTS - 2], "…", parts[-1]]
        shown = "/".join(shown_as(part, self._length) for part in parts) or UNNAMED
        label = f"{inside}/{shown}" if inside else shown
        seen = self._given.get(label, 0)
        self._given[label] = seen + 1
        while seen and (other := f"{label} ({seen + 1})") in self._given:
            seen += 1
        if seen:
            self._given[other] = 1
            label = other
        return label


def shown_as(part: str, length: int = LENGTH) -> str:
    """One part of a name as reports and messages show it: printable, without identifiers, of a bounded length."""
    part = without_identifiers("".join(letter if letter.isprintable() else REPLACEMENT for letter in part))
    if len(part) <= length:
        return part
    stem, dot, suffix = part.rpartition(".")
    tail = dot + suffix if stem and len(suffix) <= 8 else ""
    return part[: max(1, length - len(tail) - 1)] + "…" + tail


def decoded(name: bytes, legacy: str = "cp437") -> str:
    """A name as text: UTF-8 where it is that, else in the encoding that old archives mostly have."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode(legacy, errors="replace")
