"""Lines of the form `key: value`, and the lines that part one record of them from the next."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Parting = Literal["rule", "blank", "first"]

# Marks before a key that are no part of it: `[+] Email: …`, `• Phone: …`, `- name: …`.
MARKS = r"^[\s\-*•·>|+#\[\]()✓►▪✔➤→]*"
DELIMITERS = (":", "：", "=>", "->", "=")
LONGEST_KEY = 60
MOST_KEYS = 500
RULE = r"^\s*(?:[-=_*#~+.─═━—•<>|/\\]{3,}(?:[^:=]{0,60}[-=_*#~+.─═━—•<>|/\\]{3,})?)\s*$"
_RULE = re.compile(RULE)
_KEY = re.compile(r"[^\W\d][\w .,'’()/\-&#№°?]{0,59}")
_KEY_MARKS = re.compile(MARKS)


@dataclass(frozen=True)
class Form:
    """How records of `key: value` lines are written in a text.

    Attributes:
        delimiter: what stands between key and value.
        keys: the keys, in order of first sight, as they are first written.
        parting: what parts records: lines of marks, blank lines, or only that the first key comes again.
        first: the key with which nearly every record begins, or None; where it comes, a record begins in any case.
    """

    delimiter: str
    keys: tuple[str, ...]
    parting: Parting
    first: str | None


@dataclass(frozen=True)
class Looked:
    """What was seen of a text as such lines.

    Attributes:
        form: the form that explains most.
        lines: lines with a key that recurs, of `all` lines that are neither blank nor rules.
        all: these lines.
        spaced: how many of `lines` have a blank before the value.
        records: records that the lines make.
        whole: share of them in which no key comes back after another.
    """

    form: Form
    lines: int
    all: int
    spaced: int
    records: int
    whole: float


def key_of(line: str, delimiter: str) -> str | None:
    """The key of a line, None where it has none.

    >>> key_of("[+] E-mail : a@b.c", ":"), key_of("https://a.b/c", ":"), key_of("no key", ":")
    ('E-mail', None, None)
    """
    before, found, after = line.partition(delimiter)
    if not found or len(before) > LONGEST_KEY or after.startswith("//"):
        return None
    key = _KEY_MARKS.sub("", before).strip()
    return key if _KEY.fullmatch(key) else None


def look(lines: list[str]) -> Looked | None:
    """The form of lines, None where hardly any line has a key that recurs.

    Args:
        lines: the first lines of a text.
    """
    content = [line for line in lines if line.strip() and not _RULE.match(line)]
    best: Looked | None = None
    for delimiter in DELIMITERS:
        found = [key for line in content if (key := key_of(line, delimiter)) is not None]
        if 2 * len(found) < len(content) or not found:
            continue
        spaced = sum(f"{delimiter} " in line for line in content)
        keys = _recurring(found, few=len(content) <= 12)
        if not 2 <= len(keys) <= MOST_KEYS:
            continue
        looked = _parted(lines, (len(content), spaced), delimiter, keys)
        if looked is not None and (best is None or looked.lines > best.lines):
            best = looked
    return best


def _recurring(found: list[str], few: bool) -> list[str]:
    """Keys that come several times, in order of first sight; of a few lines, all."""
    counts = Counter(key.casefold() for key in found)
    first = {key.casefold(): key for key in reversed(found)}
    least = 1 if few else max(2, len(found) // 5000)
    return [first[key] for key in counts if counts[key] >= least]


def _parted(lines: list[str], content: tuple[int, int], delimiter: str, keys: list[str]) -> Looked | None:
    """What parts the records: the way that leaves most of them without a key that comes back."""
    known = {key.casefold() for key in keys}
    tokens: list[str | None] = []
    for line in lines:
        if not line.strip():
            tokens.append("")
        elif _RULE.match(line):
            tokens.append(None)
        elif (key := key_of(line, delimiter)) is not None and key.casefold() in known:
            tokens.append(key.casefold())
    usual = [token for token in tokens if token]
    best: Looked | None = None
    for parting in ("rule", "blank", "first"):
        ends = {"rule": (None,), "blank": (None, ""), "first": ()}[parting]
        blocks = _blocks(tokens, ends)
        begins = Counter(block[0] for block in blocks).most_common(1)
        first = usual[0] if parting == "first" else None
        if parting != "first" and begins and begins[0][1] >= 0.9 * len(blocks) and len(blocks) > 1:
            first = begins[0][0]
        if first is not None:
            blocks = [part for block in blocks for part in _from_first(block, first)]
        if not blocks or (parting != "first" and len(blocks) == 1 < len(usual) - len(set(usual))):
            continue
        whole = sum(_once(block) for block in blocks) / len(blocks)
        shown = next((key for key in keys if key.casefold() == first), None)
        form = Form(delimiter, tuple(keys), parting, shown)
        if best is None or whole > best.whole + 0.02:
            best = Looked(form, len(usual), *content, len(blocks), whole)
    return best


def _blocks(tokens: list[str | None], ends: tuple[str | None, ...]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for token in tokens:
        if token in ends:
            blocks.append([])
        elif token:
            blocks[-1].append(token)
    return [block for block in blocks if block]


def _from_first(block: list[str], first: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for key in block:
        if key == first and parts[-1]:
            parts.append([])
        parts[-1].append(key)
    return parts


def _once(block: list[str]) -> bool:
    """Whether no key comes back after another one; several values of one key may follow each other."""
    runs = [key for key, _ in groupby(block)]
    return len(runs) == len(set(runs))
