"""Closing a worker in: no network, no other programs, no more memory than allowed.

On Linux a seccomp filter makes ``socket`` and its like fail with EPERM, whoever calls them, and cannot be taken off
again. It needs no rights. Elsewhere there is none, and the worker says so.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _DENY = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000

# The audit number of the architecture, and there: socket, connect, bind, ptrace, execve, execveat, io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 101, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 117, 221, 281, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seal() -> bool:
    """Takes the network and other programs away from this process for good; whether that could be done."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")  # the first to go if memory runs out
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return False
    return _filter(*_CALLS[platform.machine()]) and not _can_connect()


def _filter(architecture: int, calls: tuple[int, ...]) -> bool:
    # struct seccomp_data: the call's number is at 0, the architecture at 4.
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _DENY), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _DENY)]
    for call in calls:
        steps += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _DENY)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not system.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _can_connect() -> bool:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except PermissionError:
        return False
    return True


def limit_memory(more: int) -> None:
    """Lets this process take ``more`` bytes of address space beyond what it has now."""
    try:
        with open("/proc/self/statm", "rb", 0) as file:  # noqa: PTH123 - for each query: a Path takes longer than it all
            pages = int(file.read(64).split()[0])
    except OSError:  # not Linux: what a worker takes to begin with is small beside the limit
        pages = 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError):  # a lower hard limit from outside holds anyway
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))


def free_memory() -> None:
    """Takes the limit of ``limit_memory`` away again."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
