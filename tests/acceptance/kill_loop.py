"""A process that forks others, kills them with -9 at random moments of a save or a forget, and checks what is left.

    python kill_loop.py save|forget FOLDER SEED KILLS

It must not start Polars' threads itself, since a fork does not take them along: only its children read dumps.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from floodmark.register.arrays import leak_arrays
from floodmark.register.custody import check_outputs, read, verify
from floodmark.register.forget import forget
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.leaks import list_leaks
from floodmark.register.saving import save
from floodmark.register.workspace import Workspace

PHASES = ("start", "Reading", "Keeping", "kept")
DUMPS = ("1.csv", "2.csv")
PEOPLE = 1500
MORE = 40  # kills beyond those asked for, each after half as long, where a slow machine let none come in time


def forked(action, phase=None, delay=0.0):
    """Run `action(tell)` in a child, and kill it `delay` seconds after it told of `phase`; None leaves it alone.

    Returns:
        The last phase that the child told of, and whether it was killed before it was done.
    """
    heard, telling = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        _done(action, telling)
    os.close(telling)
    told = _until(heard, phase)
    if phase is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    told += _until(heard, None)
    os.close(heard)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the command failed before it was killed"
    return (["start", *told.split()][-1], os.WIFSIGNALED(status))


def _done(action, telling):
    """Do something in a child, and end it."""
    status = 1
    try:
        action(lambda word: os.write(telling, f"{word}\n".encode()))
        status = 0
    finally:
        os._exit(status)


def _until(heard, phase):
    told = ""
    while phase != "start" and (phase is None or f"{phase}\n" not in told):
        more = os.read(heard, 1000).decode()
        if not more:
            break
        told += more
    return told


class Rig:
    """A workspace with keys, and two dumps that a leak can be saved from."""

    def __init__(self, folder: Path) -> None:
        self.home, self.keys = folder / "home", folder / "keys"
        self.dumps = [folder / name for name in DUMPS]
        make(self.keys, Bare, created="2026-01-31T13:05:00Z", workspace=self.home)
        for number, path in enumerate(self.dumps):
            path.write_text(people(number))

    def workspace(self):
        return Workspace.open(self.home)

    def save(self, slug, dump, replace=False):
        """An action: save a leak from a dump, telling of its phases."""

        def action(tell):
            @contextmanager
            def phase(name, total):
                tell(name)
                yield lambda done: None
                if name == "Keeping":
                    tell("kept")

            with self.workspace() as place, Keyring.open(self.keys, workspace=self.home) as keys:
                asked = {"title": title(slug), "replace_leak": replace, "phase": phase}
                save(place, keys, slug, [self.dumps[dump]], **asked)

        return action

    def forget(self, slug):
        """An action: forget a leak."""

        def action(tell):
            with self.workspace() as place:
                forget(place, slug)

        return action

    def state(self):
        """Every leak that is there, checked through, by slug: the number of the dump that it was saved from."""
        found = {}
        with self.workspace() as place:
            with place.connect() as connection:
                leaks = list_leaks(connection)
            for one in leaks:
                arrays = leak_arrays(place, one.slug)
                arrays.verify()
                data = (arrays.folder / "custody.json").read_bytes()
                verify(data, (arrays.folder / "custody.json.sig").read_bytes())
                record = read(data)
                assert check_outputs(arrays.folder, record.outputs) == len(record.outputs) > 5
                assert one.title == title(one.slug)
                found[one.slug] = DUMPS.index(record.inputs[0].name)
        return found

    def clean(self):
        """What the next run that writes does first; then nothing but the leaks of the register is left."""
        with self.workspace() as place:
            with place.writing("check"):
                pass
            with place.connect() as connection:
                folders = {one.folder for one in list_leaks(connection)}
        assert {path.name for path in (self.home / "leaks").iterdir()} == folders
        assert not [path for path in self.home.rglob("*") if path.name.endswith(".part")]

    def everything(self):
        """All bytes of all files of the workspace."""
        return b"".join(path.read_bytes() for path in sorted(self.home.rglob("*")) if path.is_file())


def people(number):
    """A dump: everybody has a number, every third an address, every fifth a name."""
    rows = ["phone,email,full_name"]
    for person in range(PEOPLE):
        mail = f"person.{number}.{person}@example.org" if person % 3 == 0 else ""
        rows.append(f"+4477{number}08{person:05d},{mail},{'Ada Example' if person % 5 == 0 else ''}")
    return "\n".join(rows) + "\n"


def title(slug):
    """A title that can be found in the bytes of a database that has not forgotten it."""
    return f"Unforgettable title of {slug}"


def lasting(action):
    """Seconds that each phase of an action takes."""
    heard, telling = os.pipe()
    begun = [("start", time.monotonic())]
    child = os.fork()
    if not child:
        _done(action, telling)
    os.close(telling)
    while told := os.read(heard, 100).decode():
        begun += [(word, time.monotonic()) for word in told.split()]
    os.close(heard)
    assert os.waitpid(child, 0)[1] == 0, "the command failed"
    ends = [moment for _, moment in begun[1:]] + [time.monotonic()]
    return {phase: end - moment for (phase, moment), end in zip(begun, ends, strict=True)}


def shortest(action):
    """Seconds that each phase of an action takes at the least: other work on the machine only adds."""
    runs = [lasting(action) for _ in range(3)]
    return {phase: min(run[phase] for run in runs) for phase in runs[0]}


def sooner(draw, seconds, missing):
    """Moments to kill at while an outcome is still missing: random, and nearer to the start of a phase each time.

    Args:
        draw: random numbers.
        seconds: that each phase takes.
        missing: says in which phase there has to be a kill; None for nowhere any more.
    """
    for halved in range(1, MORE + 1):
        if (phase := missing()) is None:
            return
        yield phase, draw.uniform(0, seconds[phase] / 2**halved)


def kill_saves(rig, kills, draw):
    """Kill saves over a leak: afterwards it is what it was or what it is to become."""
    forked(rig.save("kept", 0))
    seconds = shortest(rig.save("kept", 0, replace=True))
    present, seen = {"kept": 0}, Counter()

    def missing():
        met = {outcome.partition(",")[0] for outcome in seen if ", killed" in outcome}
        return next((phase for phase in PHASES if phase not in met), None)

    phases = [draw.choice(PHASES) for _ in range(kills)]
    moments = [(phase, draw.uniform(0, 1.2 * seconds[phase])) for phase in phases]
    for phase, delay in chain(moments, sooner(draw, seconds, missing)):
        dump = 1 - present["kept"]
        last, was_killed = forked(rig.save("kept", dump, replace=True), phase, delay)
        after = rig.state()
        assert after == {"kept": dump} or (was_killed and after == present), (last, present, after)
        seen[f"{last}, {'killed' if was_killed else 'done'}, {'old' if after == present else 'new'}"] += 1
        rig.clean()
        assert rig.state() == after
        present = after
    return seen


def kill_forgets(rig, kills, draw):
    """Kill forgets of a leak, and saves of it where it is not: afterwards it is there, or no byte of it is."""
    forked(rig.save("kept", 0))
    saving, forgetting = (sum(lasting(act).values()) for act in (rig.save("gone", 1), rig.forget("gone")))
    seen, spared = Counter(), False
    for _ in range(kills):
        there = "gone" in rig.state()
        action, whole = (rig.forget("gone"), forgetting) if there else (rig.save("gone", 1), saving)
        # After a save that was killed the next one ends, so that there is something to forget.
        phase = None if spared and not there else "start"
        _, was_killed = forked(action, phase, draw.uniform(0, whole))
        spared = was_killed and not there
        after = rig.state()
        assert after in ({"kept": 0}, {"kept": 0, "gone": 1})
        if not was_killed:
            assert ("gone" in after) != there
        seen[f"{'forget' if there else 'save'}, {'there' if 'gone' in after else 'not there'}"] += 1
        rig.clean()
        assert rig.state() == after
        if "gone" not in after:
            assert title("gone").encode() not in rig.everything()
            assert not list(rig.home.rglob("*gone*"))
    return seen


if __name__ == "__main__":
    what, folder, seed, kills = sys.argv[1:]
    loop = {"save": kill_saves, "forget": kill_forgets}[what]
    print(json.dumps(loop(Rig(Path(folder)), int(kills), random.Random(int(seed)))))
