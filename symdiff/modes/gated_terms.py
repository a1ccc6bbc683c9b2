"""Terms of derivatives behind their gates, and sums of them; see `algebra/gates.py`."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from symdiff.algebra.gates import NOT
from symdiff.algebra.scaled import Scaled
from symdiff.algebra.symbolic import Symbolic

Term = tuple[int | None, Any, int]  # gate, coefficient, node; None for a gate that is always open

_GATE, _COEFFICIENT, _NODE = itemgetter(0), itemgetter(1), itemgetter(2)


def joined(held: Any, term: Term) -> Any:
    """What is held of a derivative once a term has come: a list only where there are several."""
    if held is None:
        return term
    if type(held) is not list:
        return [held, term]
    held.append(term)
    return held


def collected(algebra: Symbolic, held: Any, last: bool = False) -> Term:
    """What `joined` has gathered as one term, in the order of the uses that adjoints come from; `last`: see `total`."""
    return total(algebra, held[::-1], last) if type(held) is list else held


def total(algebra: Symbolic, terms: list[Term], last: bool = False) -> Term:
    """The sum of terms; `last`: nothing is multiplied by it, so that it needs no gate of its own."""
    if len(terms) == 2 and terms[0][0] is None and terms[1][0] is None:
        return None, *algebra.add_two(terms[0][1:], terms[1][1:])
    if not any(map(_GATE, terms)):  # test gates by truth: no condition is node 0, which is a leaf
        return None, *algebra.sum_of(list(map(_COEFFICIENT, terms)), list(map(_NODE, terms)))
    terms = _paired(algebra, terms)
    gates = [gate for gate, _, _ in terms if gate is not None]
    if len(terms) == 1:
        return terms[0]
    if len(gates) == len(terms) and len(set(gates)) == 1:  # keep a gate of all terms outside
        return gates[0], *algebra.add([(c, n) for _, c, n in terms])
    gate = algebra.either(gates) if len(gates) == len(terms) and not last else None
    return gate, *algebra.add([settled(algebra, term) for term in terms])


def _paired(algebra: Symbolic, terms: list[Term]) -> list[Term]:
    """Two terms with opposite gates are one, `where(gate, a, b)`."""
    by_gate = {gate: k for k, (gate, _, _) in enumerate(terms) if gate is not None}
    result: list[Term | None] = list(terms)
    for k, (gate, c, n) in enumerate(terms):
        node = algebra.graph.nodes[gate] if gate is not None else ()
        other = by_gate.get(node[1]) if node and node[0] == NOT else None
        if other is not None and result[other] is terms[other] and result[k] is terms[k]:  # pair two that are free
            result[min(k, other)] = (None, *algebra.chosen(node[1], terms[other][1:], (c, n)))
            result[max(k, other)] = None
    return [term for term in result if term is not None]


def settled(algebra: Symbolic, term: Term) -> Scaled:
    """A term as it counts, zero where its gate is closed."""
    gate, c, n = term
    return (c, n) if gate is None else algebra.settled(gate, (c, n))
