"""Numbers that carry derivatives: what dual numbers and Taylor series share.

Each has a level. In an operation the highest level works, and numbers of lower
levels are constants to it; so nested derivatives do not mix up whose
perturbation is whose (Siskind and Pearlmutter, *Perturbation confusion and
referential transparency*, 2005).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff import ops
from symdiff.arithmetic import Arithmetic
from symdiff.errors import SymdiffTypeError
from symdiff.records import Operation

_levels = itertools.count(1000)  # start far above the levels of numbers that users make


def fresh_level() -> int:
    """A level above all that are in use."""
    return next(_levels)


def level_of(value: Any) -> int:
    """The level of a number, 0 for one that carries no derivative."""
    return value.level if isinstance(value, Perturbation) else 0


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
        return hash(self.main)

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
