"""Where the time of a triage goes, with timers around its functions, put there from outside.

Run by `benchmarks/triage.py`: `python benchmarks/triage_stages.py FILE`. One worker and one Polars thread, so that the
seconds of a stage are about those of one core. A stage inside another counts for itself alone. Hashing and reading run
on threads of their own beside the work; they are timed apart, in seconds of their thread.
"""

import os

# One core: Polars reads this when it is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import functools
import hashlib
import json
import sys
import threading
import time
from collections import defaultdict
from types import SimpleNamespace

from floodmark.dumps import delimited, fates, quoted, reader
from floodmark.triage import hashing, observe, run
from floodmark.triage.distinct import DistinctSpool


class Stages:
    """Seconds by stage, those of inner stages taken off the outer ones; each thread has its own clock."""

    def __init__(self):
        self.seconds = defaultdict(float)
        self._local = threading.local()

    def timed(self, function, stage, whole=False):
        """`function`, timed; `stage` is a name, or a function of the call's first argument that gives one.

        With `whole`, stages inside this one do not count for themselves.
        """

        @functools.wraps(function)
        def wrapper(*arguments, **named):
            if not hasattr(self._local, "inner"):
                self._local.inner, self._local.whole = [0.0], False
            if self._local.whole:
                return function(*arguments, **named)
            self._local.whole = whole
            self._local.inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.perf_counter() - started
                inner, self._local.whole = self._local.inner.pop(), False
                self._local.inner[-1] += spent
                self.seconds[stage(arguments[0]) if callable(stage) else stage] += spent - inner

        return wrapper

    def wrap(self, owner, name, stage, whole=False):
        setattr(owner, name, self.timed(getattr(owner, name), stage, whole))


READ = "read a block and cut it at a line end"
SHA = "SHA-256"
KINDS = {"phone": "phones", "email": "e-mails", "profile_id": "profile ids", "username": "user names"}
SPLIT, TYPES = "split into cells", "types and shift checks"
DATES, DISTINCT = "dates and places", "distinct identifiers and rows, runs"
SETS, ACCOUNTS = "filled cells, field sets, row hashes", "accounting"
INFER, PROFILE = "grammar inference", "profile, warnings, summary"
ORDER = [INFER, SPLIT, TYPES, *KINDS.values(), DISTINCT, DATES, SETS, ACCOUNTS, PROFILE]


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


def timed_hash(beside):
    """A `hashlib` whose SHA-256 notes the seconds of its thread."""

    class Sha256:
        def __init__(self):
            self._hash = hashlib.sha256()

        def update(self, data):
            started = time.thread_time()
            self._hash.update(data)
            beside[SHA] += time.thread_time() - started

        def hexdigest(self):
            return self._hash.hexdigest()

    return SimpleNamespace(sha256=Sha256)


def timed_cut(beside):
    """`reader.cut`, noting the seconds of its thread."""
    cut = reader.cut

    def wrapper(*arguments):
        chunks = cut(*arguments)
        while True:
            started = time.thread_time()
            chunk = next(chunks, None)
            beside[READ] += time.thread_time() - started
            if chunk is None:
                return
            yield chunk

    return wrapper


def main(path):
    beside = defaultdict(float)
    stages = instrumented(Stages())
    hashing.hashlib = timed_hash(beside)
    reader.cut = timed_cut(beside)
    started = time.perf_counter()
    profile = run.triage([path], run.Options(workers=1))
    total = time.perf_counter() - started
    found = {name: stages.seconds[name] for name in ORDER if name in stages.seconds}
    result = {
        "total": total,
        "lines": profile.to_dict()["files"][0]["lines"]["total"],
        "stages": found,
        "rest": total - sum(found.values()),
        "beside": dict(beside),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
