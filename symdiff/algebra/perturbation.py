"""Numbers that carry derivatives: what dual numbers and Taylor series share.

Each has a level. In an operation the highest level works, and numbers of lower
levels are constants to it; so nested derivatives do not mix up whose
perturbation is whose (Siskind and Pearlmutter, *Perturbation confusion and
referential transparency*, 2005). The level of a sweep ends with it: a number that
was kept from an earlier one is no constant, and an error where it comes back.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.algebra.carriers import as_carriers, no_key, of_elements
from symdiff.arithmetic import Arithmetic
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.records import Operation

_APART = 2**20  # distance between sweeps: room for the levels of numbers that users make of theirs
_levels = itertools.count(_APART, _APART)
_running: set[int] = set()  # levels of sweeps that go on; no list of finished ones could have an end


@contextmanager
def sweep() -> Iterator[int]:
    """A level above all that are in use, for as long as a function is differentiated."""
    level = next(_levels)
    _running.add(level)
    try:
        yield level
    finally:
        _running.discard(level)


def level_of(value: Any) -> int:
    """The level of a number, 0 for one that carries no derivative."""
    return value.level if isinstance(value, Perturbation) else 0


def level_above(parts: Sequence[Any]) -> int:
    """The level of a number that a user makes of others: one above theirs."""
    return 1 + max([level_of(part) for part in parts])


def checked_level(level: Any) -> int:
    """A level as it is given by name.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no positive int.
    """
    if isinstance(level, bool) or not isinstance(level, int):
        raise SymdiffTypeError(f"the level of nested derivatives is an int, not {level!r}")
    if level < 1:
        raise SymdiffValueError(f"the level of nested derivatives is at least 1, not {level}")
    return level


class Perturbation(Arithmetic):
    """A number with derivatives, of some level."""

    __slots__ = ("level",)
    level: int

    @property
    def main(self) -> Any:
        """The value without derivatives of this level."""
        raise SymdiffTypeError("only its subclasses have one")

    def _at_level(self, op: Operation, args: Sequence[Any]) -> Any:
        """The operation on operands of this level and constants."""
        raise SymdiffTypeError("only its subclasses compute")

    def _parts(self) -> list[Any]:
        """The numbers it is made of."""
        raise SymdiffTypeError("only its subclasses have parts")

    def _of_parts(self, parts: list[Any]) -> Any:
        """A number of the same kind and level made of others."""
        raise SymdiffTypeError("only its subclasses have parts")

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return as_carriers(super().__array_function__(func, types, args, kwargs))

    @staticmethod
    def _apply(op: Operation, args: tuple[Any, ...]) -> Any:
        top = max((a for a in args if isinstance(a, Perturbation)), key=level_of)
        for a in args:
            if level_of(a) == top.level and type(a) is not type(top):
                raise SymdiffTypeError(f"{op.name} can't mix {type(a).__name__} and {type(top).__name__} of one level")
        return top._at_level(op, args)

    def _holds_array(self) -> bool:
        main = self.main
        return isinstance(main, np.ndarray) or (isinstance(main, Perturbation) and main._holds_array())

    def conjugate(self) -> Any:
        """That of all its parts: perturbations are real."""
        return self if is_real(self) else self._of_parts([np.conjugate(part) for part in self._parts()])

    @property
    def real(self) -> Any:
        """That of all its parts."""
        return self if is_real(self) else self._of_parts([of_elements("real", part) for part in self._parts()])

    @property
    def imag(self) -> Any:
        """That of all its parts."""
        return self._of_parts([of_elements("imag", part) for part in self._parts()])

    def __eq__(self, other: object) -> Any:
        """By value, as for `<`: derivatives are not compared."""
        try:
            return ops.equal(self, other)
        except SymdiffTypeError:
            return NotImplemented

    def __ne__(self, other: object) -> Any:
        same = self.__eq__(other)
        return same if same is NotImplemented else ops.logical_not(same)

    def __hash__(self) -> int:
        raise no_key()

    def __bool__(self) -> bool:
        return bool(self.main)

    def __float__(self) -> float:
        raise SymdiffTypeError(
            "a number that carries derivatives can't become a float without losing them: "
            "use np.sin or sd.sin instead of math.sin"
        )

    def __int__(self) -> int:
        raise SymdiffTypeError(
            "a number that carries derivatives can't become an int without losing them: use math.trunc or sd.trunc"
        )


def is_real(value: Any) -> bool:
    """Whether a number is of no complex kind, nor any number that it is made of.

    Raises
    ------
    SymdiffTypeError
        For an expression that holds a complex constant, of which that is not known.
    """
    if isinstance(value, Perturbation):
        return all(map(is_real, value._parts()))  # recursion as deep as derivatives nest
    if isinstance(value, np.ndarray):
        return value.dtype.kind != "c" and (value.dtype != object or all(map(is_real, value.flat)))
    if isinstance(value, Arithmetic):
        value.conjugate()
        return True
    return not isinstance(value, (complex, np.complexfloating)) and not hasattr(value, "_mpc_")


def derivative_part(value: Any, level: int, part: Callable[[Any], Any]) -> Any:
    """What `part` takes out of the number of one level, also where it is inside numbers of other levels; 0 for none.

    Raises
    ------
    SymdiffValueError
        For a number that was kept from a sweep that is over.
    """
    if not isinstance(value, Perturbation):
        return 0
    _check_running(value)
    if value.level == level:
        return part(value)
    inside = [derivative_part(p, level, part) for p in value._parts()]  # recursion as deep as derivatives nest
    if all(type(p) is int and p == 0 for p in inside):
        return 0
    return _joined(value, inside)


def _joined(value: Perturbation, inside: list[Any]) -> Any:
    """A number like another of other parts; of parts that are vectors a vector of numbers."""
    vectors = np.broadcast_arrays(*[np.asarray(p, dtype=object) for p in inside])
    if not vectors[0].ndim or value._holds_array():
        return value._of_parts(inside)
    result = np.empty(vectors[0].shape, dtype=object)
    for index in np.ndindex(result.shape):
        result[index] = value._of_parts([vector[index] for vector in vectors])
    return result


def _check_running(value: Any) -> None:
    """Refuse a number with derivatives of a sweep that is over."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, np.ndarray) and item.dtype == object:
            stack.extend(item.flat)
        elif isinstance(item, Perturbation):
            if item.level % _APART == 0 and item.level not in _running:
                raise SymdiffValueError(
                    "the function used a number that it kept from an earlier derivative, which is over: "
                    "compute it anew in each call, without a cache and without a variable outside of the function"
                )
            stack.extend([part for part in item._parts() if type(part) is not float])
