"""Whoever has an evaluation key leaves no core dump."""

import json
import os
import subprocess
import sys

PROCESS = """
import ctypes, json, os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

def state():
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0  # PR_GET_DUMPABLE
    return [resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable]

import polars as pl
from floodmark.exposure.oprf import engine
from floodmark.register.key_evaluation import EvaluationKey

before = state()
key = EvaluationKey(bytes(range(32)), epoch=1)
held = state()
outputs = engine("cpu").outputs(key.pair.private, pl.Series(["phone:+447700900123"]))
print(json.dumps([hard, before, held, state(), outputs.shape]), flush=True)
os.abort()
"""


def test_a_process_that_evaluates_leaves_no_core_dump_when_it_crashes(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", PROCESS], cwd=tmp_path, stdout=subprocess.PIPE)
    with process.stdout as said:
        hard, before, held, after, shape = json.loads(said.read())
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    assert before == [hard, 1 if sys.platform == "linux" else 0]
    assert held == after == [0, 0]
    assert shape == [1, 64]
    assert os.WIFSIGNALED(status) and not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []
