"""What an XML text is made of, from its beginning: which elements are the records."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from floodmark.dumps.kinds.xml_marks import TAG, attributes_of, blanked, local

LEVELS = 12
AROUND = 8  # elements that are open where the first one closes, of which more are no part of any path
MOST_PATHS = 2000
NAMING = ("name", "key", "field")

Path = tuple[str, ...]


@dataclass
class Seen:
    """Elements at one path.

    Attributes:
        count: how many.
        parents: in how many elements.
        size: bytes of them, as far as the sample goes.
        inner: names of child elements and of attributes (the latter with `@`), with how many elements have each.
        children: child elements of all of them.
        nests: whether another of its name stands within one, and both are closed.
    """

    count: int = 0
    parents: int = 0
    size: int = 0
    inner: dict[str, int] = field(default_factory=dict)
    children: int = 0
    nests: bool = False

    @property
    def tags(self) -> list[str]:
        """Names of child elements."""
        return [name for name in self.inner if not name.startswith("@")]


@dataclass(frozen=True)
class Outline:
    """Where the records of a text are.

    Attributes:
        rows: names of the elements that are records, as written.
        paths: path of each.
        nests: those that may stand within one of their own name.
        around: name of the elements around the records where their `name` attribute is the table's; else empty.
        own_name: whether records say by a `name` attribute which table they are of.
        leaf: whether a record is one cell.
        root: whether the record is the whole text.
    """

    rows: tuple[str, ...]
    paths: tuple[Path, ...]
    nests: frozenset[str]
    around: str = ""
    own_name: bool = False
    leaf: bool = False
    root: bool = False


@dataclass
class _Open:
    name: str
    start: int
    had: dict[str, int] = field(default_factory=dict)
    holds_own: bool = False


def survey(head: bytes) -> dict[Path, Seen]:
    """The elements of a sample by path, in order of first sight."""
    seen: dict[Path, Seen] = {}
    stack: list[_Open] = [_Open("", 0)]
    text = blanked(head)
    for found in TAG.finditer(text, _begin(text)):
        closing, raw, rest = found.groups()
        name = raw.decode("utf-8", "replace")
        if closing:
            names = [element.name for element in stack[1:]]
            if name in names:
                # What was left open within it ends with it.
                while stack[-1].name != name:
                    _close(stack, seen, found.end())
                seen[tuple(names[: len(stack) - 1])].nests |= stack[-1].holds_own
                _close(stack, seen, found.end())
            continue
        path = (*(element.name for element in stack[1:]), name)
        if len(path) > LEVELS or (path not in seen and len(seen) >= MOST_PATHS):
            continue
        here = seen.setdefault(path, Seen())
        here.count += 1
        for outer in stack[1:]:
            outer.holds_own |= outer.name == name
        parent = stack[-1]
        parent.had[name] = parent.had.get(name, 0) + 1
        here.parents += parent.had[name] == 1
        if (above := seen.get(path[:-1])) is not None:
            above.children += 1
            if parent.had[name] == 1:
                above.inner[name] = above.inner.get(name, 0) + 1
        for attribute in attributes_of(rest):
            here.inner["@" + attribute] = here.inner.get("@" + attribute, 0) + 1
        stack.append(_Open(name, found.start()))
        if rest.endswith(b"/"):
            _close(stack, seen, found.end())
    while len(stack) > 1:
        _close(stack, seen, len(head))
    return seen


def _begin(text: bytes) -> int:
    """Where paths begin: at the first element, or further in where it is only the outermost of a deep nest."""
    begun: deque[int] = deque(maxlen=AROUND)
    for found in TAG.finditer(text):
        if found[1] or found[3].endswith(b"/"):
            break
        begun.append(found.start())
    return begun[0] if begun else 0


def _close(stack: list[_Open], seen: dict[Path, Seen], end: int) -> None:
    path = tuple(element.name for element in stack[1:])
    last = stack.pop()
    seen[path].size += end - last.start


def outline_of(head: bytes) -> Outline | None:
    """Outline of a text that begins so; None where it has no elements."""
    seen = survey(head)
    if not seen:
        return None
    rows = _outermost([path for path, here in seen.items() if _is_record(path, here, seen)])
    leaf = False
    if not rows:
        leaves = [path for path, here in seen.items() if here.count > 1 and not here.inner]
        rows = [max(leaves, key=lambda path: seen[path].size)] if leaves else []
        leaf = bool(rows) and len(seen) <= len(rows[0])
        if not leaf:
            root = next(iter(seen))
            return Outline((root[-1],), (root,), frozenset(), root=True) if seen[root].inner else None
    first: dict[str, Path] = {}
    for path in rows:
        first.setdefault(path[-1], path)
    nests = frozenset(path[-1] for path, here in seen.items() if here.nests and path[-1] in first)
    main = next(iter(first.values()))
    parent = seen.get(main[:-1])
    named = parent is not None and parent.inner.get("@name", 0) == parent.count and len(main) > 1
    own = bool(_columns_by_name(main, seen)) and seen[main].inner.get("@name", 0) == seen[main].count
    around = main[-2] if named and not own and len(first) == 1 else ""
    return Outline(tuple(first), tuple(first.values()), nests, around, own, leaf)


def _outermost(paths: list[Path]) -> list[Path]:
    """The paths that none of the others leads to."""
    chosen: list[Path] = []
    for path in sorted(paths, key=len):
        if not any(path[: len(other)] == other for other in chosen):
            chosen.append(path)
    return chosen


def _is_record(path: Path, here: Seen, seen: dict[Path, Seen]) -> bool:
    """Whether elements repeat, have cells, and are no lists of records themselves."""
    if here.count < 2 or not here.inner or here.count < 1.2 * here.parents:
        return False
    return not _is_list(path, here, seen)


def _is_list(path: Path, here: Seen, seen: dict[Path, Seen]) -> bool:
    tags = here.tags
    if len(tags) != 1 or here.children < 2 * here.count:
        return False
    child = seen.get((*path, tags[0]))
    if child is None or local(path[-1]).lower() in ("row", "tr"):
        return False
    return len(child.inner) >= 2 or bool(child.tags and _columns_by_name((*path, tags[0]), seen))


def _columns_by_name(path: Path, seen: dict[Path, Seen]) -> bool:
    """Whether the cells of a record are elements of one name, told apart by an attribute."""
    tags = seen[path].tags
    if len(tags) != 1:
        return False
    child = seen.get((*path, tags[0]))
    return child is not None and any(child.inner.get("@" + name, 0) == child.count for name in NAMING)
