"""Calls of libmvec's functions from Python, as native code for one point does them: without LLVM.

They take and give vectors, which ctypes can't pass. Twenty-odd bytes of machine code between the two put the number
into every lane, call, and leave the first lane, which is where C returns a double: `double f(void *function, double x,
double y)`, with the function in rdi, x in xmm0 and y in xmm1. A function of one number is called with whatever is in
xmm1, and does not read it.

For AVX2, four lanes:

    f3 0f 1e fa          endbr64                     where an indirect call may come, if that is watched
    48 83 ec 08          sub rsp, 8                  the stack at a multiple of 16, as a call wants it
    c4 e2 7d 19 c0       vbroadcastsd ymm0, xmm0
    c4 e2 7d 19 c9       vbroadcastsd ymm1, xmm1
    ff d7                call rdi
    c5 f8 77             vzeroupper                  the upper halves empty, as code that knows SSE only wants them
    48 83 c4 08          add rsp, 8
    c3                   ret

For AVX-512, eight lanes, the broadcasts are into zmm0 and zmm1, `62 f2 fd 48 19 c0` and `62 f2 fd 48 19 c9`. For SSE2,
two lanes, they are `66 0f 14 c0` and `66 0f 14 c9`, unpcklpd of xmm0 and of xmm1 with themselves, and there is no
vzeroupper. A test has LLVM assemble all three. For Advanced SIMD of aarch64 there are none.

The memory is written first and made executable then, never both at once. Where a system refuses that, there are no such
calls.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

from symdiff.compile.backends.llvm.target import once, vector_address

_CODE = {
    "e": "f30f1efa 4883ec08 62f2fd4819c0 62f2fd4819c9 ffd7 c5f877 4883c408 c3",
    "d": "f30f1efa 4883ec08 c4e27d19c0 c4e27d19c9 ffd7 c5f877 4883c408 c3",
    "b": "f30f1efa 4883ec08 660f14c0 660f14c9 ffd7 4883c408 c3",
}  # machine code by the letters that `Target` has


def vector_call(vectors: str, symbol: str, arity: int) -> Callable[..., float] | None:
    """A function of libmvec as one of numbers, None where there is no calling it so."""
    address = _bridge(vectors) if arity <= 2 else 0
    if not address:
        return None
    bridge = ctypes.PYFUNCTYPE(ctypes.c_double, ctypes.c_void_p, *[ctypes.c_double] * arity)(address)
    return functools.partial(bridge, vector_address(symbol))


@once
def _bridge(vectors: str) -> int:
    """The address of the machine code, 0 where there is none or the system does not allow it."""
    code = bytes.fromhex(_CODE.get(vectors, ""))
    if not code:
        return 0
    try:
        return _executable(code)
    except OSError:
        return 0


def _executable(code: bytes) -> int:
    """The address of a page that holds machine code as long as the process runs: at exit, too, something may call it.

    Raises
    ------
    OSError
        Where the system gives no memory, or lets none be executed.
    """
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    system.mmap.argtypes = *(ctypes.c_void_p, ctypes.c_size_t), *[ctypes.c_int] * 3, ctypes.c_long
    system.mprotect.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    page = system.mmap(None, _PAGE, _READ | _WRITE, _OF_ITS_OWN, -1, 0)
    if page in (None, _FAILED):
        raise OSError(ctypes.get_errno(), "there is no memory")
    ctypes.memmove(page, code, len(code))
    if system.mprotect(page, _PAGE, _READ | _EXECUTE):
        raise OSError(ctypes.get_errno(), "memory can't be made executable here")
    return int(page)


# Linux's numbers on x86-64, as module `mmap` has them: loading it would take longer than all that is done here
_READ, _WRITE, _EXECUTE, _OF_ITS_OWN, _PAGE = 1, 2, 4, 0x02 | 0x20, 4096
_FAILED = ctypes.c_void_p(-1).value
