r"""Terms of matrix notation in LaTeX: `X^{\top}`, `A^{-1} b`, `\odot`, norms, sums over indices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symdiff.algebra.notation.array_notation import Notation
from symdiff.algebra.notation.latex_names import name_latex, number_latex
from symdiff.algebra.notation.latex_spelling import spelling
from symdiff.algebra.notation.terms import (
    ATTRIBUTE,
    BLOCKS,
    CALL,
    DIVIDED,
    ELEMENTWISE,
    GATHERED,
    INDEX,
    MATMUL,
    METHOD,
    MINUS,
    NAME,
    NUMBER,
    QUOTIENT,
    SCALED,
    SCATTERED,
    SUM,
    TRANSPOSE,
    Call,
    Operand,
    Term,
    axes_of_call,
)
from symdiff.algebra.notation.terms import PRODUCT as HADAMARD
from symdiff.build import DIV, POW
from symdiff.graph import CONST, Variable
from symdiff.records import ATOM, POWER, PRODUCT
from symdiff.records import SUM as PLUS

ENTRYWISE = PRODUCT - 0.25  # precedence of products and quotients entry by entry
_FACTOR = PRODUCT + 0.5  # what a factor of such a product needs
_INDICES = "ijklmnpq"

Pieces = list[Any]  # strings, and nodes with the precedence that they need
Written = tuple[Pieces, float]


class ArrayLatex:
    """The pieces of the nodes that have a term, or are written in a way of their own where they are arrays."""

    def __init__(self, notation: Notation) -> None:
        self.notation, self.graph = notation, notation.graph

    def node(self, i: int) -> Written | None:
        """A node as pieces, and how tightly it binds; None where it is written as numbers are."""
        term = self.notation.term(i)
        if isinstance(term, int):
            return [(term, PRODUCT)], PRODUCT
        if term is not None:
            return self.written(term)
        node = self.graph.nodes[i]
        if i in self.graph.shapes and node[0] == POW:
            return [(node[1], ATOM), r"^{\odot ", (node[2], 0), "}"], POWER
        if i not in self.graph.shapes and node[0] == POW:
            return self._power_of_norm(*node[1:])
        if i in self.graph.shapes and node[0] == DIV:
            return [(node[1], _FACTOR), r" \oslash ", (node[2], _FACTOR)], ENTRYWISE
        return None

    def _power_of_norm(self, base: int, exponent: int) -> Written | None:
        """A power of a norm, or of a sum of squares, with the exponent at the norm; None for other powers."""
        n = self.graph.leaves.get(exponent)
        if not isinstance(n, int) or n < 2 or base in self.notation.named:
            return None
        found = self.notation.term(base)
        if not isinstance(found, Term) or self.ndim(found) or self.ndim(found.operands[0]) > 2:
            return None
        if found.kind == CALL and found.data.name == "norm" and not found.data.after:
            return [*self._normed(found.operands[0]), f"^{{{n}}}"], POWER
        squared = self._squared(found.operands[0]) if found.kind == METHOD and found.data.name == "sum" else None
        return None if squared is None else ([*self._normed(squared), f"^{{{2 * n}}}"], POWER)

    def written(self, term: Term) -> Written:
        """A term as pieces, and how tightly it binds."""
        return _WRITERS[term.kind](self, term)

    def at(self, operand: Operand, level: float) -> Pieces:
        """An operand as pieces, in brackets where it binds less than it has to."""
        if isinstance(operand, int):
            return [(operand, level)]
        pieces, held = self.written(operand)
        return [r"\left(", *pieces, r"\right)"] if held < level else pieces

    def ndim(self, operand: Operand) -> int:
        """The number of axes of an operand."""
        if isinstance(operand, int):
            return len(self.graph.shapes.get(operand, ()))
        inner = [self.ndim(x) for x in operand.operands]
        if operand.kind == MATMUL:
            return max([0, *[n - 2 for n in inner]]) + (inner[0] > 1) + (inner[-1] > 1)
        if operand.kind == SCALED:
            return inner[-1]
        if operand.kind == METHOD:
            return _ndim_of_method(operand.data, inner[0])
        if operand.kind == INDEX:
            taken = re.sub(r"\[[^]]*]", "[]", operand.data).split(", ")  # index arrays leave one axis together
            lost = sum(part.isdigit() for part in taken) + max(taken.count("[]") - 1, 0)
            return inner[0] + taken.count("None") - lost
        if operand.kind == ATTRIBUTE:
            return 2
        if operand.kind == GATHERED:
            return inner[0] - len(inner) + 1 + inner[1]
        if operand.kind in (BLOCKS, SCATTERED):
            return _axes_of(operand.data if operand.kind == SCATTERED else operand.data[0])
        return _ndim_of_call(operand.data, inner) if operand.kind == CALL else max(inner, default=0)

    # -- sums and products ----------------------------------------------------------

    def _number(self, term: Term) -> Written:
        text, level = number_latex(term.data)
        return [text], level

    def _name(self, term: Term) -> Written:
        return [term.data], PLUS if " " in term.data else ATOM

    def _sum(self, term: Term) -> Written:
        pieces: Pieces = []
        shaped = self.ndim(term) > 0
        for sign, operand in zip(term.data, term.operands, strict=True):
            pieces += [" + " if sign > 0 else " - "] if pieces else ["-"] if sign < 0 else []
            everywhere = shaped and not self.ndim(operand)
            pieces += self._at_every_entry(operand) if everywhere else self.at(operand, ENTRYWISE)
        return pieces, PLUS

    def _at_every_entry(self, scalar: Operand) -> Pieces:
        """A scalar that is added to an array: `A - 1` would be read as A less the identity."""
        value = self.graph.leaves.get(scalar) if isinstance(scalar, int) else scalar.data
        alone = type(value) is int and value == 1
        return [r"\mathbf{1}"] if alone else [*self.at(scalar, PRODUCT), r" \mathbf{1}"]

    def _minus(self, term: Term) -> Written:
        return ["-", *self.at(term.operands[0], ENTRYWISE)], PLUS

    def _entrywise(self, term: Term) -> Written:
        between = r" \oslash " if term.kind == QUOTIENT else r" \odot "
        if all(self.ndim(x) == 0 for x in term.operands):
            return self._joined(term.operands, " "), PRODUCT
        pieces: Pieces = []
        for k, operand in enumerate(term.operands):
            chained = k == 0 and isinstance(operand, Term) and operand.kind in (HADAMARD, QUOTIENT)
            pieces += [between] * (k > 0) + self.at(operand, ENTRYWISE if chained else _FACTOR)
        return pieces, ENTRYWISE

    def _joined(self, operands: Sequence[Operand], between: str) -> Pieces:
        return [p for k, x in enumerate(operands) for p in ([between] * (k > 0) + self.at(x, PRODUCT))]

    def _scaled(self, term: Term) -> Written:
        *front, body = term.operands
        held = PRODUCT if not isinstance(body, Term) or body.kind not in (HADAMARD, QUOTIENT) else ENTRYWISE
        pieces = [p for x in front for p in [*self.at(x, POWER if self._is_row(x) else PRODUCT), " "]]
        return [*pieces, *self.at(body, held)], held

    def _is_row(self, operand: Operand) -> bool:
        """Whether a scalar is a product of matrices, which what follows would seem to be part of."""
        found = self.notation.term(operand) if isinstance(operand, int) else operand
        if isinstance(operand, int) and operand in self.notation.named:
            return False
        return isinstance(found, Term) and found.kind == MATMUL

    def _divided(self, term: Term) -> Written:
        above, below = term.operands
        return [r"\frac{", *self.at(above, 0), "}{", *self.at(below, 0), "}"], POWER

    def _matmul(self, term: Term) -> Written:
        first, *others = term.operands
        row = self.ndim(first) == 1
        pieces = self._transposed(first) if row else self.at(first, PRODUCT)
        return [*pieces, " ", *self._joined(others, " ")], PRODUCT

    def _transpose(self, term: Term) -> Written:
        return self._transposed(term.operands[0]), POWER

    def _transposed(self, operand: Operand) -> Pieces:
        found = self._inverted(operand)
        if found is not None:
            return [*self.at(found, ATOM), r"^{-\top}"]
        if isinstance(operand, Term) and operand.kind == SCALED:  # transpose what scalars stand in front of
            *front, body = operand.operands
            return [*self._joined(front, " "), " ", *self._transposed(body)]
        return [*self.at(operand, ATOM), r"^{\top}"]

    def _inverted(self, operand: Operand) -> Operand | None:
        """The matrix of which an operand is the inverse."""
        if isinstance(operand, int):
            if operand in self.notation.named:
                return None
            term = self.notation.term(operand)
            return None if term is None or isinstance(term, int) else self._inverted(term)
        return operand.operands[0] if operand.kind == CALL and operand.data.name == "inv" else None

    # -- functions ---------------------------------------------------------------------

    def _call(self, term: Term) -> Written:
        name = term.data.name
        writer = _CALLS.get(name)
        if writer is not None:
            return writer(self, term)
        if name == "scan_rows":
            return self._function(rf"\operatorname{{scan}}_{{{term.data.after[2][7:]}}}", term.operands), POWER
        below = "_{" + term.data.after[0].replace("axis=", r"\text{axis } ") + "}" if term.data.after else ""
        name = {"trace": "tr", "cholesky": "chol", "log_softmax": "log\\,softmax"}.get(name, name).replace("_", r"\_")
        return self._function(rf"\operatorname{{{name}}}{below}", term.operands), POWER

    def _function(self, head: str, operands: Sequence[Operand]) -> Pieces:
        inner = [p for k, x in enumerate(operands) for p in ([", "] * (k > 0) + self.at(x, 0))]
        return [head, r"\left(", *inner, r"\right)"]

    def _inv(self, term: Term) -> Written:
        return [*self.at(term.operands[0], ATOM), "^{-1}"], POWER

    def _solve(self, term: Term) -> Written:
        a, b = term.operands
        return [*self.at(a, ATOM), "^{-1} ", *self.at(b, PRODUCT)], PRODUCT

    def _solve_triangular(self, term: Term) -> Written:
        a, b = term.operands
        head = r"\operatorname{tril}" if "lower=True" in term.data.after else r"\operatorname{triu}"
        unit = r"_{\text{unit}}" if "unit_diagonal=True" in term.data.after else ""
        return [*self._function(head + unit, [a]), "^{-1} ", *self.at(b, PRODUCT)], PRODUCT

    def _spectrum(self, term: Term) -> Written:
        return self._function(r"\lambda" if term.data.name == "eigvalsh" else r"\sigma", term.operands), POWER

    def _convolve(self, term: Term) -> Written:
        a, b = term.operands
        valid = r"_{\text{valid}}" if term.data.after else ""
        return [*self.at(a, _FACTOR), rf" \ast{valid} ", *self.at(b, _FACTOR)], ENTRYWISE

    def _det(self, term: Term) -> Written:
        return self._function(r"\det" if term.data.name == "det" else r"\log\det", term.operands), POWER

    def _constant(self, term: Term) -> Written:
        symbol = {"eye": "I", "ones": r"\mathbf{1}", "zeros": r"\mathbf{0}"}[term.data.name]
        return [f"{symbol}_{{{_across(term.data.before[0])}}}"], POWER

    def _outer(self, term: Term) -> Written:
        a, b = term.operands
        return [*self.at(a, PRODUCT), " ", *self._transposed(b)], PRODUCT

    def _kron(self, term: Term) -> Written:
        a, b = term.operands
        return [*self.at(a, _FACTOR), r" \otimes ", *self.at(b, _FACTOR)], ENTRYWISE

    def _norm(self, term: Term) -> Written:
        if term.data.after:
            axis = term.data.after[0].removeprefix("axis=")
            return self._function(rf"\operatorname{{norm}}_{{\text{{axis }} {axis}}}", term.operands), POWER
        return self._normed(term.operands[0]), POWER

    def _normed(self, operand: Operand) -> Pieces:
        kind = {1: "2", 2: "F"}.get(self.ndim(operand), "")
        return [r"\left\|", *self.at(operand, 0), rf"\right\|_{{{kind}}}"]

    def _einsum(self, term: Term) -> Written:
        spec = term.data.before[0].strip('"').replace("->", r" \to ")
        return self._function(rf"\operatorname{{einsum}}_{{{spec}}}", term.operands), POWER

    def _broadcast(self, term: Term) -> Written:
        return self._function(rf"\operatorname{{broadcast}}_{{{_across(term.data.after[0])}}}", term.operands), POWER

    def _rows(self, term: Term) -> Written:
        along = term.data.after[0].removeprefix("axis=") if term.data.after else "0"
        stacked = term.data.name == "stack"
        if along not in "01" or any(self.ndim(x) > 2 - stacked for x in term.operands):
            return self._function(rf"\operatorname{{{term.data.name}}}_{{{along}}}", term.operands), POWER
        turned = stacked and along == "0" and self.ndim(term.operands[0]) == 1
        between = r" \\ " if along == "0" else " & "
        items = [self._transposed(x) if turned else self.at(x, 0) for x in term.operands]
        inner = [p for k, item in enumerate(items) for p in ([between] * (k > 0) + item)]
        return [r"\begin{bmatrix} ", *inner, r" \end{bmatrix}"], ATOM

    # -- methods, blocks, elements --------------------------------------------------------

    def _method(self, term: Term) -> Written:
        (operand,), call = term.operands, term.data
        rank = self.ndim(operand)
        axes = axes_of_call(call.after, rank)
        if call.name in ("sum", "mean"):
            return self._summed(operand, axes, rank, call.over if call.name == "mean" else ())
        if call.name in ("max", "min", "prod"):
            head = rf"\{call.name}"
            below = rf"_{{\text{{axis }} {call.after[0][5:]}}}" if call.after else ""
            return self._function(head + below, [operand]), POWER
        if call.name == "transpose" and call.after == (*map(str, range(rank - 2)), str(rank - 1), str(rank - 2)):
            return self._transposed(operand), POWER  # of each matrix of a stack
        below = (r" \times " if call.name == "reshape" else ", ").join(call.after)
        head = rf"\operatorname{{{call.name}}}" + f"_{{{below}}}" * bool(below)
        return self._function(head, [operand]), POWER

    def _summed(self, operand: Operand, axes: Sequence[int], rank: int, over: Sequence[Any]) -> Written:
        """A sum over indices, of squares a norm; a mean with one over the number of terms in front."""
        number = r" \cdot ".join(map(_bracketed, over)) if len(over) > 1 else "".join(map(str, over))
        front = [rf"\frac{{1}}{{{number}}} "] if over else []
        squared = self._squared(operand) if len(axes) == rank < 3 else None
        if squared is not None:
            return [*front, *self._normed(squared), "^{2}"], PRODUCT if front else POWER
        names = iter(_INDICES)
        spelled = [next(names) if k in axes else ":" for k in range(rank)]
        below = ", ".join([k for k in spelled if k != ":"])
        return [*front, rf"\sum_{{{below}}} ", *self._entry(operand, ", ".join(spelled))], PRODUCT

    def _squared(self, operand: Operand) -> int | None:
        """What an operand is the square of."""
        if not isinstance(operand, int) or operand in self.notation.named:
            return None
        node = self.graph.nodes[operand]
        if node[0] == POW and self.graph.nodes[node[2]][0] == CONST and self.graph.leaves[node[2]] == 2:
            return int(node[1])
        return None

    def _index(self, term: Term) -> Written:
        return self._entry(term.operands[0], term.data.replace("None", r"\ast")), ATOM

    def _entry(self, operand: Operand, key: str) -> Pieces:
        """An operand with a subscript; one that may have a subscript itself stands in braces."""
        pieces = self.at(operand, ATOM)
        plain = pieces[0] == r"\left(" or (isinstance(operand, int) and self._is_letter(operand))
        return [*pieces, f"_{{{key}}}"] if plain else ["{", *pieces, f"}}_{{{key}}}"]

    def _gathered(self, term: Term) -> Written:
        pieces = self._entry(term.operands[0], "")
        return [*pieces[:-1], pieces[-1][:-1], *self._joined(term.operands[1:], ", "), "}"], ATOM

    def _scattered(self, term: Term) -> Written:
        block, *places = term.operands
        head = [r"\operatorname{put}_{", *self._joined(places, ", "), rf"}}^{{({_across(term.data)})}}"]
        return [*head, *self._function("", [block])], POWER

    def _is_letter(self, i: int) -> bool:
        leaf = self.graph.leaves.get(i)
        return isinstance(leaf, Variable) and i not in self.notation.named and "_" not in name_latex(leaf.name)

    def _attribute(self, term: Term) -> Written:
        (inner,) = term.operands
        assert isinstance(inner, Term)
        return self._function(_HEADS[term.data], inner.operands), POWER

    def _blocks(self, term: Term) -> Written:
        shape, keys = term.data
        pieces: Pieces = []
        for key, operand in zip(keys, term.operands, strict=True):
            head = rf"\operatorname{{put}}_{{{key}}}^{{({_across(shape)})}}"
            pieces += [" + "] * bool(pieces) + self._function(head, [operand])
        return pieces, POWER if len(keys) == 1 else PLUS

    def _elementwise(self, term: Term) -> Written:
        spelled = spelling(term.data)
        pieces: Pieces = []
        for p in spelled.pieces:
            pieces += [p] if isinstance(p, str) else self.at(term.operands[p[0]], p[1])
        return pieces, spelled.level


def _ndim_of_method(call: Call, inner: int) -> int:
    if call.name in ("transpose", "reshape"):
        return len(call.after)
    return 1 if call.name == "ravel" else inner - len(axes_of_call(call.after, inner))


def _ndim_of_call(call: Call, inner: Sequence[int]) -> int:
    name = call.name
    known = {"eye": 2, "outer": 2, "trace": 0, "det": 0, "logdet": 0, "eigvalsh": 1, "svdvals": 1}
    if name in known:
        return known[name]
    if name in ("zeros", "ones", "broadcast_to"):
        return _axes_of((call.before or call.after)[0])
    if name == "einsum":
        return len(call.before[0].rpartition("->")[2]) - 1
    if name in ("norm", "logsumexp"):
        return inner[0] - len(axes_of_call(call.after, inner[0]))
    return 3 - inner[0] if name == "diag" else inner[-1] + (name == "stack")


def _axes_of(shape: str) -> int:
    """The number of sizes in the text of a shape."""
    return len([n for n in shape.strip("()").split(",") if n.strip()])


def _across(shape: str) -> str:
    """A shape as it is written in subscripts: `3 \\times 2`."""
    return r" \times ".join([n.strip() for n in shape.strip("()").split(",") if n.strip()])


def _bracketed(size: Any) -> str:
    return rf"\left({size}\right)" if " " in str(size) else str(size)


def nodes_in(pieces: Sequence[Any]) -> Iterator[int]:
    """The nodes that stand in pieces."""
    return (p[0] for p in pieces if not isinstance(p, str))


_WRITERS: dict[str, Callable[[ArrayLatex, Term], Written]] = {
    NUMBER: ArrayLatex._number, NAME: ArrayLatex._name, SUM: ArrayLatex._sum, MINUS: ArrayLatex._minus,
    HADAMARD: ArrayLatex._entrywise, QUOTIENT: ArrayLatex._entrywise, SCALED: ArrayLatex._scaled,
    DIVIDED: ArrayLatex._divided, MATMUL: ArrayLatex._matmul, TRANSPOSE: ArrayLatex._transpose, CALL: ArrayLatex._call,
    METHOD: ArrayLatex._method, INDEX: ArrayLatex._index, ATTRIBUTE: ArrayLatex._attribute, BLOCKS: ArrayLatex._blocks,
    ELEMENTWISE: ArrayLatex._elementwise, GATHERED: ArrayLatex._gathered, SCATTERED: ArrayLatex._scattered,
}  # fmt: skip
_HEADS = {
    "eigenvectors": r"\operatorname{eigvec}", "U": r"\operatorname{svd}_{U}", "Vh": r"\operatorname{svd}_{V^{\top}}",
    "sign": r"\operatorname{sgn}\det", "logabsdet": r"\operatorname{logabsdet}",
}  # fmt: skip
_CALLS: dict[str, Callable[[ArrayLatex, Term], Written]] = {
    "inv": ArrayLatex._inv, "solve": ArrayLatex._solve, "det": ArrayLatex._det, "logdet": ArrayLatex._det,
    **dict.fromkeys(("eye", "ones", "zeros"), ArrayLatex._constant), "outer": ArrayLatex._outer,
    "kron": ArrayLatex._kron, "norm": ArrayLatex._norm, "einsum": ArrayLatex._einsum,
    "eigvalsh": ArrayLatex._spectrum, "svdvals": ArrayLatex._spectrum, "convolve": ArrayLatex._convolve,
    "solve_triangular": ArrayLatex._solve_triangular,
    "broadcast_to": ArrayLatex._broadcast, "stack": ArrayLatex._rows, "concatenate": ArrayLatex._rows,
}  # fmt: skip
