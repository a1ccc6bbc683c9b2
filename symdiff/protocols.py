"""What tells editors and type checkers which kind of result an operation or a derivative has.

The methods are there for them alone: nothing calls them, and no object has them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, Union, overload

import numpy as np

Result = TypeVar("Result", covariant=True)
Other = TypeVar("Other", covariant=True)
Array: TypeAlias = np.ndarray[Any, Any]
Number: TypeAlias = Union[complex, Fraction, "np.number[Any]"]


class Answers(Protocol[Result]):
    """What operations answer in kind: on expressions they give expressions, on arrays arrays."""

    def _answer(self) -> Result: ...


class Absorbs(Protocol[Result]):
    """What answers in kind beside an expression, too: arrays of the graph, dual numbers, Taylor series."""

    def _absorb(self) -> Result: ...


class Totals(Protocol[Result]):
    """What is summed up in kind: expressions and arrays of them to an expression, dual numbers to one."""

    def _total(self) -> Result: ...


class Slopes(Protocol[Result]):
    """A variable: a derivative by one that is a number is an expression, by an array an array."""

    def _slope(self) -> Result: ...


class Scalar(Protocol):
    """A variable that is a number: derivatives by several of them are one array."""

    def _of_numbers(self) -> Literal[True]: ...


class Beside(Protocol[Result]):
    """An operator of something, waiting for what it takes beside it."""

    @overload
    def __call__(self, other: Absorbs[Other], /) -> Other: ...
    @overload
    def __call__(self, other: Answers[Any] | Number, /) -> Result: ...
    @overload
    def __call__(self, other: Array, /) -> Array: ...


class Binary(Protocol):
    """An operator between two, as a class has it."""

    @overload
    def __get__(self, left: Absorbs[Result], kind: Any = None) -> Callable[[Any], Result]: ...
    @overload
    def __get__(self, left: Answers[Result], kind: Any = None) -> Beside[Result]: ...


class Operators:
    """Python's operators of an expression, for editors; what computes is `arithmetic.py`."""

    __slots__ = ()

    if TYPE_CHECKING:
        __sub__: Binary
        __rsub__: Binary
        __truediv__: Binary
        __rtruediv__: Binary
        __pow__: Binary
        __rpow__: Binary
        __floordiv__: Binary
        __rfloordiv__: Binary
        __mod__: Binary
        __rmod__: Binary
        __lt__: Binary
        __le__: Binary
        __gt__: Binary
        __ge__: Binary
        __and__: Binary
        __rand__: Binary
        __or__: Binary
        __ror__: Binary

        # methods in full, as `sum` and `math.prod` ask for them

        @overload
        def __add__(self: Absorbs[Result], other: Any, /) -> Result: ...
        @overload
        def __add__(self, other: Absorbs[Result], /) -> Result: ...
        @overload
        def __add__(self: Answers[Result], other: Answers[Any] | Number, /) -> Result: ...
        @overload
        def __add__(self, other: Array, /) -> Array: ...
        def __add__(self, other: Any, /) -> Any: ...

        @overload
        def __radd__(self: Absorbs[Result], other: Any, /) -> Result: ...
        @overload
        def __radd__(self, other: Absorbs[Result], /) -> Result: ...
        @overload
        def __radd__(self: Answers[Result], other: Answers[Any] | Number, /) -> Result: ...
        @overload
        def __radd__(self, other: Array, /) -> Array: ...
        def __radd__(self, other: Any, /) -> Any: ...

        @overload
        def __mul__(self: Absorbs[Result], other: Any, /) -> Result: ...
        @overload
        def __mul__(self, other: Absorbs[Result], /) -> Result: ...
        @overload
        def __mul__(self: Answers[Result], other: Answers[Any] | Number, /) -> Result: ...
        @overload
        def __mul__(self, other: Array, /) -> Array: ...
        def __mul__(self, other: Any, /) -> Any: ...

        @overload
        def __rmul__(self: Absorbs[Result], other: Any, /) -> Result: ...
        @overload
        def __rmul__(self, other: Absorbs[Result], /) -> Result: ...
        @overload
        def __rmul__(self: Answers[Result], other: Answers[Any] | Number, /) -> Result: ...
        @overload
        def __rmul__(self, other: Array, /) -> Array: ...
        def __rmul__(self, other: Any, /) -> Any: ...

        def __neg__(self: Answers[Result]) -> Result: ...
        def __pos__(self: Answers[Result]) -> Result: ...
        def __abs__(self: Answers[Result]) -> Result: ...
        def __invert__(self: Answers[Result]) -> Result: ...
        def __floor__(self: Answers[Result]) -> Result: ...
        def __ceil__(self: Answers[Result]) -> Result: ...
        def __trunc__(self: Answers[Result]) -> Result: ...
