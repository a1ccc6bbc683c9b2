"""Programs written with loops over flat memory: what the languages that have them share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from symdiff.languages import routines
from symdiff.languages.program import (
    CONSTANT,
    INPUT,
    LOCAL,
    Buffer,
    Copy,
    Number,
    Product,
    Program,
    Straight,
    Value,
    View,
)  # fmt: skip
from symdiff.languages.recorded import NEGATE, SELECT, Instruction, Library, helper_names
from symdiff.languages.spelling import ATOM, Names, Speller, Term

Index = str  # text of an index: a variable of a loop, a sum of two, or a number counted from 0


class LoopWriter(Speller):
    """A program as lines of a language; what these look like is said by those below."""

    indent = "    "
    end = "}"
    base = 0  # index of the first entry, and what variables of loops begin with
    columns = False  # whether arrays lie column by column

    def __init__(self, name: str, library: Library, names: Names) -> None:
        super().__init__(f"{name}_")
        self.name, self.library, self.names = name, library, names
        self.body: list[str] = []
        self.depth = 1
        self.openers: list[str] = []  # lines that others stand under, the innermost last
        names.taken.update([f"{self.helper_prefix}{helper}" for helper in helper_names()])
        self.tables: dict[tuple[int, ...], str] = {}
        self.constants: dict[int, Buffer] = {}  # arrays of numbers, by their number
        self.places: dict[Buffer, str] = {}  # what inputs, outputs and the workspace are called
        self.shapes: dict[Buffer, tuple[int, ...]] = {}  # of those that have an index for each axis
        self._letter = names.prefix("t")
        self._count = 0
        self._loop_names = [k for k in "ijklmnpq" if k not in names.taken | names.kept]
        names.taken.update(self._loop_names)
        self.around = 0  # loops that a stack of matrices is gone through by, around those of a routine

    # -- what a language says -------------------------------------------------------------

    @abstractmethod
    def for_line(self, variable: str, start: str, stop: str, down: bool = False) -> str:
        """The line that begins a loop from start up to stop - 1, or from start - 1 down to stop."""

    @abstractmethod
    def variable(self, name: str, text: str) -> str:
        """A line that makes a number that changes."""

    @abstractmethod
    def counter(self, name: str, text: str) -> str:
        """A line that makes a whole number that changes."""

    @abstractmethod
    def if_line(self, condition: str) -> str:
        """The line that begins what is done under a condition."""

    def set_line(self, target: str, text: str) -> str:
        """A line that changes a variable or an entry."""
        return f"{target} = {text};"

    def ending(self, opener: str) -> str:
        """The line that ends what stands under another; empty where there is none."""
        return self.end

    def entry(self, name: str, index: Index) -> str:
        """An entry of flat memory."""
        return f"{name}[{index}]"

    def local(self, name: str, text: str) -> str:
        """A line that makes a number that is read in other stages."""
        return self.assignment(name, text, False)

    # -- lines ------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write a line."""
        self.body.append(f"{self.indent * self.depth}{text}")

    def begin(self, text: str) -> None:
        """Write a line that others stand under."""
        self.line(text)
        self.openers.append(text)
        self.depth += 1

    def close(self, count: int = 1) -> None:
        """End what stands under so many lines."""
        for _ in range(count):
            self.depth -= 1
            end = self.ending(self.openers.pop())
            if end:
                self.line(end)

    def loop(self, variable: str, count: int) -> None:
        """Begin a loop over so many places."""
        self.between(variable, 0, count)

    def nest(self, variables: Sequence[str], shape: Sequence[int]) -> None:
        """Begin loops over all entries, in the order in which they lie."""
        loops = list(zip(variables, shape, strict=True))
        for variable, count in reversed(loops) if self.columns else loops:
            self.loop(variable, count)

    def between(self, variable: str, start: int | Index, stop: int | Index, down: bool = False) -> None:
        """Begin a loop from start up to before stop, or down; ints count from 0, texts are `k` or `k + 1` of a loop."""
        first, last = (str(k + self.base) if isinstance(k, int) else k for k in (start, stop))
        self.begin(self.for_line(variable, first, last, down))

    def under(self, condition: Term) -> None:
        """Begin what is done under a condition."""
        self.begin(self.if_line(condition.text))

    def before(self, stop: Index) -> Index:
        """The place before one, for languages whose loops take in their last place."""
        if stop.isdigit():
            return str(int(stop) - 1)
        return stop[: -len(" + 1")] if stop.endswith(" + 1") else f"{stop} - 1"

    def sum_of(self, a: Index, b: Index) -> Index:
        """The place as far behind one as another is from the first."""
        return f"{a} + {b} - {self.base}" if self.base else f"{a} + {b}"

    def back_from(self, place: int, by: Index) -> Index:
        """The place so far in front of one that is counted from 0."""
        return f"{place + 2 * self.base} - {by}"

    def variables(self, count: int) -> list[str]:
        """Names of loops inside one another."""
        while len(self._loop_names) < self.around + count:
            self._loop_names.append(self.names.beside("r"))
        return self._loop_names[self.around : self.around + count]

    def fresh(self, letter: str = "") -> str:
        """A name for a number that has none."""
        if letter:
            return self.names.beside(letter)
        self._count += 1
        return f"{self._letter}{self._count}"

    # -- entries -----------------------------------------------------------------------------

    def index(self, view: View, at: Sequence[Index]) -> Index:
        """The place in memory of an entry of a view."""
        offset = view.offset + self.base + (view.buffer.start if view.buffer.kind == "work" else 0)
        parts = []
        for axis, k, n in [*view.lead, *zip(view.axes, at, view.shape, strict=True)]:
            if isinstance(axis, tuple):
                parts.append(self.entry(self.table(axis), k))
            elif axis and n > 1:
                if k.isdigit():
                    offset += axis * int(k)
                else:
                    offset -= axis * self.base
                    bare = k if k.isidentifier() else f"({k})"
                    parts.append(k if axis == 1 else f"{axis}*{bare}" if axis > 0 else f"-{-axis}*{bare}")
        if offset or not parts:
            first = next((p for p in parts if not p.startswith("-")), "")
            parts = [str(offset), *parts] if not first or offset > 0 else [*parts, str(offset)]
        text = ""
        for part in parts:
            text += part if not text else f" - {part[1:]}" if part.startswith("-") else f" + {part}"
        return text

    def indices(self, view: View, at: Sequence[Index]) -> Index | None:
        """An index for each axis of an array column by column; None where a view does not keep to its axes."""
        rest, found = view.offset, []
        shape = [max(size, 1) for size in self.shapes[view.buffer]]
        every = [*view.lead, *zip(view.axes, at, view.shape, strict=True)]
        moves = [(axis, k, n) for axis, k, n in every if axis and n > 1]
        if any(isinstance(axis, tuple) or axis < 0 or not k.isidentifier() for axis, k, _ in moves):
            return None
        steps = [axis for axis, _, _ in moves]
        for size in shape:
            parts = [(step % size, k, n) for step, (_, k, n) in zip(steps, moves, strict=True) if step % size]
            steps = [step // size for step in steps]
            first = rest % size
            rest //= size
            if first + sum([step * (n - 1) for step, _, n in parts]) >= size:
                return None
            found.append(self._moved(first + self.base * (1 - sum([step for step, _, _ in parts])), parts))
        return None if rest or any(steps) else ", ".join(found)

    def _moved(self, first: int, parts: Sequence[tuple[int, Index, int]]) -> Index:
        text = " + ".join([k if step == 1 else f"{step}*{k}" for step, k, _ in parts])
        sign = "+" if first > 0 else "-"
        return str(first) if not text else f"{text} {sign} {abs(first)}" if first else text

    def table(self, offsets: tuple[int, ...]) -> str:
        """The name of a table of offsets."""
        found = self.tables.get(offsets)
        if found is None:
            found = self.tables[offsets] = self.named(f"at{len(self.tables) + 1}")
        return found

    def named(self, what: str) -> str:
        """The name of a table or an array of constants."""
        return self.names.beside(f"{self.name}_{what}")

    def at(self, value: Value, at: Sequence[Index]) -> Term:
        """An entry of a value."""
        if isinstance(value, Number):
            return self.number(float(value.value))
        buffer = value.buffer
        if buffer.kind == LOCAL:
            return Term(self.place(buffer))
        if buffer.kind == INPUT and (buffer, value.offset) in self.scalars and not any(value.axes):
            return Term(self.scalars[buffer, value.offset])
        index = self.indices(value, at) if buffer in self.shapes else None
        return Term(self.entry(self.place(buffer), self.index(value, at) if index is None else index))

    scalars: dict[tuple[Buffer, int], str] = {}  # noqa: RUF012  # names of inputs that are numbers; replaced, not changed

    def place(self, buffer: Buffer) -> str:
        """The name of a buffer."""
        found = self.places.get(buffer)
        if found is None:
            if buffer.kind == CONSTANT:
                self.constants[buffer.number] = buffer
                found = self.named(f"c{buffer.number + 1}")
            else:
                found = self.fresh()
            self.places[buffer] = found
        return found

    def put(self, view: View, at: Sequence[Index], term: Term) -> None:
        """Write a value into an entry."""
        target = self.at(view, at).text
        if view.buffer.kind == LOCAL:
            self.line(self.local(target, term.text))
        else:
            self.line(self.set_line(target, term.text))

    # -- stages ------------------------------------------------------------------------------

    def write(self, program: Program) -> None:
        """Write all stages."""
        for stage in program.stages:
            if isinstance(stage, Straight):
                self.straight(stage)
            elif isinstance(stage, Product):
                self.product(stage)
            elif isinstance(stage, Copy):
                self.copy(stage)
            else:
                routines.write(self, stage)

    def straight(self, stage: Straight) -> None:
        """Numbers one after the other, for every entry of a shape."""
        loops = self.variables(len(stage.shape))
        self.nest(loops, stage.shape)
        block = self.library.block(stage.tape)
        inputs = [self.at(view, loops if view.axes else ()) for view in stage.reads]
        lines, terms = self.lines(block, inputs, self.namer(stage), stage.names)
        pad = self.indent * self.depth
        self.body += [pad + line for line in lines]
        for slot, view in stage.writes:
            self.put(view, loops, terms[slot])
        self.close(len(loops))

    def namer(self, stage: Straight) -> Any:
        """What slots are called: by the names that users gave, else by numbers."""

        def name(slot: int) -> str:
            given = stage.names.get(slot)
            if given is not None:
                return self.names.fresh(given)
            self._count += 1
            return f"{self._letter}{self._count}"

        return name

    def copy(self, stage: Copy) -> None:
        """A value put into a view, or added to it."""
        loops = self.variables(len(stage.target.shape))
        self.nest(loops, stage.target.shape)
        source = self.at(stage.source, loops if isinstance(stage.source, View) and stage.source.axes else ())
        if stage.adds:
            source = self.infixed(self.at(stage.target, loops), "+", source)
        self.put(stage.target, loops, source)
        self.close(len(loops))

    # -- products -----------------------------------------------------------------------------

    def product(self, stage: Product) -> None:
        """Loops over the labels: the innermost is one along which memory is walked through in order."""
        result = stage.labels
        summed = [k for k in dict.fromkeys("".join(names for names, _, _ in stage.factors)) if k not in result]
        by_label = dict(zip([*result, *summed], self.variables(len(result) + len(summed)), strict=True))
        if not summed:
            self._loops(stage, by_label, result)
            self.put(stage.target, [by_label[k] for k in result], self.factors(stage, by_label))
            self.close(len(result))
            return
        inner = min([*summed, *result[::-1]], key=lambda k: self._jumps(stage, k))
        if inner in summed:
            self._loops(stage, by_label, result)
            total = self.fresh()
            self.line(self.variable(total, self.number(0.0).text))
            order = [*[k for k in summed if k != inner], inner]
            self._loops(stage, by_label, order)
            self.line(self.added(total, self.factors(stage, by_label, summed_only=True, labels=summed)))
            self.close(len(order))
            rest = self.factors(stage, by_label, summed_only=False, labels=summed)
            found = self.times(Term(total), rest)
            self.put(stage.target, [by_label[k] for k in result], found)
            self.close(len(result))
            return
        outer = [k for k in result if k != inner]
        self._loops(stage, by_label, outer)
        target = [by_label[k] for k in result]
        self.loop(by_label[inner], stage.sizes[inner])
        self.put(stage.target, target, self.number(0.0))
        self.close()
        self._loops(stage, by_label, summed)
        fixed = self.times(*[self._entry(f, by_label) for f in stage.factors if inner not in f[0]])
        moving = self.times(*[self._entry(f, by_label) for f in stage.factors if inner in f[0]])
        if fixed is not None and fixed.level < ATOM:
            name = self.fresh()
            self.line(self.assignment(name, fixed.text, False))
            fixed = Term(name)
        self.loop(by_label[inner], stage.sizes[inner])
        term = self.times(*[t for t in (fixed, moving) if t is not None])
        place = self.at(stage.target, target).text
        self.line(self.added(place, term))
        self.close(1 + len(summed) + len(outer))

    def added(self, target: str, term: Term) -> str:
        """A line that adds to a variable or an entry."""
        return self.set_line(target, self.infixed(Term(target), "+", term).text)

    def _loops(self, stage: Product, by_label: dict[str, str], labels: Sequence[str]) -> None:
        for k in labels:
            self.loop(by_label[k], stage.sizes[k])

    def _jumps(self, stage: Product, label: str) -> int:
        """How often memory is left behind where a label is the innermost."""
        views = [(names, v) for names, v, _ in stage.factors if isinstance(v, View)] + [(stage.labels, stage.target)]
        jumps = 0
        for names, view in views:
            axes = [a for a, k in zip(view.axes, names, strict=True) if k == label]
            jumps += any(isinstance(a, tuple) or a not in (0, 1) for a in axes) or len(axes) > 1
        return jumps

    def _entry(self, factor: tuple[str, Value, bool], by_label: dict[str, str]) -> Term:
        names, value, _ = factor
        return self.at(value, [by_label[k] for k in names])

    def factors(
        self, stage: Product, by_label: dict[str, str], summed_only: bool | None = None, labels: Sequence[str] = ()
    ) -> Any:
        """The product of factors: all, those that have one of some labels, or those that have none; None of none."""

        def takes(names: str) -> bool:
            return summed_only is None or bool(set(names) & set(labels)) == summed_only

        above = [self._entry(f, by_label) for f in stage.factors if not f[2] and takes(f[0])]
        below = [self._entry(f, by_label) for f in stage.factors if f[2] and takes(f[0])]
        found = self.times(*above)
        if below:
            found = self.infixed(found or self.number(1.0), "/", self.times(*below) or self.number(1.0))
        return found if found is not None or summed_only is False else self.number(1.0)

    def times(self, *terms: Term | None) -> Any:
        """A product of terms, None of none."""
        found: Term | None = None
        for term in terms:
            if term is not None:
                found = term if found is None else self.infixed(found, "*", term)
        return found

    # -- expressions for routines ---------------------------------------------------------------

    def call(self, name: str, *terms: Term) -> Term:
        """A function by its name in C."""
        return self.apply(self.library.call(name, len(terms)), *terms)

    def pick(self, condition: Term, a: Term, b: Term) -> Term:
        """One of two terms by a condition."""
        return self.apply(Instruction(SELECT), condition, a, b)

    def minus(self, a: Term) -> Term:
        """-a."""
        return self.apply(Instruction(NEGATE), a)
