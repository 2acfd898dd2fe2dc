"""A leak kept in memory by plain loops, and what a plain loop finds in a dump: the oracles of matching."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from floodmark.dumps import read
from floodmark.exposure import match_dumps, read_watch_list
from floodmark.exposure.canonical import IDENTIFIERS, canonical
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey
from floodmark.synth import leak


def rows_of(path):
    """Every record of a dump as (identifiers of each kind, labels of its filled field types)."""
    dump = read(path)
    found = []
    for frame in dump.batches():
        for row in frame.iter_rows():
            labels, own = set(), set()
            for column, cell in zip(dump.grammar.columns, row, strict=True):
                if cell:
                    labels.add(column.type.label)
                kind = column.type.identifier_kind
                if cell and kind:
                    form = canonical(kind, pl.Series([cell]))[0]
                    if form is not None:
                        own.add((kind, f"+{form}" if kind == "phone" else form))
            found.append((own, labels - {"unknown"}))
    return found


def brute_force(path):
    """Rows and field types of every identifier of a dump: {(kind, identifier): (rows, labels)}."""
    known = {}
    for own, labels in rows_of(path):
        for one in sorted(
            own
        ):  # in the same order whatever the hashes are: tests take the first ones, or some
            rows, types = known.get(one, (0, set()))
            known[one] = rows + 1, types | labels
    return known


@dataclass
class KeptLeak:
    """A saved leak made from what `brute_force` found."""

    slug: str
    known: dict
    key: DigestKey
    field_sets: list = field(default_factory=list)

    def __post_init__(self):
        self._arrays = {}
        for kind in IDENTIFIERS:
            own = {name: labels for (k, name), (_, labels) in self.known.items() if k == kind}
            made = sorted((digests.one(kind, name, self.key), sorted(labels)) for name, labels in own.items())
            for _, labels in made:
                if labels not in self.field_sets:
                    self.field_sets.append(labels)
            numbers = [self.field_sets.index(labels) for _, labels in made]
            if made:
                keys = np.array([digest for digest, _ in made], np.uint64)
                self._arrays[kind] = keys, np.array(numbers, np.uint16)

    @property
    def kinds(self):
        return list(self._arrays)

    def digests(self, kind):
        return self._arrays[kind][0]

    def fields(self, kind):
        return self._arrays[kind][1]

    def domain_counts(self, wanted):
        counts = {}
        for kind, name in self.known:
            if kind == "email":
                labels = name.partition("@")[2].split(".")
                for at in range(len(labels) - 1):
                    digest = digests.one("domain", ".".join(labels[at:]), self.key)
                    counts[digest] = counts.get(digest, 0) + 1
        return np.array([counts.get(int(digest), 0) for digest in wanted], np.int64)


@pytest.fixture(name="brute_force")
def brute_force_fixture():
    return brute_force


@pytest.fixture(scope="session")
def twin(tmp_path_factory):
    path = tmp_path_factory.mktemp("twin") / "twin.txt"
    leak("facebook-2021", 1500, 7, path, damage=0.02)
    return path


@pytest.fixture(scope="session")
def known(twin):
    return brute_force(twin)


@pytest.fixture(scope="session")
def kept(known):
    return KeptLeak("twin", known, DigestKey(bytes(range(32))))


@pytest.fixture
def watching_for(tmp_path):
    """A function that makes a watch list of lines."""

    def made(*lines, **options):
        path = tmp_path / "watch.txt"
        path.write_text("".join(f"{line}\n" for line in lines))
        return read_watch_list(path, **options)

    return made


@pytest.fixture
def matched_in(twin):
    """A function that looks for a watch list in the twin."""
    return lambda watch, **options: match_dumps([("twin.txt", twin)], watch, **options)
