"""Shapes of array nodes: tuples of sizes, each an int, a name, or a name and an int such as "n - 1".

A named size stands for one number that the arrays of a call bring; it equals no other size and never
broadcasts as 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.quoting import counted, quoted

Size: TypeAlias = "int | str"
Shape: TypeAlias = "tuple[Size, ...]"

_ENTRIES = 50_000_000  # limit of entries that become expressions of their own: 8 GB
_NAMED = r"([^\W\d]\w*)(?: ?([+-]) ?(\d+))?"


def shape_of(given: Any) -> Shape:
    """A shape as it is asked for: a size or a sequence of sizes.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no size, and for a negative one.

    >>> shape_of("n"), shape_of((3, "n-1"))
    (('n',), (3, 'n - 1'))
    """
    sizes = given if isinstance(given, (tuple, list)) else (given,)
    return tuple([_size(size, given) for size in sizes])


def _size(size: Any, given: Any) -> Size:
    if isinstance(size, str):
        found = re.fullmatch(_NAMED, size.strip())
        if found is None:
            raise SymdiffValueError(f"{size!r} is no size: write an int, a name such as 'n', or 'n - 1'")
        name, sign, number = found.groups()
        return plus(name, int(f"{sign}{number}")) if sign else name
    if not isinstance(size, (int, np.integer)) or isinstance(size, bool):
        raise SymdiffTypeError(f"a shape is of ints and names of sizes, not {given!r}")
    if size < 0:
        raise SymdiffValueError(f"a shape has no negative size, as {given!r} does")
    return int(size)


def named(size: str) -> tuple[str, int]:
    """A named size as its name and the int that is added.

    >>> named("n"), named("n - 1")
    (('n', 0), ('n', -1))
    """
    name, _, rest = size.partition(" ")
    return name, int(rest.replace(" ", "")) if rest else 0


def names_of_sizes(shape: Sequence[Size]) -> list[str]:
    """The names in a shape.

    >>> names_of_sizes((3, "n - 1"))
    ['n']
    """
    return [named(size)[0] for size in shape if isinstance(size, str)]


def plus(size: Size, number: int) -> Size:
    """A size and an int.

    >>> plus("n", -1), plus("n - 1", 1), plus(3, 1)
    ('n - 1', 'n', 4)
    """
    if isinstance(size, int):
        return size + number
    name, offset = named(size)
    offset += number
    return f"{name} {'-' if offset < 0 else '+'} {abs(offset)}" if offset else name


def smaller(a: Size, b: Size) -> Size:
    """The smaller of two sizes.

    Raises
    ------
    SymdiffValueError
        For two of which that is not known.
    """
    if a == b:
        return a
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    if isinstance(a, str) and isinstance(b, str) and named(a)[0] == named(b)[0]:
        return min(a, b, key=lambda size: named(size)[1])
    raise SymdiffValueError(f"which of the sizes {a} and {b} is smaller has to be known: give numbers for them")


def convolved(mode: str, a: Size, b: Size) -> Size:
    """The size of a convolution: "full", all places where vectors of sizes a and b overlap, or "valid", all of b.

    Raises
    ------
    SymdiffValueError
        For named sizes of which that is no number and no name with a number.

    >>> convolved("full", "n", 3), convolved("valid", "n", 3), convolved("valid", "n + 2", "n")
    ('n + 2', 'n - 2', 3)
    """
    sign = 1 if mode == "full" else -1
    if isinstance(b, int):
        return plus(a, sign * (b - 1))
    if isinstance(a, int) and sign > 0:
        return plus(b, a - 1)
    if isinstance(a, str) and sign < 0 and named(a)[0] == named(b)[0]:
        return named(a)[1] - named(b)[1] + 1
    raise SymdiffValueError(
        f"convolve of sizes {a} and {b} has no size that is a name and an int: give a number for one"
    )


def shown(shape: Sequence[Size]) -> str:
    """A shape as text: `(n, 3)`.

    >>> shown(("n", 3)), shown(("n",))
    ('(n, 3)', '(n,)')
    """
    return f"({', '.join([quoted(n) if isinstance(n, int) else n for n in shape])}{',' * (len(shape) == 1)})"


def broadcast(shapes: Iterable[Shape]) -> Shape | None:
    """The shape that arrays of these shapes have together, None where they do not fit.

    >>> broadcast([(4, 3), (3,)]), broadcast([("n", 1), (5,)]), broadcast([("n",), ("m",)])
    ((4, 3), ('n', 5), None)
    """
    result: list[Size] = []  # from the last axis
    for shape in shapes:
        for k, size in enumerate(reversed(shape)):
            if k == len(result):
                result.append(size)
            elif result[k] == 1:
                result[k] = size
            elif size != 1 and size != result[k]:
                return None
    return tuple(reversed(result))


def bound(shape: Sequence[Size], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A shape in numbers, by those of the names.

    Raises
    ------
    SymdiffValueError
        For a size that is not known, or would be negative.
    """
    numbers = []
    for size in shape:
        if isinstance(size, str):
            name, offset = named(size)
            if name not in sizes:
                raise SymdiffValueError(f"the size {name} is not known: no array of the point has it in its shape")
            if sizes[name] + offset < 0:
                raise SymdiffValueError(f"the size {size} is negative where {name} is {sizes[name]}")
            size = sizes[name] + offset
        numbers.append(size)
    return tuple(numbers)


def check_entries(shape: Sequence[int]) -> None:
    """Refuse to make an expression of each entry of an array where these would fill the memory.

    Raises
    ------
    SymdiffValueError
        Naming how many there are.
    """
    count = math.prod(shape)
    if count > _ENTRIES:
        raise SymdiffValueError(
            f"an array of shape {shown(shape)} has {counted(count)} entries; {_ENTRIES:,} expressions are made at most"
        )


def bind(what: str, shape: Shape, actual: Sequence[int], sizes: dict[str, int]) -> None:
    """Note the numbers that an array brings for the names in a shape; its last axes are meant.

    Raises
    ------
    SymdiffValueError
        Where it does not fit, naming both shapes.
    """
    tail = tuple(actual)[len(actual) - len(shape) :] if shape else ()
    fits = len(actual) >= len(shape)
    for size, number in zip(shape, tail, strict=False):
        if isinstance(size, int):
            fits = fits and size == number
        else:
            name, offset = named(size)
            fits = fits and sizes.setdefault(name, number - offset) == number - offset
    if not fits:
        named_sizes = ", ".join(f"{name} = {sizes[name]}" for name in sizes if any(_holds(s, name) for s in shape))
        raise SymdiffValueError(
            f"{what} has shape {shown(shape)}{f' with {named_sizes}' * bool(named_sizes)}; "
            f"the array given has shape {shown(tuple(actual))}"
        )


def _holds(size: Size, name: str) -> bool:
    return isinstance(size, str) and named(size)[0] == name
