"""Regular expressions of numbering plans, matched against many digit strings at once.

libphonenumber's patterns are finite languages over ten digits. A `Cube` is the set of all digit strings that
share known first digits and have the same number of free digits after them. A question about a cube either has
one answer for all its strings or raises `Undetermined`, and then the caller asks about its ten sub-cubes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache

ANY = frozenset("0123456789")


class Undetermined(Exception):
    """The strings of the cube disagree, or may disagree, on the answer."""


@dataclass(frozen=True)
class Cube:
    """All digit strings that start with `known` and go on with `free` digits of any value."""

    known: str
    free: int

    def __len__(self) -> int:
        return len(self.known) + self.free

    def after(self, cut: int) -> Cube:
        """The strings without their first `cut` digits, which have to be known."""
        if cut > len(self.known):
            raise Undetermined
        return Cube(self.known[cut:], self.free)


@dataclass(frozen=True)
class Node:
    """Node of a parsed pattern; `kind` is set, cat, alt, repeat, group or end."""

    kind: str
    parts: tuple[Node, ...] = ()
    digits: frozenset[str] = ANY
    low: int = 1
    high: int = 1
    index: int = 0


@cache
def parse_pattern(text: str) -> tuple[Node, int]:
    """Parse the subset of regular expressions that the metadata uses; the node and its number of groups."""
    reader = _Reader(text)
    node = reader.alternatives()
    if reader.at != len(text):
        raise ValueError(f"cannot parse {text!r} at {reader.at}")
    return node, reader.groups


@dataclass
class _Reader:
    text: str
    at: int = 0
    groups: int = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        if found:
            self.at += len(expected)
        return found

    def alternatives(self) -> Node:
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Node("alt", tuple(branches))

    def sequence(self) -> Node:
        parts = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return Node("cat", tuple(parts))

    def atom(self) -> Node:
        if self.take("(?:"):
            inner = self.alternatives()
        elif self.take("("):
            self.groups += 1
            index = self.groups
            inner = Node("group", (self.alternatives(),), index=index)
        elif self.take("["):
            return self.digit_class()
        elif self.take("\\d"):
            return Node("set")
        elif self.take("$"):
            return Node("end")
        elif self.peek() in ANY:
            self.at += 1
            return Node("set", digits=frozenset(self.text[self.at - 1]))
        else:
            raise ValueError(f"cannot parse {self.text!r} at {self.at}")
        if not self.take(")"):
            raise ValueError(f"unclosed group in {self.text!r}")
        return inner

    def digit_class(self) -> Node:
        end = self.text.index("]", self.at)
        body, self.at = self.text[self.at : end], end + 1
        digits: set[str] = set()
        while body:
            last = body[2] if body[1:2] == "-" else body[0]
            digits.update(str(digit) for digit in range(int(body[0]), int(last) + 1))
            body = body[3:] if body[1:2] == "-" else body[1:]
        return Node("set", digits=frozenset(digits))

    def repeated(self, node: Node) -> Node:
        if self.take("?"):
            return Node("repeat", (node,), low=0, high=1)
        if self.take("{"):
            end = self.text.index("}", self.at)
            low, _, high = self.text[self.at : end].partition(",")
            self.at = end + 1
            return Node("repeat", (node,), low=int(low), high=int(high or low))
        return node


@dataclass(frozen=True)
class Match:
    """What `re.match` found: end of the match and the span of every group (None where it took no part)."""

    end: int
    spans: tuple[tuple[int, int] | None, ...]


def match_start(pattern: str, cube: Cube) -> Match | None:
    """`re.match(pattern, …)` for all strings of the cube, with the same preference among alternatives."""
    # More digits than the pattern can look at make no difference, so answers are shared between numbers and lengths.
    seen = _width(pattern) + 1
    known = cube.known[:seen]
    match = _match_start(pattern, Cube(known, min(cube.free, seen - len(known))))
    if isinstance(match, Undetermined):
        raise Undetermined
    return match


@cache
def _match_start(pattern: str, cube: Cube) -> Match | Undetermined | None:
    node, groups = parse_pattern(pattern)
    try:
        for end, spans in _ways(node, cube, 0, (None,) * groups):
            return Match(end, spans)
    except Undetermined as doubt:
        return doubt
    return None


@cache
def _width(pattern: str) -> int:
    def widest(node: Node) -> int:
        if node.kind == "alt":
            return max(map(widest, node.parts))
        if node.kind == "set":
            return 1
        return sum(map(widest, node.parts)) * node.high

    return widest(parse_pattern(pattern)[0])


Spans = tuple[tuple[int, int] | None, ...]


def _ways(node: Node, cube: Cube, at: int, spans: Spans) -> Iterator[tuple[int, Spans]]:
    if node.kind == "set":
        if at < len(cube) and _takes(node, cube, at):
            yield at + 1, spans
    elif node.kind == "end":
        if at == len(cube):
            yield at, spans
    elif node.kind == "alt":
        for part in node.parts:
            yield from _ways(part, cube, at, spans)
    elif node.kind == "cat":
        yield from _ways_in_turn(node.parts, cube, at, spans)
    elif node.kind == "group":
        for end, inner in _ways(node.parts[0], cube, at, spans):
            yield end, (*inner[: node.index - 1], (at, end), *inner[node.index :])
    elif node.kind == "repeat":
        for count in range(node.high, node.low - 1, -1):
            yield from _ways_in_turn(node.parts * count, cube, at, spans)


def _ways_in_turn(parts: tuple[Node, ...], cube: Cube, at: int, spans: Spans) -> Iterator[tuple[int, Spans]]:
    if not parts:
        yield at, spans
        return
    for middle, inner in _ways(parts[0], cube, at, spans):
        yield from _ways_in_turn(parts[1:], cube, middle, inner)


def _takes(node: Node, cube: Cube, at: int) -> bool:
    if at < len(cube.known):
        return cube.known[at] in node.digits
    if node.digits != ANY:
        raise Undetermined
    return True


@dataclass
class Automaton:
    """Many tagged patterns matched in full at once, by subsets of positions made as they are met.

    Attributes:
        edges: for each position, where each digit leads.
        silent: for each position, where it leads without a digit.
        tags: positions at which a pattern is complete, with the pattern's tag.
    """

    edges: list[list[tuple[frozenset[str], int]]] = field(default_factory=lambda: [[]])
    silent: list[list[int]] = field(default_factory=lambda: [[]])
    tags: dict[int, Hashable] = field(default_factory=dict)
    _states: dict[frozenset[int], int] = field(default_factory=dict)
    _members: list[frozenset[int]] = field(default_factory=list)
    _next: list[list[int]] = field(default_factory=list)
    _reached: dict[str, int] = field(default_factory=dict)
    _settled: dict[Hashable, Hashable] = field(default_factory=dict)

    def add(self, tag: Hashable, pattern: str, prefix: bool = False) -> None:
        """Add a pattern before the first question; with `prefix`, whatever follows a match is accepted too."""
        end = self._build(parse_pattern(pattern)[0], 0)
        if prefix:
            loop = self._position()
            self.silent[end].append(loop)
            self.edges[loop].append((ANY, loop))
            end = loop
        self.tags[end] = tag

    def settled(
        self, cube: Cube, name: Hashable, judge: Callable[[frozenset[Hashable]], Hashable]
    ) -> Hashable:
        """What `judge` says of the tags that match, when it says the same of every string of the cube.

        Args:
            cube: the strings.
            name: stands for the judge in the memory of answers.
            judge: from the tags of the patterns that match a string in full to an answer.
        """
        answer = self._settle(self._after(cube.known), cube.free, name, judge)
        if answer is Undetermined:
            raise Undetermined
        return answer

    def _position(self) -> int:
        self.edges.append([])
        self.silent.append([])
        return len(self.edges) - 1

    def _build(self, node: Node, start: int) -> int:
        if node.kind == "set":
            end = self._position()
            self.edges[start].append((node.digits, end))
            return end
        if node.kind == "alt":
            ends = [self._build(part, start) for part in node.parts]
            end = self._position()
            for one in ends:
                self.silent[one].append(end)
            return end
        if node.kind in ("cat", "group"):
            for part in node.parts:
                start = self._build(part, start)
            return start
        if node.kind == "repeat":
            stops = [start] if node.low == 0 else []
            for count in range(1, node.high + 1):
                start = self._build(node.parts[0], start)
                if count >= node.low:
                    stops.append(start)
            end = self._position()
            for one in stops:
                self.silent[one].append(end)
            return end
        raise ValueError(f"{node.kind} in a pattern that is matched in full")

    def _state(self, positions: set[int]) -> int:
        closed, waiting = set(positions), list(positions)
        while waiting:
            for position in self.silent[waiting.pop()]:
                if position not in closed:
                    closed.add(position)
                    waiting.append(position)
        key = frozenset(one for one in closed if self.edges[one] or one in self.tags)
        if key not in self._states:
            self._states[key] = len(self._members)
            self._members.append(key)
            self._next.append([])
        return self._states[key]

    def _steps(self, state: int) -> list[int]:
        if not self._next[state]:
            self._next[state] = [
                self._state(
                    {
                        end
                        for one in self._members[state]
                        for digits, end in self.edges[one]
                        if digit in digits
                    }
                )
                for digit in "0123456789"
            ]
        return self._next[state]

    def _after(self, known: str) -> int:
        if known not in self._reached:
            self._reached[known] = (
                self._steps(self._after(known[:-1]))[int(known[-1])] if known else self._state({0})
            )
        return self._reached[known]

    def _settle(
        self, state: int, free: int, name: Hashable, judge: Callable[[frozenset[Hashable]], Hashable]
    ) -> Hashable:
        key = (state, free, name)
        if key not in self._settled:
            if free == 0:
                answer = judge(frozenset(self.tags[one] for one in self._members[state] if one in self.tags))
            else:
                answers = {self._settle(step, free - 1, name, judge) for step in set(self._steps(state))}
                answer = answers.pop() if len(answers) == 1 else Undetermined
            self._settled[key] = answer
        return self._settled[key]
