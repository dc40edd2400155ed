"""Threads share one store of memory, so that what one needed once serves the others."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes, sys, threading
from core.runtime.allocator import save_memory

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
if sys.argv[1] == "saving":
    save_memory()
together = threading.Barrier(4)

def work():
    together.wait()
    libc.malloc(50_000)  # without the interpreter's lock
    together.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
told = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, told)
libc.fflush(told)
"""


def _arenas(how: str) -> int:
    answered = subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, text=True, check=True)
    return answered.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library is not glibc")
def test_threads_share_one_arena() -> None:
    assert _arenas("saving") == 1
    assert _arenas("as it is") > 1
