r"""Files put together from several in different older encodings: which lines are in which.

Every line costs so many bits in each encoding (`legacy`). In files of one encoding, no other reads any line much
cheaper than that one does; where another reads many lines very much cheaper, they are in that other.

>>> text = "Иванова;Новосибирск\n".encode("cp1251") * 20 + "Παπαδόπουλος;Θεσσαλονίκη\n".encode("cp1253") * 30
>>> found = mixture(text, "windows-1253")
>>> found.main, found.others, found.share
('windows-1253', ('windows-1251',), 0.6)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.legacy import LONGEST, NOISE, SINGLE, bits_by_line, words_beyond_ascii
from floodmark.dumps.utf8_lines import Offsets, line_edges

LOOKED_AT = 1000  # lines
MOST_WORDS = 20  # of a line
# Bits by which another encoding has to be cheaper: for all of a line, and for each byte that is not ASCII. In tables in
# one encoding no line has another that is (benchmarks/encoding_detection.py, 1,000 lines of each pair).
CLEARLY, CLEARLY_EACH = 15.0, 1.5
LIKE_WORDS = 12.0  # bits of each such byte, at most
SEVERAL = 5  # lines that have to be clearly in it
SHARE = 0.02
MOST = 4
# Bits for a line once it is known that some lines are in another encoding.
RATHER, RATHER_EACH = 8.0, 1.0
NOT_ALONE = 20.0  # bits of each byte of a line, above which even the cheapest of its readings is none
RARER = {name: rarer for name, _, rarer in SINGLE}


@dataclass(frozen=True)
class Mixture:
    """Encodings of a text.

    Attributes:
        main: the encoding of most lines.
        others: those of the rest; none in most files.
        share: of the lines that read best in the first.
    """

    main: str
    others: tuple[str, ...]
    share: float


def mixture(text: bytes, main: str) -> Mixture:
    """Which encodings the lines of a text are in.

    Args:
        text: lines that are not UTF-8.
        main: the encoding that all of them together are likeliest in.
    """
    if main not in RARER:
        return Mixture(main, (), 1.0)
    data, edges = _words(text)
    high = _high(data, edges)
    bits = {name: bits_by_line(data, edges, name, b"\n") * high + rarer for name, rarer in RARER.items()}
    others: list[str] = []
    first = main
    moved = np.zeros(len(high), np.bool_)
    for _ in range(MOST):
        found, clear = _clearest(bits, bits[main], high, moved)
        if clear.sum() < max(SEVERAL, SHARE * len(high)):
            break
        others.append(found)
        moved |= clear
        # What is left may speak for another encoding than all did together.
        left = {name: float(costs[~moved].sum()) for name, costs in bits.items()}
        best = min(left, key=left.__getitem__)
        if best not in others and left[main] - left[best] > CLEARLY and (~moved).any():
            main = best
    if not others:
        return Mixture(first, (), 1.0)
    names = _needed(bits, list(dict.fromkeys([main, *others])), high)
    best = np.argmin([bits[name] for name in names], axis=0)
    counts = np.bincount(best, minlength=len(names))
    order = [names[place] for place in np.argsort(-counts, kind="stable").tolist()]
    return Mixture(order[0], tuple(order[1:]), round(float(counts.max() / counts.sum()), 4))


def by_line(data: bytes, edges: Offsets, names: tuple[str, ...], end: bytes) -> NDArray[np.uint8]:
    """Which of some encodings each line is in, by their places; their number for a line that is in none clearly.

    Args:
        data: lines that are not ASCII.
        edges: where they begin, and last where the data ends.
        names: encodings; the first has the lines that read as words in it and not much better in another.
        end: the byte that ends lines.
    """
    high = np.maximum(_high(data, edges), 1)
    bits = np.stack([bits_by_line(data, edges, name, end) for name in names])
    best, least = np.argmin(bits, axis=0), bits.min(axis=0)
    gain = bits[0] - least
    rather = (gain * high > RATHER) & (gain > RATHER_EACH) & (least < NOT_ALONE)
    first = (bits[0] < NOISE) | (best == 0) & (least < NOT_ALONE)
    return np.where(rather, best, np.where(first, 0, len(names))).astype(np.uint8)


def _needed(bits: dict[str, NDArray[np.float64]], names: list[str], high: NDArray[np.int64]) -> list[str]:
    """Those of several encodings without which some lines would read clearly worse."""
    while len(names) > 1:
        losses: dict[str, float] = {}
        for name in names:
            loss = np.min([bits[other] for other in names if other != name], axis=0) - bits[name]
            if ((loss > CLEARLY) & (bits[name] < LIKE_WORDS * high)).sum() < SEVERAL:
                losses[name] = float(np.maximum(loss, 0).sum())
        if not losses:
            break
        names = [name for name in names if name != min(losses, key=losses.__getitem__)]
    return names


def _clear(
    main: NDArray[np.float64], costs: NDArray[np.float64], high: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which lines are clearly not in the first encoding, but in the second, by their bits in both."""
    gain = main - costs
    return np.asarray((gain > CLEARLY) & (gain > CLEARLY_EACH * high) & (costs < LIKE_WORDS * high), np.bool_)


def _clearest(
    bits: dict[str, NDArray[np.float64]],
    main: NDArray[np.float64],
    high: NDArray[np.int64],
    moved: NDArray[np.bool_],
) -> tuple[str, NDArray[np.bool_]]:
    """The encoding that saves most, of lines that are clearly in it, and these lines."""
    best, most, lines = "", 0.0, np.zeros(len(high), np.bool_)
    for name, costs in bits.items():
        clear = _clear(main, costs, high) & ~moved
        if (saved := float((main - costs)[clear].sum())) > most:
            best, most, lines = name, saved, clear
    return best, lines


def _words(text: bytes) -> tuple[bytes, Offsets]:
    """What is not ASCII of some lines from all over a text, a line each."""
    edges = line_edges(text)
    count = len(edges) - 1
    places = np.unique(np.linspace(0, count, min(count, LOOKED_AT), endpoint=False).astype(np.int64)).tolist()
    lines = []
    for at in places:
        line = text[int(edges[at]) : min(int(edges[at + 1]), int(edges[at]) + MOST_WORDS * LONGEST)]
        lines.append(b" ".join(word[:LONGEST] for word in words_beyond_ascii(line)[:MOST_WORDS]) + b"\n")
    data = b"".join(line for line in lines if len(line) > 1) or b"\n"
    return data, line_edges(data)


def _high(data: bytes, edges: Offsets) -> NDArray[np.int64]:
    """How many bytes of each line are not ASCII."""
    return np.add.reduceat(np.frombuffer(data, np.uint8) >= 0x80, edges[:-1], dtype=np.int64)
