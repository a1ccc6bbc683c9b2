"""Programs written with whole arrays: what NumPy, JAX and PyTorch share. Every node is one step, arrays too."""

from __future__ import annotations

import keyword
import math
import string
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from symdiff.algebra.numbers import FLOAT, LIFTS, TABLES
from symdiff.array_constants import is_sparse
from symdiff.compile.kernel import Unsupported
from symdiff.compile.lower import lower
from symdiff.compile.results import ARRAY, NUMBER, Leaf
from symdiff.compile.tape import tape_of
from symdiff.graph import STATIC, VAR, Graph
from symdiff.index_labels import Labels
from symdiff.keys import Key, Paired, Places, Range
from symdiff.languages.job import Job
from symdiff.languages.recorded import CALL, INFIX, NOT, SELECT, Block, Helper, Instruction, Library, lacking
from symdiff.languages.spelling import ATOM, CHOICE, PRODUCT, SUM, Names, Speller, Template, Term, words
from symdiff.loop_body import Body, Loop
from symdiff.ops import arrays
from symdiff.records import FIRST_ARRAY_CODE, Operation, record
from symdiff.shapes import bound

FORMAT = "format"  # an instruction whose name is a format of its operands
RESERVED = frozenset(
    [*keyword.kwlist, *words("np jnp jax torch special sparse math inf nan print float int len range slice")]
)
_SQUARE = {"inv", "solve", "det", "logdet", "det_sign", "log_abs_det", "cholesky"}


class ArrayWriter(Speller):
    """A function of arrays as lines of Python; a language says what functions it has and what they are called."""

    module = "np"
    imports: Sequence[str] = ("import numpy as np",)
    calls: Mapping[str, str] = {}  # formats of operations on whole arrays; read only
    helpers_text: Mapping[str, str] = {}  # functions that these call; read only
    begins = "{0}"  # what inputs are made by, of a kind of numbers
    single = "np.float32"
    guard = ""  # line that the body stands under
    further: Mapping[str, str] = {}  # imports by the name that code uses; read only
    as_number = "(1.0*{0})"  # format of a condition as a number
    one = "(1.0)"  # an array without axes
    transpose = broadcast = total = zeros = stacked = sparse = ""  # formats, with names for what they are of
    slices = "np.s_[{}]"
    optimize = ""  # option of products of more than two arrays
    backwards = True  # whether slices go backwards
    like = ""  # an argument, whose kind of numbers constants take; empty where there is none

    def __init__(self, job: Job, library: Library, names: Names) -> None:
        super().__init__("_")
        self.job, self.library, self.names = job, library, names
        self.constants: list[str] = []  # lines of the module
        self.steps: dict[str, str] = {}  # the functions of bodies of loops
        self.step_lines: list[str] = []
        self._letter = names.prefix("t")
        self._count = 0

    # -- instructions ----------------------------------------------------------------------

    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""
        if type(value) is bool:
            return Term(str(value))
        if math.isfinite(value):
            text = repr(float(value))
        else:
            text = f"{self.module}.nan" if value != value else f"{'-' * (value < 0)}{self.module}.inf"
        return Term(text, SUM if text.startswith("-") else ATOM)

    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""
        return f"{name} = {text}"

    def _template(self, what: Instruction, count: int) -> Template:
        m = self.module
        if what.form == FORMAT:
            return Template(what.name, (ATOM,) * count, ATOM if what.name[-1] in ")]" else PRODUCT)
        if what.form == INFIX and what.name in ("and", "or"):
            return Template(f"{m}.logical_{what.name}({{0}}, {{1}})", (CHOICE, CHOICE), ATOM)
        if what.form == NOT:
            return Template(f"{m}.logical_not({{0}})", (CHOICE,), ATOM)
        if what.form == SELECT:
            return Template(f"{m}.where({{0}}, {{1}}, {{2}})", (CHOICE,) * 3, ATOM)
        if what.form == CALL and what.name == "symdiff pow":
            return Template("{0}**{1}", (ATOM, ATOM), PRODUCT)
        return super()._template(what, count)

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""
        names = Names(self.names.taken)
        inputs = [Term(names.fresh("xyzuvw"[k] if k < 6 else f"x{k}")) for k in range(helper.block.arity)]
        lines, terms = self.lines(helper.block, inputs, lambda slot: f"t{slot}")
        head = f"def {self.helper_prefix}{helper.name}({', '.join([t.text for t in inputs])}):"
        body = [*lines, f"return {terms[helper.block.outputs[0]].text}"]
        return [head, *[f"    {line}" for line in body], "", ""]

    def constant(self, text: str) -> str:
        """A name of the module for a value."""
        name = f"_c{len(self.constants) + 1}"
        self.constants.append(f"{name} = {text}")
        return name

    def held(self, name: str) -> str:
        """A value of the module where the function runs."""
        return name

    def array(self, values: Any) -> str:
        """The text of an array of numbers."""
        flat = np.asarray(values)
        kind = "int" if flat.dtype.kind in "iu" else "float"
        entries = flat.astype(np.int64 if kind == "int" else np.float64).ravel().tolist()
        texts = [str(v) if kind == "int" else self.number(v).text for v in entries]
        shape = f".reshape({flat.shape})" if flat.ndim != 1 else ""
        listed = ", ".join(texts)
        return f"{self.array_of(f'[{listed}]', kind)}{shape}"

    def array_of(self, text: str, kind: str) -> str:
        """An array made of a list."""
        return f"{self.module}.array({text}, dtype={kind})"

    def also(self, *texts: Sequence[str]) -> list[str]:
        """Further imports, where what is written names them."""
        joined = "\n".join([line for lines in texts for line in lines])
        return [line for word, line in self.further.items() if f"{word}." in joined]

    def name(self, slot: int) -> str:
        """What a step is called that has no name."""
        self._count += 1
        return f"{self._letter}{self._count}"

    def inputs(self, names: Sequence[str]) -> list[str]:
        """Lines that make the arguments arrays."""
        kind = self.single if self.job.single else "float"
        return [f"{name} = {self.begins.format(name, kind=kind)}" for name in names]

    def stack(self, terms: Sequence[Term], shape: tuple[int, ...]) -> str:
        """An array of its entries."""
        return self.stacked.format(entries=", ".join([t.text for t in terms]), shape=shape)

    def step(self, body: Body) -> str:
        """The name of a function of the module that does one step of a loop."""
        name = self.steps.get(body.key)
        if name is None:
            name = self.steps[body.key] = self.names.beside(f"_step{len(self.steps) + 1}")
            names = Names([*self.names.taken, *self.names.kept])
            given = [names.beside(f"a{k + 1}") for k in range(len(body.inputs))]
            like, self.like = self.like, given[0]
            numbers = _Nodes(self, body.graph, dict(zip(body.inputs, given, strict=True)))
            lines, values = numbers.run(body.outputs, numeric=True)
            self.like = like
            result = "".join([f"{values[i].text}, " for i in body.outputs])
            head = f"def {name}({', '.join(given)}):"
            self.step_lines += [head, *[f"    {line}" for line in [*lines, f"return ({result.rstrip()})"]], "", ""]
        return name

    def called_in(self, *texts: Sequence[str]) -> list[str]:
        """The functions of `helpers_text` that lines call, and those that these call."""
        joined = "\n".join([line for lines in texts for line in lines])
        found: list[str] = []
        for name in reversed([*self.helpers_text]):  # which call those before them
            if f"{name}(" in joined:
                found.insert(0, f"{self.helpers_text[name]}\n")
                joined += found[0]
        return found


def write(job: Job, kind: type[ArrayWriter], functions: Mapping[str, str], native: Mapping[str, str]) -> str:
    """The text of a module that defines the function."""
    names = Names(RESERVED | {job.name}, job.given_names)
    library = Library(kind.language, functions, [*native, "pow"])
    writer = kind(job, library, names)
    writer.functions, writer.native = functions, native
    arguments = [names.fresh(a.name) for a in job.arguments]
    writer.like = arguments[0] if arguments else ""
    places = _inputs(job, arguments)
    shaped = job.graph.has_arrays([i for own in job.leaves for i in own]) or any(a.array for a in job.arguments)
    roots = [i for own in job.leaves for i in own]
    program = _Nodes(writer, job.graph, places) if shaped else _Scalars(writer, places)
    lines, values = program.run(roots)
    result = _nested(job, writer, values)
    begin = writer.inputs(arguments)
    body = [*lines, f"return {result}"]
    if writer.guard:
        body = [writer.guard, *[f"    {line}" for line in body]]
    helpers = [line for helper in library.helpers.values() for line in writer.helper(helper)]
    helpers += writer.step_lines
    own = writer.called_in(begin, helpers, body)
    doc = f'    """{_doc(job)}"""'
    head = [f"def {job.name}({', '.join(arguments)}):", doc]
    title = job.title.replace("\\", "/").replace('"""', "'''")
    constants = [*writer.constants, *([""] if writer.constants else [])]
    imports = [*writer.imports, *writer.also(own, helpers, body, constants)]
    text = [
        f'"""{title}"""',
        "",
        *imports,
        "",
        *constants,
        "",
        *own,
        *helpers,
        *head,
    ]
    return "\n".join([*text, *[f"    {line}" for line in [*begin, *body]], ""])


def _doc(job: Job) -> str:
    """What the function takes, in words."""
    given = [f"{a.label}: {a.said}" for a in job.arguments]
    return "; ".join(given).replace("\\", "/").replace('"""', "'''") + "." if given else "No inputs."


def _inputs(job: Job, names: Sequence[str]) -> dict[int, str]:
    """The text of each variable."""
    found: dict[int, str] = {}
    for argument, name in zip(job.arguments, names, strict=True):
        if argument.array or argument.shape is None:
            found[argument.nodes[0]] = name
        else:
            places = np.ndindex(*argument.shape)
            found.update(
                {i: f"{name}[{', '.join(map(str, at))}]" for i, at in zip(argument.nodes, places, strict=True)}
            )
    return found


# -- scalars ---------------------------------------------------------------------------------


class _Scalars:
    """A program of numbers: its lowered tape."""

    def __init__(self, writer: ArrayWriter, places: Mapping[int, str]) -> None:
        self.writer, self.places, self.job = writer, places, writer.job

    def run(self, roots: Sequence[int]) -> tuple[list[str], dict[int, Term]]:
        """The lines, and the terms of the results."""
        job, writer = self.job, self.writer
        given = job.graph.notes_in(job.graph.cone(roots))
        inputs = list(self.places)
        tape = tape_of(job.graph, [*roots, *given], inputs)
        lowered = lower(tape, job.options)
        block = writer.library.block(lowered)._replace(outputs=lowered.outputs[: len(roots)])
        names = {j: writer.names.fresh(n) for j, n in zip(lowered.outputs[len(roots) :], given.values(), strict=True)}
        terms = [Term(self.places[i]) for i in inputs]
        lines, known = writer.lines(block, terms, lambda slot: names.get(slot) or writer.name(slot), names)
        return lines, dict(zip(roots, [known[j] for j in block.outputs], strict=True))


# -- arrays -----------------------------------------------------------------------------------


class _Nodes:
    """A program of nodes of arrays and numbers, each a step."""

    def __init__(self, writer: ArrayWriter, graph: Graph, places: Mapping[int, str]) -> None:
        self.writer, self.places, self.job, self.graph = writer, places, writer.job, graph
        self.inputs: list[Term] = []
        self.slots: dict[int, int] = {}
        self.steps: list[Instruction] = []
        self.operands: list[list[int]] = []
        self.constants: dict[int, Any] = {}  # numbers by node
        self.conditions: set[int] = set()  # steps that are conditions

    def run(self, roots: Sequence[int], numeric: bool = False) -> tuple[list[str], dict[int, Term]]:
        """The lines, and the terms of the results, as numbers where conditions have to be."""
        cone = self.graph.cone(roots)
        nodes = self.graph.nodes
        numbers = []
        for i in cone:
            leaf = None if nodes[i][0] == STATIC else self._leaf(i)
            if i in self.constants:
                numbers.append(i)
            elif leaf is not None:
                self.slots[i] = len(self.inputs)
                self.inputs.append(leaf)
        count = len(self.inputs)
        self.slots.update({i: count + k for k, i in enumerate(numbers)})
        self.first = count + len(numbers)
        for i in cone:
            if nodes[i][0] != STATIC and i not in self.slots:
                self._node(i)
        given = {self.slots[i]: self.writer.names.fresh(n) for i, n in self.graph.notes_in(cone).items()}
        constants = [self.constants[i] for i in numbers]
        ends = {i: self._number(self.slots[i]) if numeric else self.slots[i] for i in roots}
        block = Block(count, constants, self.steps, self.operands, [*ends.values()])
        lines, known = self.writer.lines(
            block, self.inputs, lambda slot: given.get(slot) or self.writer.name(slot), given
        )
        return lines, {i: known[slot] for i, slot in ends.items()}

    def _leaf(self, i: int) -> Term | None:
        """The text of a variable or an array of numbers; numbers are noted, also those that are computed here."""
        if i in self.places:
            return Term(self.places[i])
        node = self.graph.nodes[i]
        op = record(node[0])
        if node[0] <= VAR and i in self.graph.shapes:
            value = self.graph.leaves[i]
            name = self.writer.constant(self.writer.array(value.toarray() if is_sparse(value) else value))
            return Term(self.writer.held(name))
        if node[0] <= VAR:
            number = LIFTS[FLOAT](self.graph.leaves[i])
        elif op is arrays.size:
            number = float(bound((self.graph.leaves[node[1]],), self.job.sizes)[0])
        elif node[0] < FIRST_ARRAY_CODE and all(j in self.constants for j in node[1:]):
            with np.errstate(all="ignore"):
                number = TABLES[FLOAT][op.opcode](*[self.constants[j] for j in node[1:]])
        else:
            return None
        self.constants[i] = number
        return None

    def _shape(self, i: int) -> tuple[int, ...]:
        return bound(self.graph.shapes.get(i, ()), self.job.sizes)

    def _step(self, what: Instruction, operands: Sequence[int]) -> int:
        self.steps.append(what)
        self.operands.append(list(operands))
        return self.first + len(self.steps) - 1

    def _format(self, text: str, *operands: int) -> int:
        return self._step(Instruction(FORMAT, text), operands)

    def _node(self, i: int) -> None:
        node = self.graph.nodes[i]
        op = record(node[0])
        operands = [j for j in node[1:] if self.graph.nodes[j][0] != STATIC]
        if node[0] < FIRST_ARRAY_CODE:
            self.slots[i] = self._elementwise(i, op, operands)
            return
        slots = [self._number(self.slots[j]) for j in operands]
        parameters: Any = self.graph.leaves[node[1]] if op.parameters else None  # type: ignore[attr-defined]
        if op is arrays.einsum:
            self.slots[i] = self._contraction(parameters, operands, slots, self._shape(i))
        elif op is arrays.take:
            self.slots[i] = self._format(self._taken(parameters, self._shape(operands[0])), *slots)
        elif op is arrays.put:
            self.slots[i] = self._put(parameters.keys, self._shape(i), slots)
        elif op is arrays.reshape:
            self.slots[i] = self._format(f"{{0}}.reshape({self._shape(i)})", *slots)
        elif op is arrays.scan:
            self.slots[i] = self._scan(parameters, self._shape(i), slots)
        else:
            self.slots[i] = self._call(op, parameters, operands, slots)

    def _elementwise(self, i: int, op: Operation, operands: Sequence[int]) -> int:
        orders = tuple([self.constants.get(operands[k]) for k in op.whole])
        kept = [j for k, j in enumerate(operands) if k not in op.whole]
        slots = []
        booleans = [self.slots[j] in self.conditions for j in operands]
        chooses = bool(op.branches) and all(booleans[k] for k in op.branches)
        for k, j in enumerate(operands):
            if k in op.whole:
                continue
            slot = self.slots[j]
            if k in op.conditions:
                slot = slot if slot in self.conditions else self._condition(slot)
            elif not chooses:
                slot = self._number(slot)
            slots.append(slot)
        count = len(kept) + len(orders)
        if count > op.arity and not op.variadic:
            instruction = self.writer.library.instruction(op, orders, op.arity)
            total = slots[0]
            for other in slots[1:]:
                total = self._step(instruction, [total, other])
            return total
        found = self._step(self.writer.library.instruction(op, orders, count), slots)
        if op.boolean or chooses:
            self.conditions.add(found)
        return found

    def _condition(self, slot: int) -> int:
        found = self._format("({0} != 0.0)", slot)
        self.conditions.add(found)
        return found

    def _number(self, slot: int) -> int:
        """A slot of numbers: of conditions 1.0 and 0.0."""
        return self._format(self.writer.as_number, slot) if slot in self.conditions else slot

    # -- operations on whole arrays ---------------------------------------------------------

    def _contraction(self, labels: Labels, operands: Sequence[int], slots: list[int], shape: tuple[int, ...]) -> int:
        sizes = {label: bound((size,), self.job.sizes)[0] for label, size in labels.free}
        for names, j in zip(labels.factors, operands, strict=True):
            sizes.update(zip(names, self._shape(j), strict=True) if names else ())
        letters = dict(zip(sizes, string.ascii_letters, strict=False))
        if len(sizes) > len(letters):
            raise Unsupported(f"a product of arrays with more than {len(letters)} axes has no code")
        shaped = [(n, s) for n, s in zip(labels.factors, slots, strict=True) if n]
        scalars = [s for n, s in zip(labels.factors, slots, strict=True) if not n]
        held = {k for names, _ in shaped for k in names}
        result = "".join(dict.fromkeys(labels.result))
        kept = "".join([k for k in result if k in held])
        found = self._product(shaped, kept, letters) if shaped else -1
        for slot in scalars:
            found = slot if found < 0 else self._step(Instruction(INFIX, "*"), [slot, found])
        if found < 0:
            found = self._format(self.writer.one)
        if kept != result:
            found = self._spread(found, kept, result, sizes)
        if result != labels.result:
            strides = [sum(_stride(shape, a) for a, k in enumerate(labels.result) if k == d) for d in result]
            places = np.zeros(tuple([sizes[k] for k in result]), dtype=np.int64)
            for axis, stride in enumerate(strides):
                places = places + (np.arange(places.shape[axis]) * stride).reshape(
                    [-1 if a == axis else 1 for a in range(places.ndim)]
                )
            found = self._put_flat(places, shape, found)
        return found

    def _product(self, shaped: Sequence[tuple[str, int]], kept: str, letters: Mapping[str, str]) -> int:
        if all(names == kept for names, _ in shaped):
            found = shaped[0][1]
            for _, slot in shaped[1:]:
                found = self._step(Instruction(INFIX, "*"), [found, slot])
            return found
        if len(shaped) == 1 and sorted(shaped[0][0]) == sorted(kept):
            order = tuple([shaped[0][0].index(k) for k in kept])
            return self._format(self.writer.transpose.format(order=order), shaped[0][1])
        if len(shaped) == 1 and len({*shaped[0][0]}) == len(shaped[0][0]):
            names = shaped[0][0]
            axes = tuple([k for k, label in enumerate(names) if label not in kept])
            if [k for k in names if k in kept] == list(kept):
                return self._format(self.writer.total.format(axes=axes), shaped[0][1])
        plain = _matmul([names for names, _ in shaped], kept)
        if plain:
            return self._format(plain, *[slot for _, slot in shaped])
        spelled = ["".join([letters[k] for k in one]) for one, _ in shaped]
        spec = f"{','.join(spelled)}->{''.join([letters[k] for k in kept])}"
        given = ", ".join([f"{{{k}}}" for k in range(len(shaped))])
        best = self.writer.optimize if len(shaped) > 2 else ""
        return self._format(f"{self.writer.module}.einsum('{spec}', {given}{best})", *[slot for _, slot in shaped])

    def _spread(self, slot: int, kept: str, result: str, sizes: Mapping[str, int]) -> int:
        shape = tuple([sizes[k] for k in result])
        inner = tuple([sizes[k] if k in kept else 1 for k in result])
        shaped = f"{{0}}.reshape({inner})" if kept else "{0}"
        return self._format(self.writer.broadcast.format(shaped=shaped, shape=shape), slot)

    def _taken(self, key: Key, shape: tuple[int, ...]) -> str:
        text = self._slices(key, shape)
        if text is not None:
            return f"{{0}}[{text}]"
        places = np.arange(prod(shape)).reshape(shape)[_numpy_index(key, shape, self.job.sizes)]
        return f"{{0}}.reshape(-1)[{self.writer.constant(self.writer.array(places))}]"

    def _slices(self, key: Key, shape: tuple[int, ...]) -> str | None:
        parts = []
        for place, n in zip(key, shape, strict=True):
            if isinstance(place, (Places, Paired)):
                return None
            if isinstance(place, int):
                parts.append(str(place))
                continue
            count = bound((place.count,), self.job.sizes)[0]
            start = place.start % n if place.start < 0 and n else place.start
            if place.step < 0 and not self.writer.backwards:
                return None
            cut = Range(start, count, place.step).as_slice
            stop = "" if cut.stop is None or (cut.stop >= n and place.step == 1) else str(cut.stop)
            begin = str(cut.start) if cut.start or place.step < 0 else ""
            parts.append(f"{begin}:{stop}" + (f":{place.step}" if place.step != 1 else ""))
        return ", ".join(parts)

    def _put(self, keys: Sequence[Key], shape: tuple[int, ...], slots: Sequence[int]) -> int:
        found = self._format(self.writer.zeros.format(shape=shape))
        for key, slot in zip(keys, slots, strict=True):
            text = self._slices(key, shape)
            if text is None:
                places = np.arange(prod(shape)).reshape(shape)[_numpy_index(key, shape, self.job.sizes)]
                found = self._put_flat(places, shape, slot, found)
                continue
            found = self._format(f"_added({{0}}, {self.writer.slices.format(text)}, {{1}})", found, slot)
        return found

    def _put_flat(self, places: Any, shape: tuple[int, ...], slot: int, into: int = -1) -> int:
        index = self.writer.constant(self.writer.array(places.ravel()))
        if into < 0:
            into = self._format(self.writer.zeros.format(shape=shape))
        return self._format(f"_added_at({{0}}, {index}, {{1}})", into, slot)

    def _scan(self, loop: Loop, shape: tuple[int, ...], slots: Sequence[int]) -> int:
        """The rows of a loop, whose step is a function of its own."""
        name = self.writer.step(loop.body)
        counts = f"{shape[-2] - 1}, {loop.body.carries}, {loop.body.sequences}, {shape[-1]}"
        given = ", ".join([f"{{{k}}}" for k in range(len(slots))])
        if len(shape) == 2:
            return self._format(f"_scan({name}, {counts}, {given})", *slots)
        return self._format(f"_scan_each({loop.body.ranks()}, {name}, {counts}, {given})", *slots)

    def _call(self, op: Operation, parameters: Any, operands: Sequence[int], slots: Sequence[int]) -> int:
        form = self.writer.calls.get(op.name)
        if form is None:
            raise lacking(op.name, self.writer.language)
        rank = len(self._shape(operands[0]))
        form = form.replace("TURNED", ".T" if rank == 2 else ".swapaxes(-1, -2)")
        if isinstance(parameters, tuple) and op.name not in ("solve_triangular",):
            axes = tuple([k % rank for k in parameters])
            form = form.replace("AXES", str(axes)).replace("AXIS", str(axes[0]))
        elif op.name == "solve_triangular":
            lower, unit = parameters
            form = form.replace("LOWER", str(lower)).replace("UNIT", str(unit))
        elif isinstance(parameters, str):
            form = form.replace("MODE", repr(parameters))
        return self._format(form, *slots)


def _stride(shape: Sequence[int], axis: int) -> int:
    return prod(shape[axis + 1 :])


def _matmul(factors: Sequence[str], result: str) -> str:
    """Products of two vectors or matrices as Python writes them, empty for others."""
    if len(factors) != 2 or any(len({*names}) != len(names) or len(names) > 2 for names in factors):
        return ""
    a, b = factors
    shared = {*a} & {*b}
    if len(shared) != 1 or shared & {*result}:
        return ""
    (k,) = shared
    for first, second, left, right in ((a, b, "{0}", "{1}"), (b, a, "{1}", "{0}")):
        rest = first.replace(k, "") + second.replace(k, "")
        if rest == result:
            turned = left + (".T" if len(first) == 2 and first[0] == k else "")
            other = right + (".T" if len(second) == 2 and second[1] == k else "")
            return f"({turned} @ {other})"
    return ""


def _numpy_index(key: Key, shape: Sequence[int], sizes: Mapping[str, int]) -> Any:
    """Index arrays that broadcast to the block of a key."""
    kept: list[Any] = []
    axes: list[int] = []  # axis of the block that each place is along, -1 for none
    paired = -1
    for place, n in zip(key, shape, strict=True):
        if isinstance(place, int):
            kept.append(place)
            axes.append(-1)
            continue
        if isinstance(place, Range):
            count = bound((place.count,), sizes)[0]
            start = place.start % n if place.start < 0 and n else place.start
            kept.append(start + np.arange(count) * place.step)
        else:
            kept.append(np.array(place.at, dtype=np.int64))
        if isinstance(place, Paired) and paired >= 0:
            axes.append(paired)
            continue
        axes.append(max(axes, default=-1) + 1)
        if isinstance(place, Paired):
            paired = axes[-1]
    rank = max(axes, default=-1) + 1
    return tuple(
        [p if a < 0 else p.reshape([-1 if k == a else 1 for k in range(rank)]) for p, a in zip(kept, axes, strict=True)]
    )


# -- results ------------------------------------------------------------------------------------


def _nested(job: Job, writer: ArrayWriter, values: Mapping[int, Term]) -> str:
    """The nesting of results as an expression."""
    leaves = [_leaf(job, writer, leaf, own, values) for leaf, own in zip(job.results.leaves, job.leaves, strict=True)]
    return job.nested_text(leaves)


def _leaf(job: Job, writer: ArrayWriter, leaf: Leaf, own: Sequence[int], values: Mapping[int, Term]) -> str:
    if leaf.kind == NUMBER:
        return values[own[0]].text
    if leaf.kind == ARRAY:
        return writer.stack([values[i] for i in own], leaf.shape)
    shape, indices, starts = job.pattern(leaf)
    alone = len(own) == 1 and bool(job.shape(own[0]))
    data = values[own[0]].text if alone else writer.stack([values[i] for i in own], (len(own),))
    cols, rows = (writer.constant(writer.array(np.asarray(v, dtype=np.int64))) for v in (indices, starts))
    return writer.sparse.format(data=data, cols=cols, rows=rows, shape=shape)
