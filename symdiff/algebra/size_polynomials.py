"""Polynomials in the names of sizes: how many operations arrays take whose sizes have no numbers yet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from symdiff import ops
from symdiff.arrays.contraction_paths import REPRESENTATIVE
from symdiff.build import build
from symdiff.graph import Graph, Variable
from symdiff.handle import Handle, handle
from symdiff.shapes import Size, named

Amount: TypeAlias = "int | Fraction | Polynomial"
Monomial: TypeAlias = "tuple[str, ...]"  # names in alphabetical order, each as often as its power


class Polynomial:
    """A polynomial with exact coefficients; it mixes with ints and Fractions."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, int | Fraction]) -> None:
        self.terms = {names: c for names, c in terms.items() if c}

    def __add__(self, other: Amount) -> Polynomial:
        found: dict[Monomial, int | Fraction] = dict(self.terms)
        for names, c in _terms(other).items():
            found[names] = found.get(names, 0) + c
        return Polynomial(found)

    __radd__ = __add__

    def __mul__(self, other: Amount) -> Polynomial:
        found: dict[Monomial, int | Fraction] = {}
        for a, c in self.terms.items():
            for b, d in _terms(other).items():
                names = tuple(sorted(a + b))
                found[names] = found.get(names, 0) + c * d
        return Polynomial(found)

    __rmul__ = __mul__

    def __sub__(self, other: Amount) -> Polynomial:
        return self + -1 * other

    def __rsub__(self, other: Amount) -> Polynomial:
        return self * -1 + other

    def __pow__(self, exponent: int) -> Amount:
        return math.prod([self] * exponent)


def _terms(value: Amount) -> Mapping[Monomial, int | Fraction]:
    return value.terms if isinstance(value, Polynomial) else {(): value}


def amount(size: Size) -> int | Polynomial:
    """A size as a number, or as a polynomial in its name."""
    if isinstance(size, int):
        return size
    name, offset = named(size)
    return Polynomial({(name,): 1, (): offset})


def about(value: Amount) -> Fraction:
    """The value where each name is a representative number."""
    return sum([Fraction(c) * REPRESENTATIVE ** len(names) for names, c in _terms(value).items()], Fraction(0))


def formula(value: Amount, names: Iterable[str]) -> int | Handle:
    """An int, rounded up, or an expression in variables with the names of the sizes; products have these in order."""
    terms = dict(_terms(value))
    if not any(terms):
        return math.ceil(terms.get((), 0))
    graph = Graph()
    place = {name: k for k, name in enumerate(names)}
    ordered: dict[Monomial, int | Fraction] = {
        tuple(sorted(m, key=lambda name: place[name])): c for m, c in terms.items()
    }
    total = graph.const(0)
    for m, c in sorted(ordered.items(), key=lambda term: (-len(term[0]), [place[name] for name in term[0]])):
        total = build(graph, (ops.add if c > 0 else ops.sub).opcode, (total, _term(graph, m, c if c > 0 else -c)))
    return handle(graph, total)


def _term(graph: Graph, names: Monomial, coefficient: int | Fraction) -> int:
    node = graph.const(Fraction(coefficient).numerator)
    for name, several in groupby(names):
        base, exponent = graph.var(Variable(name)), graph.const(len(list(several)))
        node = build(graph, ops.mul.opcode, (node, build(graph, ops.pow.opcode, (base, exponent))))
    return build(graph, ops.div.opcode, (node, graph.const(Fraction(coefficient).denominator)))
