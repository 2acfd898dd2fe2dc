"""Giving up all that reading an archive does not need. Imported by `child.py` alone, without the package around it.

Resource limits hold on every system. On Linux a system-call filter (seccomp) comes on top: no file, process, signal
or socket can be made from then on, whoever runs this.
"""

from __future__ import annotations

import ctypes
import resource
import struct
import sys
from posix import uname

NO_NEW_PRIVILEGES, SECCOMP, PARENT_DEATH = 38, 22, 1  # of prctl(2)
SIGKILL = 9
FILTER_MODE = 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000

# Audit number of the machine, then: read, write, readv, close, mmap, mprotect, munmap, mremap, brk, madvise, futex,
# rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack, sched_yield, clock_gettime, gettimeofday, getrandom,
# restart_syscall, exit, exit_group.
CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (0, 1, 19, 3, 9, 10, 11, 25, 12, 28, 202, 13, 14, 15, 131, 24, 228, 96, 318, 219, 60, 231),
    ),
    "aarch64": (
        0xC00000B7,
        (
            63,
            64,
            65,
            57,
            222,
            226,
            215,
            216,
            214,
            233,
            98,
            134,
            135,
            139,
            132,
            124,
            113,
            169,
            278,
            128,
            93,
            94,
        ),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(memory: int) -> bool:
    """Give up what is not needed.

    Args:
        memory: bytes of address space that may be used.

    Returns:
        Whether system calls are filtered, too.
    """
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, most in limits.items():
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):  # macOS has no limit of address space
            continue
    return _filter_calls() if sys.platform == "linux" else False


def _filter_calls() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PARENT_DEATH, SIGKILL, 0, 0, 0)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or (known := CALLS.get(uname().machine)) is None:
        return False
    machine, calls = known
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, machine), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    steps += [(EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    return bool(libc.prctl(SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0) == 0)
