"""The ways to make UTF-8 of a line: as it is, decoded from another encoding, or repaired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.code_pages import CodePage, code_page, decoded
from floodmark.dumps.measures import Measure, measure_of
from floodmark.dumps.utf8_lines import TURN, Offsets, kept, line_edges, line_end


@dataclass(frozen=True)
class Way:
    """One way.

    Attributes:
        convert: UTF-8 of whole lines, with as many line ends as there were; bytes without a meaning become
            surrogates, which no reader takes for UTF-8. None where lines stay as they are.
        measure: sizes that the characters had before.
        reason: why such lines count as repaired; empty where they do not.
    """

    convert: Callable[[bytes], bytes] | None = None
    measure: Measure | None = None
    reason: str = ""


AS_IT_IS = Way()
AS_UTF8 = Way(reason="decoded-as-utf-8")


def decoding(page: CodePage, reason: str = "") -> Way:
    """The way of lines in another encoding than UTF-8."""
    return Way(lambda data: decoded(data, page).encode("utf-8", "surrogatepass"), measure_of(page), reason)


def stray(name: str) -> Way:
    """The way of single lines in another encoding than their file."""
    page = code_page(name)
    return decoding(page, f"decoded-as-{page.name}")


def in_ways(
    data: bytes, edges: Offsets, ways: NDArray[np.uint8], known: Sequence[Way]
) -> tuple[bytes, Offsets]:
    """Each line of a block in its own way; as many passes as there are ways, however they take turns.

    Args:
        data: the block.
        edges: where its lines begin, and last where it ends.
        ways: number of each line's way.
        known: the ways.

    Returns:
        The UTF-8, and the edges of the lines in it.
    """
    end = line_end(data)
    used = np.flatnonzero(np.bincount(ways, minlength=len(known))).tolist()
    if len(used) == 1:
        text = _converted(data, known[used[0]])
        return text, line_edges(text, end)
    sizes = np.diff(edges)
    texts = {}
    for number in used:
        which = ways == number
        lines, _ = kept(data, edges, which)
        texts[number] = _converted(lines, known[number])
        if known[number].convert is not None:
            sizes[which] = np.diff(line_edges(texts[number], end))
    return _woven(texts, ways, sizes), np.concatenate([[0], np.cumsum(sizes)])


def _woven(texts: dict[int, bytes], ways: NDArray[np.uint8], sizes: Offsets) -> bytes:
    """Lines of several texts in their order: of which text each is, and its size."""
    turns = np.flatnonzero(np.diff(ways, prepend=255))
    if len(turns) * TURN < sum(map(len, texts.values())):
        parts, at = [], dict.fromkeys(texts, 0)
        runs = zip(ways[turns].tolist(), np.add.reduceat(sizes, turns).tolist(), strict=True)
        for number, size in runs:
            parts.append(texts[number][at[number] : at[number] + size])
            at[number] += size
        return b"".join(parts)
    of_byte = np.repeat(ways, sizes)
    woven = np.empty(len(of_byte), np.uint8)
    for number, text in texts.items():
        woven[of_byte == number] = np.frombuffer(text, np.uint8)
    return woven.tobytes()


def _converted(data: bytes, way: Way) -> bytes:
    return data if way.convert is None else way.convert(data)
