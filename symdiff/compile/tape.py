"""The tape: a cone as a flat program over numbered slots, which every backend reads.

It is a copy: a compiled function does not keep the graph of its expressions alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any

import numpy as np

from symdiff.compile.packed import LONG, packed
from symdiff.constants import constant
from symdiff.errors import SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.names import names_part, number_hints
from symdiff.pickling import check, check_operations, names_of, operations_named
from symdiff.records import OPERATIONS, Operation

_DENSE = 4  # nodes of the graph for each of a cone up to which a list of places is smaller than a dictionary


class Tape:
    """A straight-line program.

    Slots hold the inputs first, then the constants, then the result of each
    instruction in order. Every instruction reads slots before its own.
    """

    def __init__(
        self,
        arity: int,
        constants: tuple[Any, ...],
        codes: tuple[int, ...],
        operands: Sequence[tuple[int, ...]],
        outputs: tuple[int, ...],
        names: tuple[str, ...] = (),
        parts: tuple[tuple[int, str], ...] = (),
    ) -> None:
        self.arity = arity
        self.constants = constants  # ints, Fractions, floats, bools and named constants, as the graph holds them
        self.codes = codes  # operation of each instruction, by code
        self.operands = operands  # slots that each instruction reads
        self.outputs = outputs  # slots of the results
        self.names = names  # names of the inputs, where they have any
        self.parts = parts  # slots that have a name of their own, and these
        self.first = arity + len(constants)  # first slot that an instruction writes
        self.size = self.first + len(codes)  # count of slots

    def operation(self, k: int) -> Operation:
        """The record of an instruction."""
        return OPERATIONS[self.codes[k]]

    def constant(self, slot: int) -> Any:
        """The constant that a slot holds, None where it holds none."""
        return self.constants[slot - self.arity] if self.arity <= slot < self.first else None

    def booleans(self) -> list[bool]:
        """For each slot whether it holds bools: conditions, and choices among conditions."""
        if not any(OPERATIONS[code].boolean for code in set(self.codes)) and bool not in map(type, self.constants):
            return [False] * self.size  # nothing to choose among
        found = [False] * self.arity + [type(value) is bool for value in self.constants]
        for code, slots in zip(self.codes, self.operands, strict=True):
            op = OPERATIONS[code]
            found.append(op.boolean or (bool(op.branches) and all(found[slots[k]] for k in op.branches)))
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        known = names_of(set(self.codes))
        parts = (self.parts,) if self.parts else ()
        return _restored, (
            self.arity, self.constants, self.codes, self.operands, self.outputs, self.names, known, *parts
        )  # fmt: skip

    def last_reads(self) -> list[int]:
        """For each slot the last instruction that reads it, -1 for none."""
        last = [-1] * self.size
        for k, slots in enumerate(self.operands):
            for slot in slots:
                last[slot] = k
        return last

    def last_uses(self) -> list[int]:
        """The same with the results, which are used after all instructions: at their number."""
        last = self.last_reads()
        for slot in self.outputs:
            last[slot] = len(self.codes)
        return last


def tape_of(graph: Graph, outputs: Sequence[int], inputs: Sequence[int], pack: bool = False) -> Tape:
    """The tape of nodes of a graph as functions of variable nodes; -1 for an input that the graph does not hold.

    `pack`: operands of very many instructions are `Packed`.

    Raises
    ------
    SymdiffValueError
        Naming the variables that the outputs depend on and that are not among the inputs.
    """
    cone = graph.cone(outputs)
    nodes, leaves = graph.nodes, graph.leaves
    ends = [i for i in cone if i in leaves]
    slot = {i: k for k, i in enumerate(inputs) if i >= 0}
    check_lacking([leaves[i].name for i in ends if nodes[i][0] == VAR and i not in slot])
    held = [i for i in ends if nodes[i][0] < VAR]
    slot.update({i: len(inputs) + k for k, i in enumerate(held)})
    steps = [i for i in cone if i not in leaves]
    start = len(inputs) + len(held)
    place: Any = slot
    operands: Sequence[tuple[int, ...]]
    instructions = list(map(nodes.__getitem__, steps))
    if cone and cone[-1] < _DENSE * len(cone):
        place = np.zeros(cone[-1] + 1, np.int32)
        for i, k in slot.items():
            if i < len(place):
                place[i] = k
        place[steps] = np.arange(start, start + len(steps))
    else:
        slot.update(zip(steps, range(start, start + len(steps)), strict=True))
    if pack and place is not slot and len(steps) >= LONG:
        operands = packed(instructions, place)
    else:
        operands = renumbered(instructions, place if place is slot else place.tolist())
    return Tape(
        len(inputs),
        tuple([leaves[i] for i in held]),
        tuple(map(itemgetter(0), instructions)),
        operands,
        tuple([int(place[i]) for i in outputs]),
        tuple([leaves[i].name if i >= 0 else "" for i in inputs]),
        tuple([(int(place[i]), name) for i, name in graph.notes_in(cone).items()]) if graph.notes else (),
    )


def check_lacking(missing: Sequence[str]) -> None:
    """Refuse outputs that depend on variables that are not among the inputs.

    Raises
    ------
    SymdiffValueError
        Naming them.
    """
    if missing:
        names, told = f"{', '.join(missing[:10])}{' …' * (len(missing) > 10)}", number_hints(missing)
        raise SymdiffValueError(f"the outputs depend on {names}, which the inputs lack: add them to the inputs{told}")


def renumbered(nodes: Sequence[tuple[int, ...]], place: Any) -> tuple[tuple[int, ...], ...]:
    """The operands of instructions (code, *operands), in their new places."""
    return tuple(
        [
            (place[node[1]], place[node[2]])  # fast path for most of them, in half the time
            if len(node) == 3
            else tuple([place[j] for j in node[1:]])
            for node in nodes
        ]
    )


def _restored(
    arity: Any, constants: Any, codes: Any, operands: Any, outputs: Any, names: Any, known: Any, parts: Any = ()
) -> Tape:
    """A tape from a pickle, checked: machine code reads whatever slots it names."""
    check(type(arity) is int and arity >= 0, "it has no number of inputs")
    check(all(type(part) is tuple for part in (constants, codes, operands, outputs, names)), "it holds no tape")
    check(len(codes) == len(operands), "it holds no tape")
    operations = operations_named(known)
    first = arity + len(constants)
    check(all(type(slots) is tuple for slots in operands), "it holds no tape")
    nodes = [(code, *slots) for code, slots in zip(codes, operands, strict=True)]
    check_operations(nodes, range(first, first + len(codes)), operations)
    check(all(type(j) is int and 0 <= j < first + len(codes) for j in outputs), "a result is none of its slots")
    check(all(map(_is_constant, constants)), "it holds what is no constant")
    check(type(parts) is tuple and all(map(_is_part, parts)), "it names what is no part")
    check(all(first <= slot < first + len(codes) for slot, _ in parts), "it names what is none of its slots")
    return Tape(arity, constants, tuple([operations[code].opcode for code in codes]), operands, outputs, names, parts)


def _is_part(part: Any) -> bool:
    """Whether something is a slot and a name for it."""
    return type(part) is tuple and [*map(type, part)] == [int, str] and names_part(part[1])


def _is_constant(value: Any) -> bool:
    """Whether a value is what a graph has for it; Fractions are copied."""
    same = constant(value)
    return same is value or (type(value) is type(same) is Fraction and same == value)
