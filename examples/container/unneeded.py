"""Print the installed distributions that Floodmark does not need to run, for pip to uninstall: one name a line."""

from __future__ import annotations

import sys
from importlib.metadata import distribution, distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Names of a distribution and of all that it requires here, with these of its extras."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), extras)]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        found.add(one[0])
        for line in distribution(one[0]).requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in (*one[1], "")
            ):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return found


def main() -> None:
    """Print them. Not pip, which another pip takes last: it is what uninstalls."""
    there = {canonicalize_name(one.name) for one in distributions()}
    sys.stdout.writelines(f"{name}\n" for name in sorted(there - needed("floodmark") - {"pip", "setuptools"}))


if __name__ == "__main__":
    main()
