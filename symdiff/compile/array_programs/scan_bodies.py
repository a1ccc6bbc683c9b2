"""Scans over bodies of arrays: a loop of NumPy's code, with all that need not be in it before and behind it.

What depends on the rows of a step and not on the carry is computed for all steps at once before, and what no later
step reads afterwards: products of a matrix and a vector become one of matrices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.arrays.batching import batch
from symdiff.arrays.enclosing import copied
from symdiff.arrays.index_arrays import is_whole
from symdiff.arrays.reading import shape_of
from symdiff.compile import backends
from symdiff.compile.array_programs.array_loops import making
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.results import fresh
from symdiff.graph import VAR, Graph, Variable
from symdiff.loop_body import Loop, offsets, width
from symdiff.ops.arrays import infer
from symdiff.shapes import Shape, Size, bound, broadcast

_GROWTH = 4  # how many times the entries of a step what is computed for all steps at once may have

_writers: list[Any] = []  # what writes the code of programs of arrays, and what makes a function of it


def written_by(source: Any, function: Any) -> None:
    """Let a class write the code of bodies, `ArraySource`, which stands above, and a function make one of the text."""
    _writers[:] = [source, function]


class BodyLoop:
    """A scan whose body is a program of arrays: a function (sizes, *operands) that gives its rows."""

    def __init__(self, loop: Loop, leads: Sequence[Shape], options: Options, backend: str) -> None:
        self.loop, self._options, self._asked = loop, options, backend
        self._ranks = loop.body.ranks()
        self._front = broadcast(leads) or ()
        skipped = [len(self._front) - len(lead) for lead in leads]
        self._has = [
            [k >= skip and lead[k - skip] != 1 for k in range(len(self._front))]
            for lead, skip in zip(leads, skipped, strict=True)
        ]
        self._parts: _Parts | None = None

    def ready(self) -> _Parts:
        """The code, written when it is first needed."""
        with making:
            if self._parts is None:
                self._parts = _Parts(self.loop, self._front, self._has, self._options, self._asked)
            return self._parts

    @property
    def name(self) -> str:
        """The backends of the loops inside."""
        parts = self.ready()
        names = dict.fromkeys(["llvm"] * bool(parts.native))
        names.update(dict.fromkeys([name for loop in parts.loops for name in loop.name.split("+")]))
        return "+".join(names) or "numpy"

    @property
    def source(self) -> str:
        """The program."""
        return "\n\n".join(self.ready().texts)

    def __call__(self, sizes: Mapping[str, int], *operands: Any) -> NDArray[Any]:
        parts, body = self._parts or self.ready(), self.loop.body
        (steps,) = bound((self.loop.length,), sizes)
        kinds = [body.graph.leaves[i].kind for i in body.inputs]
        arrays = [
            np.asarray(v, np.intp if kind == "int" else self._options.dtype)
            for v, kind in zip(operands, kinds, strict=True)
        ]
        leads = [a.shape[: a.ndim - n] for a, n in zip(arrays, self._ranks, strict=True)]
        front = np.broadcast_shapes(*leads) if any(leads) else ()
        first, last = body.carries, body.carries + body.sequences
        given = [self._own_axes(k, a, len(front)) for k, a in enumerate(arrays)]
        shapes = [front + bound(shape, sizes) for shape in body.output_shapes()]
        carries = [np.broadcast_to(a, shape) for a, shape in zip(given[:first], shapes[:first], strict=True)]
        rows = given[first:last]
        same = [a if a.ndim else a.item() for a in given[last:]]
        (full,) = bound((width(body.output_shapes()),), sizes)
        whole = fresh((steps + 1, *front, full), self._options.dtype)
        places = [
            whole[..., start : start + max(int(np.prod(shape[len(front) :], dtype=int)), 0)].reshape(
                (steps + 1, *shape)
            )
            for start, shape in zip(offsets(body.output_shapes()), shapes, strict=True)
        ]
        for place, value in zip(places, carries, strict=False):
            place[0] = value
        for place in places[first:]:
            place[0] = 0
        after, before = [place[1:] for place in places], [place[:-1] for place in places[:first]]
        parts.run(sizes, steps, carries, rows, same, whole, after, before)
        return np.moveaxis(whole, 0, -2) if front else whole

    def _own_axes(self, k: int, array: NDArray[Any], axes: int) -> NDArray[Any]:
        """An operand without axes that it is the same along, the steps of a sequence first."""
        body, rank = self.loop.body, self._ranks[k]
        lead = array.ndim - rank
        gone = [j for j in range(lead) if not self._has[k][axes - lead + j]]
        found = np.squeeze(array, tuple(gone)) if gone and k >= body.carries else array
        if found.ndim > rank and body.carries <= k < body.carries + body.sequences:
            found = np.moveaxis(found, found.ndim - rank, 0)
        return found


class _Parts:
    """What is computed before, in and behind the loop."""

    def __init__(self, loop: Loop, front: Shape, has: Sequence[Sequence[bool]], options: Options, backend: str) -> None:
        self.loop, self._options, self._asked = loop, options, backend
        self.graph = Graph()
        self.graph.hold_arrays(infer)
        self.texts: list[str] = []
        self.loops: list[Any] = []
        body = loop.body
        here = self.graph.adopt(body.graph, [*body.inputs, *body.outputs])
        self.inputs, self.outputs = here[: len(body.inputs)], here[len(body.inputs) :]
        self._is_mapped = bool(front)
        self._put_in_front(front, has)
        self._divide()
        self._write()

    def _put_in_front(self, front: Shape, has: Sequence[Sequence[bool]]) -> None:
        """The body for all that stands in front, one axis after the other; carries have all of them."""
        graph, carries = self.graph, self.loop.body.carries
        for axis in reversed(range(len(front))):
            entered = {}
            for k, i in enumerate(self.inputs):
                if k < carries or has[k][axis]:
                    name, shape = f"{'h' if k < carries else 'i'}{k}", (front[axis], *shape_of(graph, i))
                    entered[i] = self._variable(name, shape, graph.leaves[i].kind)
                    self.inputs[k] = entered[i]
            self.outputs = batch(graph, self.outputs, entered, front[axis])

    def _variable(self, name: str, shape: Shape, kind: str = "") -> int:
        return self.graph.var(Variable(name, (name, shape, f"{kind} of a loop"), shape=shape, kind=kind))

    def _divide(self) -> None:
        """Find what is computed where."""
        graph, body = self.graph, self.loop.body
        first, last = body.carries, body.carries + body.sequences
        self.rows = self.inputs[first:last]
        ends = self.outputs[:first] if self._is_loose(self.outputs[first:]) else self.outputs
        self.ends, self.late = list(ends), self.outputs[len(ends) :]
        changing, moving = set(self.inputs[:first]), set(self.rows)
        cone = graph.cone(self.outputs)
        for i in cone:
            operands = graph.nodes[i][1:] if graph.nodes[i][0] > VAR else ()
            if not changing.isdisjoint(operands):
                changing.add(i)
            elif not moving.isdisjoint(operands):
                moving.add(i)
        needed = set(self.ends)
        self.moved: list[int] = []
        self.fixed: list[int] = []
        for i in reversed(graph.cone(self.ends)):
            if i not in needed or graph.nodes[i][0] <= VAR:
                continue
            if i not in changing and (i not in moving or self._is_loose([i])):
                (self.moved if i in moving else self.fixed).append(i)
            else:
                needed.update(graph.nodes[i][1:])

    def _is_loose(self, roots: Sequence[int]) -> bool:
        """Whether nodes can be computed for all steps at once, in memory that is not much more than that of rows."""
        graph, body = self.graph, self.loop.body
        if self.loop.checkpoint or not roots:
            return False
        most = _GROWTH * max([64, *[_entries(shape_of(graph, i)) for i in (*self.inputs[: body.carries], *self.rows)]])
        given = set(self.inputs) | set(self.outputs[: body.carries])
        stack = [i for i in roots if i not in given]
        while stack:
            i = stack.pop()
            if _entries(shape_of(graph, i)) > most:
                return False
            if graph.nodes[i][0] > VAR:
                stack += [j for j in graph.nodes[i][1:] if j not in given]
        return True

    def _write(self) -> None:
        graph, length = self.graph, self.loop.length
        first, last = self.loop.body.carries, self.loop.body.carries + self.loop.body.sequences
        whole = []
        for k, i in enumerate(self.rows):
            whole.append(self._variable(f"X{k}", (length, *shape_of(graph, i)), graph.leaves[i].kind))
        moved = batch(graph, self.moved, dict(zip(self.rows, whole, strict=True)), length)
        same = {i: f"p{k}" for k, i in enumerate(self.inputs[last:])}
        rows = {i: f"X{k}" for k, i in enumerate(whole)}
        before = [*self.fixed, *moved]
        self._before = self._function("before", before, {**rows, **same}) if before else None
        known = [*self.fixed, *self.moved]
        kinds = ["int" if is_whole(graph, i) else "" for i in known]
        stand = [self._variable(f"z{k}", shape_of(graph, i), kinds[k]) for k, i in enumerate(known)]
        ends = copied(graph, graph, self.ends, dict(zip([*self.fixed, *self.moved], stand, strict=True)))
        names = {i: f"h{k}" for k, i in enumerate(self.inputs[:first])}
        names |= {i: f"x{k}" for k, i in enumerate(self.rows)} | same
        names |= {i: f"z{k}" for k, i in enumerate(stand)}
        self.native = self._as_native(ends, names)
        self._loop: Any = None if self.native else self._stepped(ends, names)
        self._behind = None
        if self.late:
            entered = {
                i: self._variable(f"H{k}", (length, *shape_of(graph, i))) for k, i in enumerate(self.inputs[:first])
            }
            after = {}
            for k, i in enumerate(self.outputs[:first]):
                if graph.nodes[i][0] > VAR and i not in entered:
                    after[i] = self._variable(f"A{k}", (length, *shape_of(graph, i)))
            late = batch(graph, self.late, {**entered, **dict(zip(self.rows, whole, strict=True)), **after}, length)
            names = {i: f"H{k}" for k, i in enumerate(entered.values())} | {
                i: graph.leaves[i].name for i in after.values()
            }
            self._behind = self._function("behind", late, {**names, **rows, **same})

    # -- code ----------------------------------------------------------------------------------

    def _source(self, outputs: Sequence[int], names: Mapping[int, str]) -> tuple[Any, list[str], list[str]]:
        source = _writers[0](self.graph, outputs, dict(names), self._options, self._asked)
        self.loops += source.known.loops.values()
        body = source.body()
        read = set(re.findall(r"[^\W\d]\w*", " ".join([*body, *source.results])))
        sizes = [f"{name} = sizes[{size!r}]" for size, name in source.known.size_names.items() if name in read]
        return source, sizes, body

    def _made(self, text: str, held: Mapping[str, Any]) -> Any:
        self.texts.append(text)
        return _writers[1](text, {"range": range, "zip": zip, **held})

    def _function(self, what: str, outputs: Sequence[int], names: Mapping[int, str]) -> Any:
        """A function of all steps at once."""
        source, sizes, body = self._source(outputs, names)
        kind, results = source.known.kind(), []
        for i, text, condition in zip(outputs, source.results, source.booleans, strict=True):
            number = f"{text}.astype({kind})" if i in self.graph.shapes else f"float({text})"
            results.append(number if condition else text)  # which a step reads as all other rows
        lines = [*sizes, *body, f"return ({', '.join(results)},)"]
        return self._made(
            f"def f(sizes, {', '.join(names.values())}):  # {what} the loop\n    " + "\n    ".join(lines),
            source.lines.held,
        )

    def _stepped(self, ends: Sequence[int], names: Mapping[int, str]) -> Any:
        """The loop."""
        source, sizes, body = self._source(ends, names)
        graph, first = self.graph, self.loop.body.carries
        read = [
            name for i, name in names.items() if name[0] == "x" or (name[0] == "z" and int(name[1:]) >= len(self.fixed))
        ]
        used = set(re.findall(r"[^\W\d]\w*", " ".join([*body, *source.results])))
        read = [name for name in read if name in used]
        heads = [f"for {', '.join(['t', *read])} in zip(range(steps), {', '.join([f'all_{n}' for n in read])}):"]
        body, turned = _turned(body)
        sizes = [*sizes, *turned]
        written = self._written(body, source)
        if written is not None:
            steps = written
        else:
            steps = [*body, *[f"n{k} = {text}" for k, text in enumerate(source.results)]]
            steps += [f"to{k}[t] = n{k}" for k in range(len(ends))]
        steps += [f"h{k} = n{k}" for k in range(first)]
        arguments = [
            *[f"all_{name}" if name in read else name for name in names.values()],
            *[f"to{k}" for k in range(len(ends))],
        ]
        self._scalar = {name for i, name in names.items() if i not in graph.shapes}
        text = f"def f(sizes, steps, {', '.join(arguments)}):\n    " + "\n    ".join(
            [*sizes, *heads, *[f"    {s}" for s in steps]]
        )
        self._order = list(names.values())
        self._read = set(read)
        return self._made(text, source.lines.held)

    def _as_native(self, ends: Sequence[int], names: Mapping[int, str]) -> Any:
        """The loop by the first backend that runs steps of vectors, None where there is none."""
        if self._is_mapped:
            return None
        graph, starts = self.graph, offsets(self.loop.body.output_shapes())
        places: dict[int, tuple[str, int]] = {}
        for k, (i, name) in enumerate(names.items()):
            row = name[0] == "x" or (name[0] == "z" and int(name[1:]) >= len(self.fixed))
            places[i] = ("carry", starts[int(name[1:])]) if name[0] == "h" else ("row" if row else "same", k)
        for backend in backends.ranked():
            make = getattr(backend, "matrix_recurrence", None)
            if make is not None and self._asked in ("auto", backend.name) and backend.installed():
                try:
                    self._order = list(names.values())
                    full = int(width(self.loop.body.output_shapes()))
                    made = make(graph, ends, places, full, self._options)
                    self.texts.append("# a native loop of products of matrices and vectors")
                    return made
                except (Unsupported, ValueError):
                    return None
        return None

    def _written(self, body: Sequence[str], source: Any) -> list[str] | None:
        """The lines where the last is a loop over entries whose result is all of a row: it goes there at once."""
        found = re.fullmatch(r"(t\d+) = (loop\d*)\((.*)\)  # (.*)", body[-1]) if body else None
        if found is None or source.results != [found[1]] or len(self.loop.body.outputs) > 1:
            return None
        grid = source.lines.held[found[2]].writer()
        if grid is None:
            return None
        source.lines.held[f"{found[2]}_into"] = grid
        return [*body[:-1], "n0 = to0[t]", f"{found[2]}_into({found[3]}, n0)  # {found[4]}"]

    def run(
        self, sizes: Mapping[str, int], steps: int, carries: Sequence[Any], rows: Sequence[Any], same: Sequence[Any],
        whole: Any, after: Sequence[Any], before: Sequence[Any],
    ) -> None:  # fmt: skip
        """Fill the rows: `after` and `before` are what of them each output is after a step, each carry before it."""
        extra = self._before(sizes, *rows, *same) if self._before else ()
        values: dict[str, Any] = {f"h{k}": a if a.ndim else a.item() for k, a in enumerate(carries)}
        values |= {f"x{k}": a for k, a in enumerate(rows)} | {f"p{k}": a for k, a in enumerate(same)}
        values |= {f"z{k}": a for k, a in enumerate(extra)}
        if self.native:
            self.native(steps, {k: values[n] for k, n in enumerate(self._order) if n[0] != "h"}, whole)
        else:
            given = [values[n].tolist() if n in self._read and n in self._scalar else values[n] for n in self._order]
            self._loop(sizes, steps, *given, *after[: len(self.ends)])
        if self._behind:
            made = [a for k, a in enumerate(after[: len(carries)]) if self._is_after(k)]
            late = self._behind(sizes, *before, *made, *rows, *same)
            for place, value in zip(after[len(self.ends) :], late, strict=True):
                place[...] = value

    def _is_after(self, k: int) -> bool:
        i = self.outputs[k]
        return self.graph.nodes[i][0] > VAR and i not in self.inputs and i not in self.outputs[:k]


def _turned(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines with transposes of what is the same in every step taken before the loop."""
    names = sorted(set(re.findall(r"\b(p\d+|z\d+)\.T\b", "\n".join(body))))
    found = [re.sub(r"\b(p\d+)\.T\b", r"\1_turned", line) for line in body]
    return found, [f"{name}_turned = {name}.T" for name in names if name[0] == "p"]


def _entries(shape: Sequence[Size]) -> float:
    """About how many entries an array has; a named size counts as 1: what has others is larger for any of them."""
    count = 1.0
    for n in shape:
        count *= n if isinstance(n, int) else 1
    return count
