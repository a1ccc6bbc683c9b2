"""Sums and products of many terms as one instruction.

`a + b - c + d` is a chain of three steps, each of which waits for the one before: deep and narrow, where what is added
up is often wide. As an instruction with four operands it is one step, which adds in the same order: the same bits, as
`x - y` is `x + -y` to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symdiff import ops
from symdiff.compile.tape import Tape, renumbered

_ADD, _SUB, _MUL = ops.add.opcode, ops.sub.opcode, ops.mul.opcode
_GOES_ON = {_ADD: (_ADD, _SUB), _SUB: (_ADD, _SUB), _MUL: (_MUL,)}  # operations that each may continue in a chain
LEAST = 4  # length from which a chain is folded, in terms


def folded(tape: Tape) -> tuple[Tape, dict[int, list[bool]]]:
    """The tape with an instruction of many operands, `add` or `mul`, in place of each chain that nothing else reads.

    With it come, by slot, the chains with terms that are subtracted, and which terms these are.
    """
    first, codes = tape.first, list(tape.codes)
    before = _chains(tape)
    inner = bytearray(len(codes))
    terms: dict[int, tuple[int, ...]] = {}  # terms by the last step of each chain
    minus: dict[int, list[bool]] = {}
    for k in range(len(codes) - 1, -1, -1):
        if before[k] < 0 or inner[k]:
            continue
        steps = [k]
        while before[steps[-1]] >= 0:
            steps.append(before[steps[-1]])
        if len(steps) + 1 < LEAST:
            for step in steps:
                before[step] = -1
            continue
        terms[k] = _terms(tape, steps)
        signs = [False, *[codes[step] == _SUB for step in reversed(steps)]]
        if any(signs):
            minus[k], codes[k] = signs, _ADD
        for step in steps[1:]:
            inner[step] = True
    kept = [k for k in range(len(codes)) if not inner[k]]
    place = list(range(first)) + [0] * len(codes)
    for count, k in enumerate(kept):
        place[first + k] = first + count
    made = Tape(
        tape.arity,
        tape.constants,
        tuple([codes[k] for k in kept]),
        renumbered([(codes[k], *(terms.get(k) or tape.operands[k])) for k in kept], place),
        tuple([place[j] for j in tape.outputs]),
        tape.names,
    )
    return made, {place[first + k]: signs for k, signs in minus.items()}


def _terms(tape: Tape, steps: Sequence[int]) -> tuple[int, ...]:
    """What a chain adds up; its steps are given from the last to the first."""
    found: list[int] = []
    for step, before in pairwise(steps):
        a, b = tape.operands[step]
        found.append(b if a == tape.first + before else a)
    return (*tape.operands[steps[-1]], *reversed(found))


def _chains(tape: Tape) -> list[int]:
    """For each step the one that it goes on from, which nothing else reads; -1 for none."""
    first, codes, operands = tape.first, tape.codes, tape.operands
    readers = [0] * tape.size
    for slots in operands:
        for j in slots:
            readers[j] += 1
    for j in tape.outputs:
        readers[j] += 2
    before, length = [-1] * len(codes), [1] * len(codes)
    for k, code in enumerate(codes):
        from_which = _GOES_ON.get(code)
        if from_which is None:
            continue
        for j in operands[k][:1] if code == _SUB else operands[k]:
            step = j - first
            if step >= 0 and readers[j] == 1 and codes[step] in from_which and length[step] >= length[k]:
                before[k], length[k] = step, length[step] + 1
    return before
