"""Scans in compiled functions: a native loop where a step is a few numbers, else a loop of NumPy's code over its body.

The body of small arrays and numbers is written out as a program of numbers, which LLVM runs step after step at no cost
between them; axes in front of the operands are columns of it, a vector of them at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.array_costs import scalar_operations
from symdiff.algebra.array_expansion import written_over
from symdiff.compile import backends, choose
from symdiff.compile.array_programs.array_loops import making
from symdiff.compile.array_programs.scan_bodies import BodyLoop
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.lower import lower
from symdiff.compile.results import fresh
from symdiff.compile.tape import Tape, tape_of
from symdiff.errors import NoFormulaError
from symdiff.loop_body import Body, Loop
from symdiff.ops import arrays
from symdiff.shapes import Shape, bound

_INPUTS = 100  # limit of its inputs for that: each is an address of its own in a call
_APART = frozenset(op.opcode for op in (arrays.scan, arrays.gather, arrays.scatter))  # no program of numbers
_NUMBERS = 2000  # operations of a body up to which it becomes a program of numbers
CARRY, ROW, SAME = range(3)  # what an input of a body is, as in `backends/llvm/native_scan.py`


def scan_loop(loop: Loop, leads: Sequence[Shape], options: Options, backend: str) -> Any:
    """A function (sizes, *operands) that gives the rows of a scan."""
    if _is_small(loop.body):
        try:
            return NumberLoop(loop, leads, options, backend)
        except NoFormulaError:  # eigenvalues, and functions from outside, are not of numbers
            pass
    return BodyLoop(loop, leads, options, backend)


def _is_small(body: Body) -> bool:
    """Whether a body is written out as a program of numbers."""
    shapes = [*body.input_shapes(), *body.output_shapes(), *body.graph.shapes.values()]
    if any(isinstance(n, str) for shape in shapes for n in shape):
        return False
    if any(node[0] in _APART for node in body.graph.nodes):
        return False
    given = sum([_count(shape) for shape in body.input_shapes()])
    return given <= _INPUTS and int(scalar_operations(body.graph, body.outputs).total) <= _NUMBERS


def _count(shape: Shape) -> int:
    """How many entries an array has."""
    return math.prod([int(n) for n in shape])


class NumberLoop:
    """A scan whose body is a program of numbers."""

    def __init__(self, loop: Loop, leads: Sequence[Shape], options: Options, backend: str) -> None:
        self.loop, self.options, self._asked = loop, options, backend
        body = loop.body
        self._ranks = body.ranks()
        self._shapes = [tuple(map(int, shape)) for shape in body.input_shapes()]
        self._kinds = [
            CARRY if k < body.carries else ROW if k < body.carries + body.sequences else SAME
            for k in range(len(body.inputs))
        ]
        self._mapped = [any(n != 1 for n in lead) for lead in leads]
        self._tape = lower(_tape(body), options, [True] * sum(map(_count, body.output_shapes())))
        self._native: Any = None
        self._kernel: Any = None

    def ready(self) -> Any:
        """The native loop, or the kernel of one step."""
        with making:
            if self._native is None and self._kernel is None:
                counts = [math.prod(shape) for shape in self._shapes]
                each = [
                    (kind, m) for kind, m, n in zip(self._kinds, self._mapped, counts, strict=True) for _ in range(n)
                ]
                self._native = _native(
                    self._tape, [k for k, _ in each], [m for _, m in each], self.options, self._asked
                )
                if self._native is None:
                    self._kernel = choose.build(self._tape, self.options, self._asked)
        return self._native or self._kernel

    @property
    def name(self) -> str:
        """The backend."""
        self.ready()
        return "llvm" if self._native is not None else str(self._kernel.name)

    @property
    def source(self) -> str:
        """The program of one step, or of the loop."""
        return str(self.ready().source)

    def __call__(self, sizes: Any, *operands: Any) -> NDArray[Any]:
        self.ready()
        (steps,) = bound((self.loop.length,), sizes)
        dtype, size = self.options.dtype, self.options.dtype.itemsize
        arrays = [np.asarray(v, dtype) for v in operands]
        leads = [a.shape[: a.ndim - n] for a, n in zip(arrays, self._ranks, strict=True)]
        front = np.broadcast_shapes(*leads) if any(leads) else ()
        columns = math.prod(front)
        addresses: list[int] = []
        strides: list[int] = []
        held = []
        for array, rank, mapped, kind in zip(arrays, self._ranks, self._mapped, self._kinds, strict=True):
            own = array.shape[array.ndim - rank :]
            apart = mapped and columns != 1
            array = _columns_last(array, front, own, size) if apart else array.reshape(own)[..., None]
            held.append(array)
            first = array.__array_interface__["data"][0]
            step, places = (array.strides[0], array.strides[1:-1]) if kind == ROW else (0, array.strides[:-1])
            if len(array.shape) - 1 == (kind == ROW):
                addresses.append(first)
                strides.append(step)
            else:
                grid = np.indices(own[1:] if kind == ROW else own).reshape(len(places), -1)
                addresses += (first + np.array(places) @ grid).tolist()
                strides += [step] * grid.shape[1]
        width = len(self._tape.outputs)
        rows = fresh((steps + 1, width, columns), dtype)
        if self._native is not None:
            self._native(columns, steps, np.array(addresses, np.int64), np.array(strides, np.int64), rows)
        else:
            self._stepped(steps, columns, held, rows)
        return np.moveaxis(rows, -1, 0).reshape((*front, steps + 1, width)) if front else rows[:, :, 0]

    def _stepped(self, steps: int, columns: int, held: Sequence[NDArray[Any]], rows: NDArray[Any]) -> None:
        """The same by one call of a kernel in each step."""
        kernel, dtype = self._kernel, self.options.dtype
        flat = [
            array.reshape((steps, -1, array.shape[-1]) if kind == ROW else (-1, array.shape[-1]))
            for array, kind in zip(held, self._kinds, strict=True)
        ]
        carries = sum(math.prod(s) for s, kind in zip(self._shapes, self._kinds, strict=True) if kind == CARRY)
        rows[0, carries:] = 0
        at = 0
        for array, kind in zip(flat, self._kinds, strict=True):
            if kind == CARRY:
                rows[0, at : at + len(array)] = array
                at += len(array)
        same = [
            np.broadcast_to(a, (len(a), columns)) for a, kind in zip(flat, self._kinds, strict=True) if kind == SAME
        ]
        fixed = [row for array in same for row in array]
        moving = [
            np.broadcast_to(a, (*a.shape[:2], columns))
            for a, kind in zip(flat, self._kinds, strict=True)
            if kind == ROW
        ]
        for t in range(steps):
            given = [*rows[t, :carries], *[row for array in moving for row in array[t]], *fixed]
            kernel.batch([np.asarray(v, dtype) for v in given], list(rows[t + 1]))


def _columns_last(array: NDArray[Any], front: tuple[int, ...], own: tuple[int, ...], size: int) -> NDArray[Any]:
    """An array whose axes in front are one axis at the end, its numbers beside one another."""
    whole = np.broadcast_to(array, front + own)
    turned = whole.reshape((math.prod(front), *own)) if len(front) > 1 else whole
    turned = np.moveaxis(turned, 0, -1)
    return turned if turned.strides[-1] == size else np.ascontiguousarray(turned)


def _native(tape: Tape, kinds: Sequence[int], mapped: Sequence[bool], options: Options, asked: str) -> Any:
    """The native loop by the first backend that makes one, None where there is none."""
    for backend in backends.ranked():
        make = getattr(backend, "recurrence", None)
        if make is not None and asked in (choose.AUTO, backend.name) and backend.installed():
            try:
                return make(tape, kinds, mapped, options)
            except Unsupported:
                return None
    return None


def _tape(body: Body) -> Tape:
    """The body as a program of numbers: each entry of an input and of an output by itself."""
    scalars, inputs, outputs = written_over(body)
    return tape_of(scalars, outputs, inputs)
