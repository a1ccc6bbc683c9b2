"""Nodes that act entry by entry as code: one operation as NumPy writes it, several as a loop."""

from __future__ import annotations

from functools import partial
from typing import Any

from symdiff import ops
from symdiff.arrays.reading import EINSUM, pieces
from symdiff.compile.array_programs.array_formulas import formula
from symdiff.compile.array_programs.array_known import Known
from symdiff.compile.array_programs.array_lines import scaled, scaled_text
from symdiff.compile.array_programs.array_loops import KEPT, LARGEST, LARGEST_ROWS, ROWS, TOTAL, ArrayLoop
from symdiff.compile.array_programs.array_products import Term, multiplied, spread
from symdiff.compile.array_programs.array_stages import CHEAP, MAX, Loop
from symdiff.compile.tape import Tape
from symdiff.constants import constant, constant_key
from symdiff.graph import CONST, Graph
from symdiff.records import OPERATIONS

_SIGNS = {
    ops.add.opcode: (" + ", "add"),
    ops.sub.opcode: (" - ", "subtract"),
    ops.mul.opcode: ("*", "multiply"),
    ops.div.opcode: (" / ", "divide"),
}
WHOLE, PART, NUMBER = 0, 1, 2  # how operands spread over a loop: they have its shape, broadcast, are one number


def write(known: Known, loop: Loop) -> None:
    """Write the nodes of a loop, and say what they hold."""
    _note_booleans(known, loop)
    nodes = [i for i in loop.nodes if not _scales(known, i) or i in known.plan.folds]
    if not nodes:
        return
    folded = any(i in known.plan.folds for i in nodes)
    plain = (len(nodes) == 1 and not folded) or (
        not loop.shape and all(known.graph.nodes[i][0] in CHEAP for i in nodes)
    )
    texts = [_plain(known, nodes[0])] if plain else []
    if not plain or not texts[0]:
        _LoopTape(known, Loop(loop.shape, tuple(nodes))).write()
        return
    known.holds(nodes[0], known.lines.value(texts[0]))
    for i in nodes[1:]:
        known.holds(i, known.lines.value(_plain(known, i)))


def _scales(known: Known, i: int) -> bool:
    """Whether a node is a number times one that is there already: what reads it takes the number in."""
    if known.graph.nodes[i][0] != EINSUM:
        return False
    coefficient, factors, result = pieces(known.graph, i)
    if len(factors) != 1 or factors[0][1] != result or not known.is_known(factors[0][0]):
        return False
    own, text = known.scaled(factors[0][0])
    known.scale(i, coefficient * own, text)
    return True


def _note_booleans(known: Known, loop: Loop) -> None:
    for i in loop.nodes:
        node = known.graph.nodes[i]
        if node[0] == EINSUM:
            continue
        op = OPERATIONS[node[0]]
        if op.boolean or (op.branches and all(_is_boolean(known, node[1 + k]) for k in op.branches)):
            known.booleans.add(i)


def _is_boolean(known: Known, i: int) -> bool:
    return i in known.booleans or (known.graph.nodes[i][0] == CONST and type(known.graph.leaves[i]) is bool)


def _plain(known: Known, i: int) -> str:
    """One operation as NumPy writes it, empty where that takes a loop."""
    graph = known.graph
    node = graph.nodes[i]
    if node[0] == EINSUM:
        return _plain_product(known, i)
    if node[0] == ops.neg.opcode:
        coefficient, text = known.scaled(node[1])
        return scaled(known.lines, -coefficient, text)
    if node[0] not in _SIGNS or len(node) != 3:
        return ""
    if node[0] == ops.div.opcode and i not in graph.shapes:
        return ""  # Python's floats refuse zero
    first, second = _beside(known, node[1], node[2]), _beside(known, node[2], node[1])
    code = node[0]
    if code == ops.add.opcode and -1 in (first[0], second[0]):
        code, first, second = ops.sub.opcode, *((first, (1, second[1])) if second[0] == -1 else (second, (1, first[1])))
    left, right = scaled_text(*first), scaled_text(*second)
    right = known.lines.value(right) if code in (ops.sub.opcode, ops.div.opcode) and second[0] != 1 else right
    sign, ufunc = _SIGNS[code]
    text = f"{left}{sign}{right}"
    if code == ops.mul.opcode and second[0] != 1:
        return text  # its product with the number comes first
    return known.lines.noted(text, f"np.{ufunc}({left}, {right}, {{}})")


def _beside(known: Known, i: int, other: int) -> tuple[Any, str]:
    """The value of an operand as a coefficient and code, which may broadcast to the shape that the other one has."""
    graph = known.graph
    alike = graph.shapes.get(i, ()) == graph.shapes.get(other, ())
    thin = known.is_repeated(i) and alike and not known.is_repeated(other)
    return known.repeated(i) if thin else known.scaled(i)


def _plain_product(known: Known, i: int) -> str:
    coefficient, factors, result = pieces(known.graph, i)
    if len(factors) > 2 or (len(factors) == 2 and coefficient not in (1, -1)):
        return ""
    terms = []
    for j, labels in factors:
        own, text = known.scaled(j)
        coefficient *= own
        terms.append(Term(text, labels))
    if all(term.labels for term in terms) and len(terms) == 2:
        sizes = dict(zip(result, known.graph.shapes[i], strict=True))
        product = multiplied(known.lines, terms[0], terms[1], result, sizes, i in known.plan.summed)
        return scaled_text(coefficient, product)
    texts = [spread(known.lines, term, result) if term.labels else term.text for term in terms]
    return scaled_text(coefficient, "*".join(texts))


class _LoopTape:
    """A loop as a tape over its entries."""

    def __init__(self, known: Known, loop: Loop) -> None:
        self.known, self.graph, self.loop = known, known.graph, loop
        self._thin = True  # whether operands that are repeated along an axis are taken as they were before

    def _read(self) -> None:
        """Find the operands and the steps."""
        self.operands: dict[str, int] = {}  # code of operands, and how they spread: WHOLE, PART or NUMBER
        self.constants: dict[Any, Any] = {}
        self.steps: list[tuple[int, ...]] = []  # slots: ("operand", text), ("constant", key), ("step", k)
        self.slots: dict[int, Any] = {}
        for i in self.loop.nodes:
            self.slots[i] = self._node(i)

    def write(self) -> None:
        known, loop = self.known, self.loop
        self._read()
        if loop.shape and WHOLE not in self.operands.values():
            self._thin = False  # something has to have the shape of the results
            self._read()
        wanted = self._wanted()
        operands = sorted(self.operands, key=self.operands.__getitem__)
        folds = [_fold(self.graph, i, target) for i, target in wanted]
        tape, made = self._made(operands, [i for i, _ in wanted], folds)
        name = known.lines.hold(made if loop.shape else made.numbers, "loop" if loop.shape else "formula")
        given = ", ".join(operands)
        call = known.lines.noted(f"{name}({given})", f"{name}({given}, out={{}})")
        comment = partial(formula, tape, operands, folds)
        if len(wanted) == 1:
            names = [known.lines.value(call, comment)]
        else:
            names = known.lines.values(call, len(wanted), comment)
        for (i, target), text in zip(wanted, names, strict=True):
            if i == target:
                known.holds(i, text)
            else:
                known.scale(target, _coefficient(self.graph, target), text)

    def _wanted(self) -> list[tuple[int, int]]:
        """The nodes that are read outside of the loop with themselves, and with what is folded of them."""
        inner: dict[int, int] = {}
        for i in self.loop.nodes:
            for j in self.graph.nodes[i][1:]:
                inner[j] = inner.get(j, 0) + 1
        plan, wanted = self.known.plan, []
        for i in self.loop.nodes:
            folds = plan.folds.get(i, [])
            if plan.uses[i] > inner.get(i, 0) + len(folds) and not self.known.is_known(i):
                wanted.append((i, i))
            wanted += [(i, target) for target in folds]
        return wanted

    def _made(self, operands: list[str], outputs: list[int], folds: list[int]) -> tuple[Tape, ArrayLoop]:
        """The tape and its loop, which all of the same steps share."""
        known = self.known
        tape, key = self._tape(operands, outputs)
        leads = bool(operands) and self.operands[operands[0]] == WHOLE
        key = (key, leads, tuple(folds))
        if key not in known.loops:
            known.loops[key] = ArrayLoop(tape, folds, leads, known.options, known.backend, known.together)
        made = known.loops[key]
        if self.loop.shape and made not in known.together:
            known.together.append(made)
        return tape, made

    # -- steps -------------------------------------------------------------------------------

    def _node(self, i: int) -> Any:
        node = self.graph.nodes[i]
        if node[0] == EINSUM:
            return self._product(i)
        slots = [self._operand(j) for j in node[1:]]
        found = self._step(node[0], *slots[: max(OPERATIONS[node[0]].arity, 1)])
        for slot in slots[OPERATIONS[node[0]].arity :]:
            found = self._step(node[0], found, slot)
        return found

    def _product(self, i: int) -> Any:
        coefficient, factors, result = pieces(self.graph, i)
        scalars, slots = [], []
        for j, labels in factors:
            if not labels:
                scalars.append(self._operand(j))
            elif j in self.slots and labels == result:
                slots.append(self.slots[j])
            else:
                own, text = self.known.scaled(j)
                coefficient *= own
                text = spread(self.known.lines, Term(text, labels), result)
                slots.append(self._given(text, WHOLE if labels == result else PART))
        if coefficient not in (1, -1):
            scalars.insert(0, self._constant(constant(coefficient)))
        found, *rest = [*scalars, *slots]
        for slot in rest:
            found = self._step(ops.mul.opcode, found, slot)
        return self._step(ops.neg.opcode, found) if coefficient == -1 else found

    def _operand(self, i: int) -> Any:
        if i in self.slots:
            return self.slots[i]
        if self.graph.nodes[i][0] == CONST and i not in self.graph.shapes:
            return self._constant(self.graph.leaves[i])
        thin = self._thin and self.known.is_repeated(i)
        coefficient, text = self.known.repeated(i) if thin else self.known.scaled(i)
        shape = self.graph.shapes.get(i, ())
        spread = NUMBER if not shape else PART if thin or shape != self.loop.shape else WHOLE
        slot = self._given(text if thin or text.isidentifier() else self.known.lines.value(text), spread)
        if coefficient == -1:
            return self._step(ops.neg.opcode, slot)
        return slot if coefficient == 1 else self._step(ops.mul.opcode, self._constant(constant(coefficient)), slot)

    def _given(self, text: str, spread: int) -> Any:
        self.operands[text] = spread
        return "operand", text

    def _constant(self, value: Any) -> Any:
        key = constant_key(value)
        self.constants[key] = value
        return "constant", key

    def _step(self, code: int, *slots: Any) -> Any:
        self.steps.append((code, *slots))
        return "step", len(self.steps) - 1

    # -- the whole ---------------------------------------------------------------------------

    def _tape(self, operands: list[str], wanted: list[int]) -> tuple[Tape, Any]:
        place: dict[Any, int] = {("operand", text): k for k, text in enumerate(operands)}
        place.update({("constant", key): len(operands) + k for k, key in enumerate(self.constants)})
        first = len(operands) + len(self.constants)
        place.update({("step", k): first + k for k in range(len(self.steps))})
        codes = tuple([step[0] for step in self.steps])
        slots = tuple([tuple([place[s] for s in step[1:]]) for step in self.steps])
        outputs = tuple([place[self.slots[i]] for i in wanted])
        tape = Tape(len(operands), tuple(self.constants.values()), codes, slots, outputs)
        return tape, (len(operands), tuple(self.constants), codes, slots, outputs)


def _coefficient(graph: Graph, i: int) -> Any:
    return pieces(graph, i)[0] if graph.nodes[i][0] == EINSUM else 1


def _fold(graph: Graph, i: int, target: int) -> int:
    """What becomes of the entries of a node of which a target is wanted."""
    if i == target:
        return KEPT
    if graph.nodes[target][0] == MAX:
        return LARGEST_ROWS if target in graph.shapes else LARGEST
    return ROWS if target in graph.shapes else TOTAL
