"""The labels of a contraction: which axes of its factors are multiplied entry by entry, summed over, and kept.

As in `einsum`, with two freedoms more: a label of the result may repeat (`i->ii` is a diagonal matrix), and it may
occur in no factor (`->ij` is all ones). A Kronecker delta is then a label that two axes share, and no factor.
"""

from __future__ import annotations

from typing import NamedTuple

from symdiff.shapes import Shape, Size


class Labels(NamedTuple):
    """Labels of the factors in their order, labels of the result, and the sizes of those that no factor has."""

    factors: tuple[str, ...]
    result: str
    free: tuple[tuple[str, Size], ...] = ()

    def __str__(self) -> str:
        sizes = "".join(f", {label}={size}" for label, size in self.free)
        return f"{','.join(self.factors)}->{self.result}{sizes}"

    @property
    def summed(self) -> str:
        """The labels that are summed over, once each."""
        return "".join(dict.fromkeys(label for labels in self.factors for label in labels if label not in self.result))


def letter(k: int) -> str:
    """The k-th label: a … z, then letters that no keyboard has, so that there is no last one.

    >>> letter(0), letter(25), letter(26)
    ('a', 'z', 'À')
    """
    return chr(97 + k) if k < 26 else chr(192 - 26 + k)


def result_shape(labels: Labels, *shapes: Shape) -> Shape:
    """The shape of a contraction of factors of these shapes."""
    sizes: dict[str, Size] = dict(labels.free)
    for names, shape in zip(labels.factors, shapes, strict=True):
        sizes.update(zip(names, shape, strict=True))
    return tuple([sizes[label] for label in labels.result])
