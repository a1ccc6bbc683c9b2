"""The contraction in its normal form: factors inlined, deltas renamed away, equal factors powers, labels canonical.

`contract` takes factors with a label for each axis (any hashable, an int usually) and the labels of the result.
What it returns is a contraction only where nothing simpler says the same.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symdiff.arrays import scalars
from symdiff.arrays.canonical import Factor, Label, spelled
from symdiff.arrays.norm_divisors import DIVISOR, divisor, is_number
from symdiff.arrays.reading import (
    DIV,
    EINSUM,
    POW,
    base_and_exponent,
    number,
    pieces,
    shape_of,
    sums,
)
from symdiff.arrays.symmetry import is_symmetric
from symdiff.build import build
from symdiff.errors import SymdiffValueError
from symdiff.graph import Graph
from symdiff.index_labels import Labels
from symdiff.ops import arrays
from symdiff.shapes import Shape, Size, broadcast, shown

NORM = arrays.array_norm.opcode
FLAT = 8  # factors that a product is flattened to: unbounded, a recurrence of 100 steps took minutes

_labels = itertools.count()


def fresh(count: int) -> tuple[int, ...]:
    """So many labels that nothing else has."""
    return tuple([next(_labels) for _ in range(count)])


def contract(
    graph: Graph, factors: Iterable[Factor], result: Sequence[Label], sizes: Mapping[Label, Size] | None = None,
    coefficient: Any = 1, cancel: bool = False,
) -> int:  # fmt: skip
    """The sum of a product over all labels that the result does not have.

    Parameters
    ----------
    factors : iterable of (node, labels)
    result : labels
        One that no factor has needs an entry in `sizes`.
    coefficient : number
        Exact where it can be.
    cancel : bool
        Whether `x/x` is 1, as in derived results.
    """
    product = _Product(graph, sizes or {}, coefficient)
    product.inline(list(factors), result)
    product.unify(result)
    if product.coefficient == 0:
        product.factors = []
    else:
        product.merge_powers(cancel)
        product.count_unused()
    return product.node()


class _Product:
    """A contraction that is being made."""

    def __init__(self, graph: Graph, sizes: Mapping[Label, Size], coefficient: Any) -> None:
        self.graph = graph
        self.coefficient = coefficient
        self.factors: list[Factor] = []
        self.result: tuple[Label, ...] = ()
        self.sizes: dict[Label, Size] = dict(sizes)
        self._same: dict[Label, Label] = {}  # union-find over labels: deltas
        self._met: dict[Label, None] = {}  # labels of axes of factors

    def _find(self, label: Label) -> Label:
        same = self._same
        while label in same:
            label = same[label]
        return label

    def _join(self, a: Label, b: Label) -> None:
        a, b = self._find(a), self._find(b)
        if a != b:
            self._same[b] = a

    # -- factors ---------------------------------------------------------------

    def inline(self, factors: list[Factor], result: Sequence[Label]) -> None:
        """Take in the factors, and those of factors that are contractions themselves and may be inlined.

        No sum goes into a diagonal, which is to stay a renaming; a multiple of a product is one of the same factors
        where these are multiplied entry by entry.
        """
        graph = self.graph
        arrays = [labels for f, labels in factors if f in graph.shapes]
        alone = len(set(result)) == len(result) and len(arrays) == 1
        multiple = alone and tuple(arrays[0]) == tuple(result)
        apart = bool(result) or bool(arrays)
        stack = factors[::-1]
        while stack:
            i, labels = stack.pop()
            self._met.update(dict.fromkeys(labels))
            self.sizes.update(zip(labels, shape_of(graph, i), strict=True))
            value = number(graph, i)
            if value is not None and not labels:
                self.coefficient = scalars.product_of_numbers(self.coefficient, value)
            elif graph.nodes[i][0] == EINSUM and self._fits(i, len(stack), alone):
                stack += self._inner(i, labels)
                alone = alone and not (multiple and _acts_entrywise(graph, i))
            elif not labels and apart:
                self._take_apart(i)
            elif i in graph.notes:
                self.factors.append((i, labels))
            else:
                scale, rest = without_scalars(graph, i)
                stack += [(f, ()) for f in scale]
                once = narrow(graph, rest)
                if once is None:
                    self.factors.append((rest, labels))
                else:
                    inner, held, full = once
                    stack.append((inner, tuple([k for name, k in zip(full, labels, strict=True) if name in held])))

    def _take_apart(self, i: int) -> None:
        """Take in the factors of a scalar product, and its coefficient."""
        coefficient, found = scalars.powers(self.graph, i)
        self.coefficient = scalars.product_of_numbers(self.coefficient, coefficient)
        self.factors += [(whole_power(self.graph, base, exponent), ()) for base, exponent in found]

    def _fits(self, i: int, waiting: int, alone: bool) -> bool:
        """Whether a contraction is inlined: not one with a name, nor one that sums, whose work would be repeated."""
        graph, inner = self.graph, self.graph.nodes[i][2:]
        if i not in graph.shapes or i in graph.notes or (not alone and sums(graph, i)):
            return False
        few = sum(j in graph.shapes for j in inner) < 2
        return few or len(self.factors) + waiting + len(inner) <= FLAT

    def _inner(self, i: int, labels: tuple[Label, ...]) -> list[Factor]:
        """The factors of a contraction in the labels of this one, last first."""
        coefficient, factors, result = pieces(self.graph, i)
        self.coefficient = scalars.product_of_numbers(self.coefficient, coefficient)
        names: dict[str, Label] = {}
        for name, label in zip(result, labels, strict=True):
            if name in names:
                self._join(names[name], label)
            names.setdefault(name, label)
        for _, inner in factors:
            for name in inner:
                if name not in names:
                    names[name] = next(_labels)
        return [(f, tuple([names[k] for k in inner])) for f, inner in reversed(factors)]

    def unify(self, result: Sequence[Label]) -> None:
        """Give labels that a delta joined one name."""
        self.factors = [(i, tuple(map(self._find, labels))) for i, labels in self.factors]
        self.result = tuple(map(self._find, result))
        sizes: dict[Label, Size] = {}
        for label, size in self.sizes.items():
            sizes.setdefault(self._find(label), size)
        self.sizes = sizes

    def merge_powers(self, cancel: bool) -> None:
        """`x*x` is `x**2`; powers of other sign stay apart unless they may cancel, for `x/x` is not 1 at 0."""
        exponents: dict[tuple[int, tuple[Label, ...], bool], int] = {}
        divisors: dict[tuple[int, tuple[Label, ...]], int] = {}
        for i, labels in self.factors:
            base, exponent = base_and_exponent(self.graph, i)
            if exponent < 0 and self.graph.nodes[base][0] == DIVISOR:
                base = self.graph.nodes[below := base][1]
                divisors[base, labels] = below
            key = (base, labels, cancel or exponent > 0)
            exponents[key] = exponents.get(key, 0) + exponent
        if cancel:
            self._merge_norms(exponents)
        self.factors = []
        held = [(base, labels, exponent) for (base, labels, _), exponent in exponents.items()]
        for base, labels, exponent in held:
            if exponent == -1:
                given = divisors.get((base, labels))
                if given is None or (cancel and is_number(self.graph, base, held)):
                    given = divisor(self.graph, base, labels, held)
                base = given
            if exponent:
                self.factors.append((whole_power(self.graph, base, exponent), labels))

    def _merge_norms(self, exponents: dict[tuple[int, tuple[Label, ...], bool], int]) -> None:
        """A sum of squares beside its root is a power of that: `(x**2).sum()/norm(x)` is `norm(x)`."""
        for base, labels, _ in list(exponents):
            if self.graph.nodes[base][0] == NORM and not labels and exponents[base, labels, True] % 2:
                square = build(self.graph, POW, (base, self.graph.const(2)))
                exponents[base, labels, True] += 2 * exponents.pop((square, (), True), 0)

    def count_unused(self) -> None:
        """A label that was summed over and that no factor has any more is a multiple."""
        used = {k for _, labels in self.factors for k in labels}.union(self.result)
        for label in dict.fromkeys(map(self._find, self._met)):
            if label in used:
                continue
            size = self.sizes[label]
            if isinstance(size, int):
                self.coefficient = scalars.product_of_numbers(self.coefficient, size)
            else:
                self.factors.append((size_node(self.graph, size), ()))

    # -- the node --------------------------------------------------------------

    def node(self) -> int:
        """The node in normal form."""
        graph, factors, result = self.graph, self.factors, self.result
        if not result:
            return self._scalar()
        if self.coefficient == 1 and len(factors) == 1 and len(set(result)) == len(result):
            i, labels = factors[0]
            if labels == result or (labels == result[::-1] and is_symmetric(graph, i)):
                return i
        labels, operands = spelled(graph, factors, result, self.sizes, is_symmetric)
        return _interned(graph, labels, operands, self.coefficient)

    def _scalar(self) -> int:
        """A product of scalars, one of which may be a contraction of arrays."""
        graph = self.graph
        outside = [i for i, labels in self.factors if not labels]
        inside = [f for f in self.factors if f[1]]
        if self.coefficient == 0:
            return graph.const(0)
        if inside:
            outside.append(_interned(graph, *spelled(graph, inside, (), {}, is_symmetric)))
        return scalars.times(graph, self.coefficient, outside)


def _acts_entrywise(graph: Graph, i: int) -> bool:
    """Whether a contraction is more than a product of matrices one behind the other: labels meet in several factors."""
    labels = graph.leaves[graph.nodes[i][1]]
    met = Counter([k for names in (*labels.factors, labels.result) for k in names])
    return any(count > 2 for count in met.values())


def _interned(graph: Graph, labels: Labels, operands: list[int], coefficient: Any = 1) -> int:
    if coefficient != 1 or (not operands and labels.result):
        labels = labels._replace(factors=("", *labels.factors))
        operands = [graph.const(coefficient), *operands]
    return graph.intern((EINSUM, graph.static(str(labels), labels), *operands))


def size_node(graph: Graph, size: Size) -> int:
    """A size as a scalar node: a constant, or what the call brings for a name."""
    if isinstance(size, int):
        return graph.const(size)
    return graph.intern((arrays.size.opcode, graph.static(f"size {size}", size)))


def whole_power(graph: Graph, base: int, exponent: int) -> int:
    """An array or a scalar to a whole power; negative ones are reciprocals."""
    if base not in graph.shapes:
        return scalars.whole_power(graph, base, exponent)
    i = base if abs(exponent) == 1 else graph.intern((POW, base, graph.const(abs(exponent))))
    return i if exponent > 0 else graph.intern((DIV, graph.const(1), i))


def labelled(factors: Iterable[tuple[int, str]]) -> list[Factor]:
    """Factors whose labels are letters."""
    return [(f, tuple(names)) for f, names in factors]


# -- what contractions are made for most often ---------------------------------------------------


def scaled(graph: Graph, coefficient: Any, i: int) -> int:
    """A number times a node."""
    if coefficient == 1:
        return i
    if i not in graph.shapes:
        own, rest = scalars.without_number(graph, i)
        return scalars.times(graph, scalars.product_of_numbers(coefficient, own), [rest])
    labels = fresh(len(graph.shapes[i]))
    return contract(graph, [(i, labels)], labels, coefficient=coefficient)


def transposed(graph: Graph, i: int, axes: Sequence[int] | None = None) -> int:
    """A node with its axes in another order, reversed by default."""
    labels = fresh(len(shape_of(graph, i)))
    result = labels[::-1] if axes is None else tuple([labels[k] for k in axes])
    return contract(graph, [(i, labels)], result)


def zeros(graph: Graph, shape: Shape) -> int:
    """Zeros of a shape."""
    return filled(graph, graph.const(0), shape)


def filled(graph: Graph, i: int, shape: Shape) -> int:
    """A scalar at every entry."""
    labels = fresh(len(shape))
    return contract(graph, [(i, ())], labels, dict(zip(labels, shape, strict=True)))


def identity(graph: Graph, size: Size) -> int:
    """The identity matrix."""
    (k,) = fresh(1)
    return contract(graph, [], (k, k), {k: size})


def broadcast_to(graph: Graph, i: int, shape: Shape) -> int:
    """A node repeated along the axes that it lacks or has of size 1.

    Raises
    ------
    SymdiffValueError
        For axes that do not fit.
    """
    held = shape_of(graph, i)
    if held == shape:
        return i
    if broadcast([held, shape]) != shape:
        raise SymdiffValueError(f"an array of shape {shown(held)} can't be broadcast to {shown(shape)}")
    result = fresh(len(shape))
    tail = result[len(shape) - len(held) :]
    wanted = shape[len(shape) - len(held) :]
    labels = [k if n == m else next(_labels) for k, n, m in zip(tail, held, wanted, strict=True)]
    return contract(graph, [(i, tuple(labels))], result, dict(zip(result, shape, strict=True)))


def narrow(graph: Graph, i: int) -> tuple[int, str, str] | None:
    """A contraction without axes along which it is the same, their labels and all labels; None where it has none."""
    if graph.nodes[i][0] != EINSUM or i not in graph.shapes:
        return None
    coefficient, factors, result = pieces(graph, i)
    used = {k for _, names in factors for k in names}
    held = "".join([k for k in result if k in used])
    if not held or held == result or len(set(result)) < len(result) or coefficient == 0:
        return None
    return contract(graph, labelled(factors), held, None, coefficient), held, result


def without_coefficient(graph: Graph, i: int) -> tuple[Any, int]:
    """A contraction as its coefficient and the rest; of other nodes the coefficient is 1."""
    if graph.nodes[i][0] != EINSUM or i not in graph.shapes:
        return 1, i
    coefficient, factors, result = pieces(graph, i)
    if coefficient == 1 or coefficient == 0:
        return coefficient, i
    sizes = dict(zip(result, graph.shapes[i], strict=True))
    return coefficient, contract(graph, labelled(factors), result, sizes)


def without_scalars(graph: Graph, i: int) -> tuple[list[int], int]:
    """A contraction as the scalars that multiply it, its coefficient among them, and the rest."""
    if graph.nodes[i][0] != EINSUM or i not in graph.shapes:
        return [], i
    coefficient, factors, result = pieces(graph, i)
    scale = [f for f, names in factors if not names]
    inside = [(f, names) for f, names in factors if names]
    if coefficient == 0 or not inside or (coefficient == 1 and not scale):
        return [], i
    scale += [graph.const(coefficient)] * (coefficient != 1)
    sizes = dict(zip(result, graph.shapes[i], strict=True))
    return scale, contract(graph, labelled(inside), result, sizes)


def scalar_at_every_entry(graph: Graph, i: int) -> int:
    """What is one scalar at every entry, as that scalar; other nodes as they are."""
    if graph.nodes[i][0] != EINSUM or i not in graph.shapes:
        return i
    coefficient, factors, result = pieces(graph, i)
    if any(f in graph.shapes for f, _ in factors) or len(set(result)) < len(result):
        return i
    return scalars.times(graph, coefficient, [f for f, _ in factors])
