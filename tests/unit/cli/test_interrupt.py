"""Ctrl-C ends long work wherever it is met, but not where a lock would stay taken on which others wait."""

import os
import signal
import sys
import threading
import time
from functools import partial

import pytest

from floodmark.cli.interrupt import interruptible

INTERRUPT = partial(os.kill, os.getpid(), signal.SIGINT)


class Lock:
    """Interrupts when it is taken, or when it is given back, as if no other line of Python were reached."""

    def __init__(self, at):
        lock = threading.Lock()
        self.acquire, self.release = lock.acquire, lock.release
        self.at = at

    def __enter__(self):
        self.acquire()
        self.interrupt("taken")

    def __exit__(self, *_):
        self.interrupt("given back")
        self.release()

    def interrupt(self, here):
        if self.at == here:
            signal.getsignal(signal.SIGINT)(signal.SIGINT, sys._getframe(2))


def test_an_interrupt_is_raised_at_once():
    with pytest.raises(KeyboardInterrupt), interruptible(lambda size: None):
        INTERRUPT()
        raise AssertionError


def test_an_interrupt_that_was_swallowed_is_raised_at_the_next_step():
    with interruptible(lambda size: None) as advance:
        with pytest.raises(KeyboardInterrupt):
            INTERRUPT()
        with pytest.raises(KeyboardInterrupt):
            advance(1)


@pytest.mark.parametrize("at", ["taken", "given back"])
def test_an_interrupt_waits_until_a_lock_is_taken_or_given_back(at):
    lock = Lock(at)
    condition, taken = threading.Condition(lock), False
    with pytest.raises(KeyboardInterrupt), interruptible(lambda size: None):
        with condition:
            taken = True
            time.sleep(10 if at == "taken" else 0)
        time.sleep(10)
        raise AssertionError
    assert taken
    assert lock.acquire(blocking=False)


def test_what_handled_signals_before_does_so_again():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)
    with interruptible(lambda size: None):
        pass
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
