"""Contractions as NumPy: pair by pair in the cheapest order, by BLAS wherever a pair sums anything up.

NumPy's einsum knows BLAS only for two factors and a plan that it makes at every call: here the plan is made once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symdiff.array_constants import is_sparse
from symdiff.arrays.contraction_paths import contraction_path
from symdiff.compile.array_programs.array_lines import LARGE, Lines, entries, product_text, shape_text
from symdiff.shapes import Size

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Term(NamedTuple):
    """A value as code, and the label of each of its axes."""

    text: str
    labels: str


def contracted(lines: Lines, factors: Sequence[Term], result: str, sizes: Mapping[str, Size]) -> str:
    """The product of factors, summed over all labels but those of the result, with its axes in their order.

    Every label of the result is one of a factor, and in it once.
    """
    kept = set(result)
    terms = [
        _alone(lines, term, kept.union(*[other.labels for j, other in enumerate(factors) if j != k]))
        for k, term in enumerate(factors)
    ]
    held = dict(enumerate(terms))
    steps = contraction_path([term.labels for term in terms], result, sizes)
    for made, step in enumerate(steps, start=len(terms)):
        a, b = held.pop(step.left), held.pop(step.right)
        held[made] = _pair(lines, a, b, set(step.labels), result, sizes)
    scalars = [term.text for term in held.values() if not term.labels]
    arrays = [term for term in held.values() if term.labels]
    text = aligned(lines, arrays[0], result) if arrays else ""
    for scalar in scalars:
        text = lines.value(f"{scalar}*{text}") if text else scalar
    return text


def aligned(lines: Lines, term: Term, labels: str) -> str:
    """A value with its axes in another order."""
    if term.labels == labels:
        return term.text
    if len(labels) == 2:
        return f"{lines.value(term.text)}.T"
    order = ", ".join([str(term.labels.index(k)) for k in labels])
    return f"{lines.value(term.text)}.transpose({order})"


def spread(lines: Lines, term: Term, labels: str) -> str:
    """A value that broadcasts along the labels that it lacks, in the order in which it is read again and again."""
    own = "".join([k for k in labels if k in term.labels])
    text = aligned(lines, term, own)
    if own != term.labels and own != labels:
        text = lines.value(f"np.ascontiguousarray({text})")
    if not own or labels.endswith(own):
        return text
    first = labels.index(own[0])
    return f"{text}[{', '.join([':' if k in own else 'None' for k in labels[first:]])}]"


def spec_text(factors: Sequence[str], result: str) -> str:
    """The labels of a contraction in the letters that NumPy knows."""
    names: dict[str, str] = {}
    for k in "".join(factors) + result:
        names.setdefault(k, LETTERS[len(names)])
    return f"{','.join(''.join(names[k] for k in labels) for labels in factors)}->{''.join(names[k] for k in result)}"


def _alone(lines: Lines, term: Term, kept: set[str]) -> Term:
    """A factor without what it alone has: its diagonal, its sums."""
    unique = "".join(dict.fromkeys(term.labels))
    rest = "".join([k for k in unique if k in kept])
    if unique != term.labels:
        return Term(lines.value(f"np.einsum('{spec_text([term.labels], rest)}', {term.text})"), rest)
    if rest == unique:
        return term
    axes = [str(k) for k, label in enumerate(unique) if label not in kept]
    which = "" if not rest else axes[0] if len(axes) == 1 else f"({', '.join(axes)})"
    return Term(lines.value(f"{lines.value(term.text)}.sum({which})"), rest)


def _pair(lines: Lines, a: Term, b: Term, kept: set[str], result: str, sizes: Mapping[str, Size]) -> Term:
    """Two factors multiplied, and summed over what is not kept."""
    both = [k for k in a.labels if k in b.labels]
    summed = "".join([k for k in both if k not in kept])
    if not summed:
        return _entrywise(lines, a, b, result, sizes)
    batch = "".join([k for k in both if k in kept])
    left = "".join([k for k in a.labels if k not in b.labels])
    right = "".join([k for k in b.labels if k not in a.labels])
    if not left and not right:
        return _inner(lines, a, b, summed, batch)
    if place_in(result, right) < place_in(result, left):
        a, b, left, right = b, a, right, left
    if not batch and len(left) <= 1 and len(right) <= 1 and len(summed) == 1:
        first, second = _matrix(lines, a, left + summed), _matrix(lines, b, summed + right)
        return Term(lines.value(_product(lines, first, second)), left + right)
    return _matrices(lines, a, b, (batch, left, summed, right), sizes)


def _product(lines: Lines, first: str, second: str) -> str:
    """The product of two vectors or matrices as code."""
    text = f"{first} @ {second}"
    if not any(is_sparse(lines.held.get(name.removesuffix(".T"))) for name in (first, second)):
        lines.faster[text] = f"{first}.dot({second})"
        lines.noted(text, f"{first}.dot({second}, {{}})")
    return text


def _stacked(lines: Lines, first: str, second: str) -> str:
    """The products of two stacks of matrices as code."""
    return lines.noted(f"{first} @ {second}", f"np.matmul({first}, {second}, {{}})")


def place_in(result: str, labels: str) -> int:
    """Where labels come in the result: behind all others where they do not."""
    return min([result.index(k) for k in labels if k in result], default=len(result))


def _matrix(lines: Lines, term: Term, labels: str) -> str:
    text = aligned(lines, term, labels)
    return text if text.isidentifier() or text.endswith(".T") else lines.value(text)


def _entrywise(lines: Lines, a: Term, b: Term, result: str, sizes: Mapping[str, Size]) -> Term:
    """The product of two factors that nothing is summed over: the result, or in the order of the larger factor."""
    larger, other = (b, a) if len(b.labels) > len(a.labels) else (a, b)
    order = "".join(dict.fromkeys(larger.labels + other.labels))
    order = result if set(order) == set(result) else order
    summed = not set(a.labels + b.labels) <= set(result)
    return Term(lines.value(multiplied(lines, a, b, order, sizes, summed)), order)


def multiplied(lines: Lines, a: Term, b: Term, order: str, sizes: Mapping[str, Size], summed: bool) -> str:
    """The product of two factors entry by entry, as code; `summed`: it will be summed up.

    Rows by rows are einsum's then: 63 us for 1000 products of 5 by 20, where broadcast rows take 87. It adds them to
    0.0, and so drops the signs of zeros.
    """
    both = set(a.labels) & set(b.labels)
    by_rows = both and len(both) < min(len(a.labels), len(b.labels))
    if summed and by_rows and entries([sizes[k] for k in order]) >= LARGE:
        return _einsum(lines, Term(lines.value(a.text), a.labels), Term(lines.value(b.text), b.labels), order)
    first, second = spread(lines, a, order), spread(lines, b, order)
    return lines.noted(f"{first}*{second}", f"np.multiply({first}, {second}, {{}})")


def _einsum(lines: Lines, a: Term, b: Term, result: str) -> str:
    operands = f"'{spec_text([a.labels, b.labels], result)}', {a.text}, {b.text}"
    return lines.noted(f"np.einsum({operands})", f"np.einsum({operands}, out={{}})")


def _inner(lines: Lines, a: Term, b: Term, summed: str, batch: str) -> Term:
    """Inner products: of vectors and whole arrays by BLAS, of rows by einsum, which makes no temporary."""
    if batch:
        return Term(lines.value(_einsum(lines, a, b, batch)), batch)
    if len(summed) == 1:
        return Term(lines.value(_product(lines, lines.value(a.text), lines.value(b.text))), "")
    return Term(lines.value(f"np.vdot({lines.value(a.text)}, {lines.value(aligned(lines, b, a.labels))})"), "")


def _matrices(lines: Lines, a: Term, b: Term, parts: tuple[str, str, str, str], sizes: Mapping[str, Size]) -> Term:
    """A product of matrices, or of stacks of them, after several axes were made one."""
    batch, left, summed, right = parts
    first = _reshaped(lines, a, (batch, left, summed), sizes)
    second = _reshaped(lines, b, (batch, summed, right), sizes)
    name = lines.value(_stacked(lines, first, second) if batch else _product(lines, first, second))
    if len(left) == 1 and len(right) == 1:
        return Term(name, batch + left + right)
    labels = batch + left + right
    return Term(lines.value(f"{name}.reshape({shape_text([sizes[k] for k in labels])})"), labels)


def _reshaped(lines: Lines, term: Term, parts: tuple[str, str, str], sizes: Mapping[str, Size]) -> str:
    """A factor with the axes of the stack first, then those of its rows as one, then those of its columns as one."""
    batch, rows, columns = parts
    if not batch and columns + rows == term.labels and len(rows) != 1:  # spare a copy: its transpose is in order
        return f"{_two_axes(lines, lines.value(term.text), '', columns, rows, sizes)}.T"
    return _two_axes(lines, _matrix(lines, term, batch + rows + columns), batch, rows, columns, sizes)


def _two_axes(lines: Lines, text: str, batch: str, rows: str, columns: str, sizes: Mapping[str, Size]) -> str:
    if len(rows) == len(columns) == 1:
        return text
    axes = [product_text([sizes[k]]) for k in batch]
    axes += [product_text([sizes[k] for k in rows]), product_text([sizes[k] for k in columns])]
    return lines.value(f"{text}.reshape({', '.join(axes)})")
