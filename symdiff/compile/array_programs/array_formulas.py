"""What a loop computes, in a line beside the call of it."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.algebra.notation.text import short
from symdiff.compile.array_programs.array_loops import KEPT, LARGEST, LARGEST_ROWS, ROWS, TOTAL
from symdiff.compile.tape import Tape
from symdiff.graph import Graph, Variable
from symdiff.handle import handle

_SHOWN = 90  # characters of a formula beside a loop
_ENDS = {KEPT: "", TOTAL: ".sum()", ROWS: ".sum(-1)", LARGEST: ".max()", LARGEST_ROWS: ".max(-1)"}


def formula(tape: Tape, operands: Sequence[str], folds: Sequence[int]) -> str:
    """The results of a tape in terms of its operands, which are code, in a line that is not too long."""
    if len(tape.codes) > _SHOWN:
        return f"{len(tape.codes)} operations"
    graph = Graph(simplify=False)
    held = [graph.var(Variable(_name(k, text), ("operand", k))) for k, text in enumerate(operands)]
    held += [graph.const(value) for value in tape.constants]
    for code, slots in zip(tape.codes, tape.operands, strict=True):
        held.append(graph.intern((code, *[held[s] for s in slots])))
    shown = [short(handle(graph, held[slot]), _SHOWN) for slot in tape.outputs]
    texts = [f"({text}){_ENDS[fold]}" if fold != KEPT else text for text, fold in zip(shown, folds, strict=True)]
    whole = ", ".join(texts)
    for k, text in enumerate(operands):
        whole = whole.replace(_name(k, text), text)
    return whole if len(whole) <= _SHOWN else f"{whole[: _SHOWN - 1]}…"


def _name(k: int, text: str) -> str:
    """The name of a variable that stands for an operand."""
    return text if text.isidentifier() else f"_{k}_"
