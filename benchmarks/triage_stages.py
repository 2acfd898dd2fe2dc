"""Where the processor time of a triage goes, with timers around its functions, put there from outside.

Run by `benchmarks/triage.py`: `python benchmarks/triage_stages.py FILE`. One thing at a time, on one Polars thread, in
seconds of the processor, which other work disturbs less than the clock. A stage inside another counts for itself alone.
SHA-256 has a thread of its own in a triage; here it is left out and timed apart.
"""

import os

# One core: Polars reads this when it is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import functools
import hashlib
import json
import sys
import time
from collections import defaultdict
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

from floodmark.dumps import delimited, fates, quoted, reader
from floodmark.triage import hashing, observe, run
from floodmark.triage.distinct import DistinctSpool


class Stages:
    """Seconds of the processor by stage, those of inner stages taken off the outer ones."""

    def __init__(self):
        self.seconds = defaultdict(float)
        self._inner = [0.0]
        self._whole = False

    def timed(self, function, stage, whole=False):
        """`function`, timed; `stage` is a name, or a function of the call's first argument that gives one.

        With `whole`, stages inside this one do not count for themselves.
        """

        @functools.wraps(function)
        def wrapper(*arguments, **named):
            if self._whole:
                return function(*arguments, **named)
            self._whole = whole
            self._inner.append(0.0)
            started = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.process_time() - started
                inner, self._whole = self._inner.pop(), False
                self._inner[-1] += spent
                self.seconds[stage(arguments[0]) if callable(stage) else stage] += spent - inner

        return wrapper

    def wrap(self, owner, name, stage, whole=False):
        setattr(owner, name, self.timed(getattr(owner, name), stage, whole))


class AtOnce:
    """An executor that does what it is given there and then."""

    def __init__(self, *_, **__):
        pass

    def submit(self, function, *arguments):
        done = Future()
        done.set_result(function(*arguments))
        return done

    def shutdown(self, **_):
        pass


class NoHash:
    """Takes bytes and does nothing with them."""

    def update(self, data):
        pass

    def hexdigest(self):
        return ""


READ = "reading, cutting at line ends"
SHA = "SHA-256"
KINDS = {"phone": "phones", "email": "e-mails", "profile_id": "profile ids", "username": "user names"}
SPLIT, TYPES = "split into cells", "types and shift checks"
DATES, DISTINCT = "dates and places", "distinct identifiers and rows, runs"
SETS, ACCOUNTS = "filled cells, field sets, row hashes", "accounting"
INFER, PROFILE = "grammar inference", "profile, warnings, summary"
ORDER = [INFER, READ, SPLIT, TYPES, *KINDS.values(), DISTINCT, DATES, SETS, ACCOUNTS, PROFILE]


def instrumented(stages):
    """Put the timers in place."""
    stages.wrap(run, "read", INFER, whole=True)
    for name in ("split", "split_quoted"):
        stages.wrap(reader, name, SPLIT)
    for module in (delimited, quoted):
        stages.wrap(module, "resolve_all", TYPES)
    stages.wrap(observe, "misfit_count", TYPES)
    stages.wrap(run, "observe", SETS)
    stages.wrap(observe, "_identify", KINDS.__getitem__)
    stages.wrap(observe.Observed, "settle", DATES)
    stages.wrap(observe, "_counted", DATES)
    for name in ("add", "summary"):
        stages.wrap(DistinctSpool, name, DISTINCT)
    stages.wrap(run, "_phones", DISTINCT)
    stages.wrap(fates.Fates, "batch", ACCOUNTS)
    stages.wrap(fates.Fates, "note", ACCOUNTS)
    stages.wrap(reader, "_count", ACCOUNTS)
    stages.wrap(run, "profile_of", PROFILE)
    stages.wrap(run, "concluded", PROFILE)
    return stages


def timed_cut(stages):
    """`reader.cut`, each step of it timed."""
    cut = reader.cut

    def wrapper(*arguments):
        chunks = cut(*arguments)
        step = stages.timed(lambda: next(chunks, None), READ)
        while (chunk := step()) is not None:
            yield chunk

    return wrapper


def hashing_alone(path):
    """Seconds to hash a file."""
    digest, spent = hashlib.sha256(), 0.0
    with Path(path).open("rb") as file:
        while data := file.read(1 << 22):
            started = time.process_time()
            digest.update(data)
            spent += time.process_time() - started
    return spent


def main(path):
    stages = instrumented(Stages())
    reader.cut = timed_cut(stages)
    reader.ThreadPoolExecutor = AtOnce
    hashing.hashlib = SimpleNamespace(sha256=NoHash)
    started = time.process_time()
    profile = run.triage([path], run.Options(workers=1))
    worked = time.process_time() - started
    found = {name: stages.seconds[name] for name in ORDER if name in stages.seconds}
    hashed = hashing_alone(path)
    result = {
        "total": worked + hashed,
        "lines": profile.to_dict()["files"][0]["lines"]["total"],
        "stages": {**found, SHA: hashed},
        "rest": worked - sum(found.values()),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
