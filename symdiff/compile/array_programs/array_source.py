"""A program of arrays as the NumPy that a person would have written, with loops for what acts entry by entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.array_constants import is_sparse
from symdiff.arrays.reading import ADD, EINSUM, PUT, pieces
from symdiff.arrays.symmetry import is_symmetric
from symdiff.compile.array_programs import array_calls_text, array_loop_text
from symdiff.compile.array_programs.array_factoring import factored_out, multiplied_out
from symdiff.compile.array_programs.array_known import Known
from symdiff.compile.array_programs.array_lines import copied, entries, scaled_text, shape_text
from symdiff.compile.array_programs.array_merging import merged
from symdiff.compile.array_programs.array_products import Term, contracted, place_in, spec_text, spread
from symdiff.compile.array_programs.array_sharing import shared
from symdiff.compile.array_programs.array_stages import Loop, is_placed, plan
from symdiff.compile.array_programs.array_turning import turned
from symdiff.compile.array_programs.array_uniform import without_uniform
from symdiff.compile.array_programs.array_unit_axes import without_unit_axes
from symdiff.compile.kernel import Options
from symdiff.graph import CONST, Graph
from symdiff.keys import is_listed, whole
from symdiff.ops import arrays
from symdiff.shapes import Size


class Diagonal(NamedTuple):
    """What a product is zero outside of: its value along labels that repeat, and where these are."""

    coefficient: Any
    text: str
    spec: str


class ArraySource:
    """The lines that compute some nodes, and the code of their results."""

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[int],
        inputs: Mapping[int, str],
        options: Options,
        backend: str,
        inner: Collection[int] = (),
    ) -> None:
        outputs = made_ready(graph, outputs, options.dtype)
        self.graph, self._plan = graph, plan(graph, outputs)
        self.known = Known(graph, inputs, self._plan, options, backend)
        self.lines = self.known.lines
        self._diagonals: dict[int, Diagonal] = {}
        self._beginning = self._beginnings()
        self._own: set[int] = set()  # values that only one sum reads, which may change them
        self._given = {text.partition("[")[0] for text in inputs.values()}
        self._returned: set[str] = set()
        for unit in self._plan.units:
            if isinstance(unit, Loop):
                array_loop_text.write(self.known, unit)
            else:
                self._write(unit)
        # of what goes into matrices the memory may be that of others
        self.results = [self.known.number(i) if k in inner else self._result(i) for k, i in enumerate(outputs)]
        self.booleans = [self._is_condition(i) for i in outputs]

    def _beginnings(self) -> set[int]:
        """The nodes that a sum may begin with and change: made for it alone, all others being added in place."""
        found = set()
        for i in self._plan.units:
            if isinstance(i, int) and self.graph.nodes[i][0] == ADD:
                whole = [j for j in self.graph.nodes[i][1:] if not is_placed(self.graph, j)]
                alone = len(whole) == 1 and whole[0] in self.graph.shapes
                found.update([j for j in whole if alone and self._plan.uses[j] == 1])
        return found

    # -- nodes that stand alone --------------------------------------------------------------

    def _write(self, i: int) -> None:
        node = self.graph.nodes[i]
        if node[0] == EINSUM:
            self._contraction(i)
        elif node[0] == ADD:
            self._sum(i)
        elif node[0] == PUT:
            self._placed(i)
        else:
            self.known.holds(i, array_calls_text.text(self.known, i))

    def _sum(self, i: int) -> None:
        """A sum, to which what is zero but at some places is added in place, and many terms one after the other."""
        terms = self.graph.nodes[i][1:]
        whole = sorted([j for j in terms if not self._is_added(j)], key=lambda j: j not in self.graph.shapes)
        steps = [f"{{0}} += {scaled_text(*self.known.scaled(j))}" for j in whole[2:]]
        for j in terms:
            if self._is_added(j):
                steps += self._added(j)
        first = " + ".join([scaled_text(*self.known.scaled(j)) for j in whole[:2]])
        if len(whole) == 1 and whole[0] in self._own:
            self.lines.text += [step.format(first) for step in steps]
            self.known.holds(i, first)
        else:
            if whole and whole[0] not in self.graph.shapes:
                first = self.known.full(i, first)
            first = copied(self.lines, first) if first and not self.lines.is_made(first) else first
            steps = steps if first else _begun(steps)
            self.known.holds(i, self.lines.filled(first or self.known.zeros(i), steps))

    def _is_added(self, i: int) -> bool:
        return not self.known.is_known(i) and is_placed(self.graph, i)

    def _placed(self, i: int) -> None:
        """Say how a node is made whole where no sum adds it in place."""
        self.known.makers[i] = lambda: self.lines.filled(self.known.zeros(i), _begun(self._added(i)))

    def _added(self, i: int) -> list[str]:
        """The steps that add what is zero but at some places to an array, `{0}`."""
        if i in self._diagonals:
            diagonal = self._diagonals[i]
            value = scaled_text(diagonal.coefficient, diagonal.text)
            return [f"np.einsum('{diagonal.spec}', {{0}})[...] += {value}"]
        node = self.graph.nodes[i]
        where = self.graph.leaves[node[1]]
        steps = []
        for key, j in zip(where.keys, node[2:], strict=True):
            value = scaled_text(*self.known.scaled(j))
            if is_listed(key[0]) and all(map(whole, key[1:], where.shape[1:])):
                steps.append(f"{{0}}[...] += {array_calls_text.added_text(self.known, value, key, where.shape)}")
                continue
            block, listed = array_calls_text.key_texts(self.known, key, where.shape)
            target = f"{{0}}[{block or '...'}]"
            steps.append(f"np.add.at({target}, np.s_[{listed}], {value})" if listed else f"{target} += {value}")
        return steps

    # -- products --------------------------------------------------------------------------------

    def _contraction(self, i: int) -> None:
        coefficient, terms, result, sizes = self._factors(i)
        unique = "".join(dict.fromkeys(result))
        kept = "".join([k for k in unique if any(k in term.labels for term in terms)])
        coefficient, terms = self._with_coefficient(i, coefficient, terms, sizes)
        before = self.lines.count
        text = contracted(self.lines, terms, kept, sizes) or "1.0"
        if i in self._beginning and coefficient == 1 and kept == result:
            text = self.lines.value(text)
            if self.lines.made_since(before, text):
                self._own.add(i)
        if kept != unique:
            text = spread(self.lines, Term(text, kept), unique) if kept else text
        if result != unique:
            self._diagonals[i] = Diagonal(coefficient, text, spec_text([result], unique))
            self._placed(i)
        elif kept == unique:
            self.known.scale(i, coefficient, text)
        elif kept:
            self.known.repeat(i, coefficient, text, lambda: self._whole(i, coefficient, text))
        else:
            self.known.scale(i, coefficient, self.known.full(i, text))

    def _whole(self, i: int, coefficient: Any, text: str) -> str:
        """What broadcasts to the shape of a node, broadcast."""
        value = self.lines.value(scaled_text(coefficient, text))
        return self.lines.value(f"np.broadcast_to({value}, {shape_text(self.known.shape(i))})")

    def _with_coefficient(
        self, i: int, coefficient: Any, terms: list[Term], sizes: Mapping[str, Size]
    ) -> tuple[Any, list[Term]]:
        """The coefficient multiplied into the smallest factor where the product is larger than that."""
        counts = [entries([sizes[k] for k in term.labels]) for term in terms if term.labels]
        if coefficient in (0, 1, -1) or not counts or 4 * min(counts) > entries(self.graph.shapes.get(i, ())):
            return coefficient, terms
        places = [k for k, term in enumerate(terms) if term.labels]
        k = places[counts.index(min(counts))]
        terms[k] = Term(self.lines.value(scaled_text(coefficient, self.lines.value(terms[k].text))), terms[k].labels)
        return 1, terms

    def _factors(self, i: int) -> tuple[Any, list[Term], str, dict[str, Size]]:
        """A product as its coefficient, factors, labels of the result and sizes."""
        coefficient, factors, result = pieces(self.graph, i)
        sizes = dict(zip(result, self.known.shape(i), strict=True))
        factors = sorted(factors, key=lambda f: place_in(result, f[1]))
        sparse = self._sparse_factor(factors, result)
        squared = self._squared(factors)
        terms = []
        for k, (j, labels) in enumerate(factors):
            sizes.update(zip(labels, self.known.shape(j), strict=True))
            own, text = (1, self.known.sparse(j)) if k == sparse else self.known.scaled(j)
            coefficient *= own
            terms.append(Term(text, labels[::-1] if k == squared else labels))
        return coefficient, terms, result, sizes

    def _squared(self, factors: Sequence[tuple[int, str]]) -> int:
        """The place of a symmetric matrix that multiplies itself, -1 for none.

        Turned, it makes `K @ K` the `K.T @ K` of which BLAS computes one half.
        """
        for k, (j, labels) in enumerate(factors[:-1]):
            others = [names for i, names in factors[k + 1 :] if i == j]
            if len(labels) == 2 and is_symmetric(self.graph, j) and any(len({*labels, *o}) == 3 for o in others):
                return k
        return -1

    def _is_sparse(self, i: int) -> bool:
        return self.graph.nodes[i][0] == CONST and is_sparse(self.graph.leaves[i])

    def _sparse_factor(self, factors: Sequence[tuple[int, str]], result: str) -> int:
        """The place of a sparse matrix that multiplies one vector or matrix, -1 for none."""
        places = [k for k, (_, labels) in enumerate(factors) if labels]
        if len(places) != 2 or len(set(result)) < len(result):
            return -1
        for k, other in (places, places[::-1]):
            (matrix, rows), (vector, labels) = factors[k], factors[other]
            summed = set(rows) & set(labels)
            fits = len(summed) == 1 and not summed & set(result) and len(labels) < 3 and len(set(rows)) == 2
            if fits and self._is_sparse(matrix) and not self._is_sparse(vector):
                return k
        return -1

    # -- results -----------------------------------------------------------------------------------

    def _result(self, i: int) -> str:
        text, condition = self.known.use(i), self._is_condition(i)
        if i not in self.graph.shapes:
            return f"bool({text})" if condition else f"float({text})"
        name = self.lines.value(text)
        if condition and i not in self.known.booleans:
            name = self.lines.value(f"{name}.astype(bool)")
        return self._unshared(name)

    def _is_condition(self, i: int) -> bool:
        """Whether a node has entries of a condition: in some order, repeated, the largest or the smallest."""
        while i not in self.known.booleans:
            node = self.graph.nodes[i]
            if node[0] not in _KEEPING or (node[0] == EINSUM and not self._rearranges(i)):
                return False
            i = node[-1]
        return True

    def _rearranges(self, i: int) -> bool:
        coefficient, factors, result = pieces(self.graph, i)
        return coefficient == 1 and len(factors) == 1 and set(factors[0][1]) <= set(result)

    def _unshared(self, name: str) -> str:
        """A result in memory that no argument, constant or other result has."""
        root = self.lines.root(name)
        if root in self._given or root.startswith("np") or root in self.lines.held or root in self._returned:
            return self.lines.filled(copied(self.lines, name), [])
        self._returned.add(root)
        return name

    def body(self) -> list[str]:
        """The lines, which free what is large as soon as it can be."""
        return self.lines.freed(" ".join(self.results), self.known.large)


def made_ready(graph: Graph, outputs: Sequence[int], dtype: np.dtype[Any]) -> list[int]:
    """Nodes of the same values, in some precision, that are computed with less."""
    outputs = without_uniform(graph, without_unit_axes(graph, multiplied_out(graph, outputs)))
    outputs = merged(graph, outputs, dtype)
    return turned(graph, shared(graph, factored_out(graph, outputs)))


_KEEPING = frozenset([EINSUM, *[op.opcode for op in (arrays.take, arrays.reshape, arrays.amax, arrays.amin)]])


def _begun(steps: Sequence[str]) -> list[str]:
    """Steps that add to zeros: the first writes, where it names no place twice."""
    first, *rest = steps
    return [first if first.startswith("np.add.at") else first.replace(" += ", " = ", 1), *rest]
