"""What a JSON text is made of, from its beginning: which container's members are the records."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.kinds.json_rules import Nesting
from floodmark.dumps.kinds.json_tokens import (
    BRACE,
    BRACKET,
    CLOSING,
    COMMA,
    END_BRACE,
    END_BRACKET,
    OPENING,
    STEPS,
    Tokens,
    tokens,
)

# A callback or an assignment around the text, a byte order mark of another text, comments.
PREFIX = re.compile(
    rb"(?:\s|\xef\xbb\xbf|\x1e|//[^\n]*\n|#[^\n]*\n|/\*(?:[^*]|\*(?!/))*+\*/|\)\]\}',?"
    rb"|(?:(?:var|let|const|window\.)\s*)?[A-Za-z_$][\w$.]{0,80}\s*(?:=\s*|\())*+(?=[\[{])"
)
LEVELS = 8
KEPT = 200  # children of a container that are looked at
ALIKE = 0.6
BULK = 0.8
FAR_MORE = 5


@dataclass
class Node:
    """A value of the sample.

    Attributes:
        mark: `BRACE`, `BRACKET`, or `OPENING` for any scalar.
        key: its key in an object.
        start: offset of its first byte.
        size: bytes of it, as far as the sample goes.
        keys: keys of an object, the first few.
        children: its members, the first few; of scalars only their number is kept.
        scalars: scalar members.
    """

    mark: int
    key: str = ""
    start: int = 0
    size: int = 0
    keys: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    scalars: int = 0


@dataclass(frozen=True)
class Outline:
    """Where the records of a text are.

    Attributes:
        level: brackets around a record; 0 where the text is one value after the other.
        stack: those brackets, outermost first.
        path: keys on the way to the records, as far as they are names.
        records: records of the sample that are whole.
        first_key: key that nearly all records begin with, or None.
        whole: whether the sample has no damage.
    """

    level: int
    stack: bytes
    path: tuple[str, ...]
    records: int
    first_key: str | None
    whole: bool


def prefix_of(head: bytes) -> int | None:
    """Bytes before the first bracket, or None where something else than JSON stands there.

    >>> prefix_of(b'var users = [{"id":1}]'), prefix_of(b"callback({})"), prefix_of(b"id,name")
    (12, 9, None)
    """
    found = PREFIX.match(head[: 1 << 16])
    return found.end() if found else None


def outline_of(head: bytes) -> Outline | None:
    """Outline of a text whose first bytes these are, from its first bracket on; None where it is no JSON."""
    found = tokens(head)
    fault = Nesting().take(found.kinds).fault
    if fault is not None and fault < 3:
        return None
    root = _tree(head, found, fault if fault is not None else len(found.kinds))
    tops = [child for child in root.children if child.mark != OPENING]
    if not tops:
        return None
    if len(root.children) > 1 or not (way := _way(tops[0])):
        return Outline(0, b"", (), len(root.children), _first_key(root), fault is None)
    last = way[-1]
    stack = bytes(node.mark for node in way)
    path = tuple(node.key for node in way if node.key)
    return Outline(len(way), stack, path, len(last.children) + last.scalars, _first_key(last), fault is None)


def _tree(head: bytes, found: Tokens, count: int) -> Node:
    root = Node(BRACKET)
    stack = [root]
    key = ""
    shallow = _shallow(found.kinds[:count])
    kinds, places = found.kinds[shallow].tolist(), found.places[shallow].tolist()
    count = len(kinds)
    for number, (kind, at) in enumerate(zip(kinds, places, strict=True)):
        top = stack[-1]
        if kind in (BRACE, BRACKET):
            node = Node(kind, key if top.mark == BRACE else "", at)
            if len(top.children) < KEPT and len(stack) <= LEVELS:
                top.children.append(node)
            stack.append(node)
            key = ""
        elif kind in (END_BRACE, END_BRACKET):
            if len(stack) > 1:
                top.size = at + 1 - top.start
                _count_scalar(top, kinds, number)
                stack.pop()
        elif kind == COMMA:
            _count_scalar(top, kinds, number)
        elif kind == CLOSING and number + 1 < count and kinds[number + 1] == ord(":") and top.mark == BRACE:
            key = head[places[number - 1] + 1 : at].decode("utf-8", "replace")
            if len(top.keys) < KEPT:
                top.keys.append(key)
    for node in stack[1:]:
        node.size = len(head) - node.start
    return root


def _shallow(kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Numbers of the marks that are no deeper than what is looked at."""
    steps = STEPS[kinds]
    depths = np.cumsum(steps, dtype=np.int64) + (steps < 0)
    return np.flatnonzero(depths <= LEVELS + 2)


def _count_scalar(top: Node, kinds: list[int], number: int) -> None:
    """Count the member that ends here if it is no container."""
    if number and kinds[number - 1] not in (END_BRACE, END_BRACKET, BRACE):
        top.scalars += 1


def _way(root: Node) -> list[Node]:
    """Containers from the root to that whose members are the records; empty where the root is the record."""
    way: list[Node] = []
    node = root
    while True:
        way.append(node)
        inner = [child for child in node.children if child.mark != OPENING]
        biggest = max(inner, key=lambda child: child.size, default=None)
        if _holds_records(node, inner) and not (biggest and _is_envelope(node, biggest)):
            return way
        if biggest is None or len(way) >= LEVELS:
            break
        node = biggest
    # Nothing repeats: the innermost list that is an object's only content, or the text is one record.
    while way and way[-1].mark != BRACKET:
        way.pop()
    if way and (way[-1].children or (way[-1].scalars > 2 and way[-1].size > root.size / 2)):
        return way
    return []


def _holds_records(node: Node, inner: list[Node]) -> bool:
    """Whether members of a container are alike enough to be records."""
    if node.mark == BRACKET:
        return len(inner) + node.scalars > 1
    objects = [child for child in inner if child.mark == BRACE]
    if len(objects) < 2 or len(objects) < len(inner) + node.scalars - len(objects):
        return False
    counts = Counter(key for child in objects for key in set(child.keys))
    return bool(counts) and max(counts.values()) >= ALIKE * len(objects)


def _is_envelope(node: Node, biggest: Node) -> bool:
    """Whether nearly all of a container is one member that has far more members within itself."""
    return biggest.size > BULK * node.size and _most(biggest) > FAR_MORE * len(node.children)


def _most(node: Node) -> int:
    """Most objects and lists that a container has within a value, to its whole depth (at most `LEVELS`)."""
    return max([len(node.children), *(_most(child) for child in node.children)])


def _first_key(node: Node) -> str | None:
    firsts = Counter(child.keys[0] for child in node.children if child.keys)
    if not firsts:
        return None
    key, count = firsts.most_common(1)[0]
    return key if count >= 0.9 * sum(firsts.values()) else None
