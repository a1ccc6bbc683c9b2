"""LLVM on this machine: the width of its vectors, its vector mathematics, and code whose memory is given back.

glibc's libmvec has sine, exponential and their like for whole vectors: 1 to 2 ns a number at up to
4 ulp, where a call of the C library for each costs 5 to 20. LLVM finds it by name; the names say the vector
extension and the lanes (`_ZGVdN4v_sin`: AVX2, four; `_ZGVnN2v_sin`: Advanced SIMD of aarch64, two).
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import weakref
from _thread import RLock  # that of `threading`, which is not loaded here
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from symdiff.compile.kernel import Unsupported
from symdiff.errors import SymdiffValueError

_LIBMVEC = "libmvec.so.1"

_Made = TypeVar("_Made")
lock = RLock()  # lock of all that is made once, and of every call of llvmlite, which has one of its own
if hasattr(os, "register_at_fork"):  # hold it in a fork: no child inherits it from a thread that it does not have
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)


def once(make: Callable[..., _Made]) -> Callable[..., _Made]:
    """Keep what a function made for its arguments: for ever, and one for all threads, as machine code points to it."""
    made: dict[Any, _Made] = {}

    def get(*args: Any) -> _Made:
        if args not in made:
            with lock:
                if args not in made:
                    made[args] = make(*args)
        return made[args]

    return get


class Target(NamedTuple):
    """What code is generated for."""

    lanes: int  # count of numbers in a vector
    vectors: str  # letter of the vector extension in the names of libmvec; empty for no libmvec

    def vector_function(self, name: str, arity: int) -> str:
        """The symbol in libmvec of a function of the C library, empty where there is none."""
        symbol = f"_ZGV{self.vectors}N{self.lanes}{'v' * arity}_{name}"
        return symbol if self.vectors and _has_symbol(symbol) else ""


@once
def host(accuracy: str) -> Target:
    """The target for this machine.

    Raises
    ------
    Unsupported
        Where llvmlite is not installed.
    """
    found = vectors_of(binding().get_default_triple(), _features())
    return found if accuracy != "high" and libmvec() is not None else Target(found.lanes, "")


def vectors_of(triple: str, features: Mapping[str, bool]) -> Target:
    """The widest vectors of double of a processor, by its triple and features, and their letter.

    Letters are those of the Vector Function ABI: Intel's for x86-64, Arm's for aarch64. That always has Advanced SIMD.
    """
    architecture = triple.partition("-")[0]
    if architecture in ("aarch64", "arm64"):
        return Target(2, "n")
    if architecture not in ("x86_64", "amd64"):
        return Target(2, "")
    return Target(8, "e") if features.get("avx512f") else Target(4, "d") if features.get("avx2") else Target(2, "b")


@once
def foreseen(accuracy: str) -> Target | None:
    """What `host` will say of libmvec, without asking LLVM; None where that is not certain.

    Linux says what a processor has, and what of it the system saves between processes, as LLVM finds it.
    """
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    if accuracy == "high" or libmvec() is None:
        return Target(2, "")
    features = processor()
    return vectors_of("x86_64", features) if features else None


@once
def processor() -> dict[str, bool]:
    """The features of a processor of x86-64 as Linux names them, which is as LLVM does; elsewhere none."""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return {}
    try:
        with open("/proc/cpuinfo", "rb") as lines:
            flags = next((line for line in lines if line.startswith(b"flags")), b"")  # of the first core: all are alike
    except OSError:
        return {}
    return dict.fromkeys(flags.partition(b":")[2].decode().split(), True)


@once
def binding() -> Any:
    """llvmlite, ready for native code."""
    llvm = load()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    if libmvec() is not None:
        llvm.load_library_permanently(_LIBMVEC)
    return llvm


def load() -> Any:
    """llvmlite's binding of LLVM.

    Raises
    ------
    Unsupported
        Where it is not installed, or the machine is not one of 64 bits.
    """
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        raise Unsupported("backend 'llvm' is for machines of 64 bits: take backend='numpy'")
    try:
        return importlib.import_module("llvmlite.binding")
    except ImportError as error:
        raise Unsupported(
            "backend 'llvm' needs llvmlite: pip install symdiff-graph[jit], or take backend='numpy'"
        ) from error


@once
def _features() -> Any:
    return binding().get_host_cpu_features()


# -- libraries ------------------------------------------------------------------


@once
def knows(name: str) -> bool:
    """Whether the C library has a function; code that calls it is made only then."""
    address = c_function(name)
    if address:
        add_symbol(name, address)
    return address != 0


@once
def c_function(name: str) -> int:
    """The address of a function of the C library, 0 where it has none of that name."""
    library = ctypes.CDLL("ucrtbase") if sys.platform == "win32" else ctypes.CDLL(None)
    function = getattr(library, name, None) or getattr(library, f"_{name}", None)
    return 0 if function is None else ctypes.cast(function, ctypes.c_void_p).value or 0


@once
def c_numbers(name: str, arity: int) -> Callable[..., float] | None:
    """A function of the C library on so many of Python's numbers, None where it has none of that name."""
    address = c_function(name)
    return ctypes.PYFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * arity)(address) if address else None


def add_symbol(name: str, address: int | None) -> None:
    """Tell code that is made from now on where a function is."""
    with lock:
        binding().add_symbol(name, address)


@once
def libmvec() -> Any:
    """glibc's library of vector mathematics, None where there is none."""
    try:
        return ctypes.CDLL(_LIBMVEC)
    except OSError:
        return None


@once
def _has_symbol(symbol: str) -> bool:
    return hasattr(libmvec(), symbol)


def vector_address(symbol: str) -> int:
    """The address of a function of libmvec."""
    return ctypes.cast(getattr(libmvec(), symbol), ctypes.c_void_p).value or 0


# -- code -----------------------------------------------------------------------


@once
def _generator(level: int) -> Any:
    """What makes machine code; calls of llvmlite go one at a time, so that threads may share it."""
    return _machine(level)


def _machine(level: int) -> Any:
    llvm = binding()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features().flatten(), opt=level
    )


def _object(text: str, level: int) -> bytes:
    """The object file of a module of LLVM IR, in a context that goes again."""
    llvm = binding()
    context = llvm.create_context()
    try:
        try:
            module = llvm.parse_assembly(text, context)
        except RuntimeError as error:
            raise SymdiffValueError(
                f"LLVM can't read an instruction, of an operation's `code` maybe: {error}"
            ) from error
        try:
            made: bytes = _generator(level).emit_object(module)
        finally:
            module.close()
    finally:
        context.close()
    return made


class Code:
    """Machine code out of a module of LLVM IR; its memory is free again when the object is.

    The engine gets an object file: with the module itself it would keep 800 kB of
    what made the code, where this takes 8 kB. Text that is vectors throughout runs no
    faster for a higher level, measured, and takes three to ten times as long to become code.
    """

    def __init__(self, text: str, level: int = 0) -> None:
        with lock:
            self._engine, context = _loaded(_object(text, level))
        # spare it at exit, when llvmlite is being taken apart: the memory goes with the process
        weakref.finalize(self, _close, self._engine, context).atexit = False

    def address(self, name: str) -> int:
        """Where a function of the module begins."""
        with lock:
            return int(self._engine.get_function_address(name))


def _loaded(made: bytes) -> tuple[Any, Any]:
    """The engine that holds an object file, and its context."""
    llvm = binding()
    context = llvm.create_context()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly("", context), _machine(0))
    engine.add_object_file(llvm.ObjectFileRef.from_data(made))
    engine.finalize_object()
    return engine, context


def _close(engine: Any, context: Any) -> None:
    with lock:
        engine.close()  # close it before its context
        context.close()
