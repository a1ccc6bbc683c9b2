"""Operations on whole arrays that users register: a function of arrays of floats, of which only values are known.

An open record, as those of numbers are: tables by operation have no line for it, and ask the record instead. Of a
function of several results each is a record, and all share the function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.records import ArrayOperation, new_array_record
from symdiff.shapes import Shape, broadcast, names_of_sizes, shape_of, shown

Ranks = tuple[int, ...]  # of each operand, how many axes at the end are its own: those in front are of a batch


class Outside:
    """A function from outside, and the shapes of its results.

    Parameters
    ----------
    values : callable
        From arrays of float64, floats where an operand is a number, to the result or a tuple of results.
    shapes : callable
        From shapes of operands to the shape of the result, or to a sequence of those of several.
    batched : bool
        Whether `values` takes axes of a batch in front of all operands, and gives them in front of its results.
    """

    def __init__(
        self, name: str, values: Callable[..., Any], shapes: Callable[..., Any], arity: int, outputs: int, batched: bool
    ) -> None:
        self.name, self.values, self.rule = name, values, shapes
        self.arity, self.outputs, self.batched = arity, outputs, batched

    def names(self) -> tuple[str, ...]:
        """Names of its operands: those of the function's parameters, where they are as many."""
        from inspect import Parameter, signature  # import late: not cheap, and seldom needed

        for function in (self.values, self.rule):
            try:
                found = [p for p in signature(function).parameters.values() if p.default is Parameter.empty]
            except (TypeError, ValueError):
                continue
            if len(found) == self.arity and all(p.kind <= Parameter.POSITIONAL_OR_KEYWORD for p in found):
                return tuple([p.name for p in found])
        return tuple([f"operand{k}" for k in range(self.arity)]) if self.arity > 1 else ("operand",)

    def shapes(self, cores: Sequence[Shape]) -> list[Shape]:
        """The shapes of the results for operands of some shapes.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            Where the operation does not take them, or its rule gives what is no shape.
        """
        given = " and ".join(map(shown, cores))
        try:
            found = self.rule(*cores)
        except SymdiffError:
            raise
        except (TypeError, ValueError, IndexError, ArithmeticError, AttributeError) as error:
            raise SymdiffValueError(f"{self.name} takes no operands of shape {given}: {error}") from error
        parts = [found] if self.outputs == 1 else found
        if not isinstance(parts, (list, tuple)) or len(parts) != self.outputs:
            raise SymdiffValueError(
                f"{self.name}: shape gave {found!r:.60}, and there are {self.outputs} results: give the shape of each"
            )
        try:
            shapes = [shape_of(part) for part in parts]
        except SymdiffError as error:
            raise SymdiffValueError(f"{self.name}: shape gave {found!r:.60} for shapes {given}: {error}") from error
        known = {name for core in cores for name in names_of_sizes(core)}
        strange = sorted({name for shape in shapes for name in names_of_sizes(shape)} - known)
        if strange:
            raise SymdiffValueError(
                f"{self.name}: shape made the size {strange[0]} of {', '.join(sorted(known)) or 'numbers'}; a size is "
                "a number, a name of the operands', or such a name and a number: give numbers for sizes"
            )
        return shapes

    def evaluate(self, ranks: Ranks, operands: Sequence[Any], dtype: Any = None) -> list[Any]:
        """The results for floats and arrays of them, behind the axes of a batch that operands have in front.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For complex numbers, and results of another number or shape than was said.
        """
        given = [np.asarray(v) for v in operands]
        if any(a.dtype.kind not in "fbiu" for a in given):
            raise SymdiffTypeError(f"{self.name} takes real numbers, not {given[0].dtype}")
        leads = [a.shape[: a.ndim - n] for a, n in zip(given, ranks, strict=True)]
        cores: list[Shape] = [a.shape[a.ndim - n :] for a, n in zip(given, ranks, strict=True)]
        lead = np.broadcast_shapes(*leads)
        shapes = self.shapes(cores)
        kept = dtype or _floats(operands)
        floats = [np.asarray(a, dtype=np.float64, order="C") for a in given]
        if lead:
            floats = [np.broadcast_to(a, lead + core) for a, core in zip(floats, cores, strict=True)]
        if not lead or self.batched:
            return [part.astype(kept) for part in self._called(floats, lead, shapes)]
        found = [np.empty(lead + shape, dtype=kept) for shape in shapes]
        for index in np.ndindex(*lead):
            for whole, part in zip(found, self._called([a[index] for a in floats], (), shapes), strict=True):
                whole[index] = part
        return found

    def one(self, place: int) -> Callable[..., Any]:
        """The function of one of the results."""
        values = self.values
        return values if self.outputs == 1 else lambda *operands: values(*operands)[place]

    def _called(self, operands: Sequence[Any], lead: Any, shapes: Sequence[Shape]) -> list[Any]:
        """The results of one call."""
        found = self.values(*map(_given, operands))
        parts = [found] if self.outputs == 1 else found
        if not isinstance(parts, (list, tuple)) or len(parts) != self.outputs:
            raise SymdiffValueError(f"{self.name} gave {found!r:.60}, not a tuple of {self.outputs} results")
        return [self._checked(part, lead + shape) for part, shape in zip(parts, shapes, strict=True)]

    def _checked(self, part: Any, shape: Shape) -> Any:
        try:
            array = np.asarray(part)
            array = array if array.dtype.kind == "f" else array.astype(np.float64, casting="safe")
        except (TypeError, ValueError) as error:
            raise SymdiffTypeError(f"{self.name} gave {part!r:.60}, which is no array of real numbers") from error
        if array.shape != shape:
            raise SymdiffValueError(
                f"{self.name} gave an array of shape {shown(array.shape)} where its shape says {shown(shape)}"
            )
        return array


def _given(array: Any) -> Any:
    """An operand as the function gets it: a number, or an array that nothing can be written to."""
    if not array.ndim:
        return float(array)
    view = array.view()
    view.flags.writeable = False
    return view


def _floats(operands: Sequence[Any]) -> Any:
    """The precision of results: that of the operands that are arrays of floats."""
    kinds = [v.dtype for v in operands if isinstance(v, (np.ndarray, np.generic)) and v.dtype.kind == "f"]
    return np.result_type(*kinds) if kinds else np.float64


class ExternalOperation(ArrayOperation):
    """A result of a function from outside, as an operation on arrays.

    `rule` gives derivatives: of kind "partials" `rule(result, *operands)`, Jacobians of shape out + in, of kind
    "pullback" `rule(adjoint, result, *operands)`, the adjoints of the operands; there is none where that is empty.
    """

    outside: Outside
    place: int = 0  # which of several results it is
    parts: Sequence[ExternalOperation] = ()  # the records of all results
    rule: Any = None
    kind: str = ""
    apply: Any = None  # callable (operation, operands, ranks): what a call gives

    @classmethod
    def of(
        cls, name: str, outside: Outside, place: int, parts: Sequence[ExternalOperation], apply: Any,
        spelling: dict[str, Any],
    ) -> ExternalOperation:  # fmt: skip
        """The record of one result."""
        op: ExternalOperation = new_array_record(cls, name, outside.arity, parameters=True, apply=apply, **spelling)
        op.outside, op.place, op.parts = outside, place, parts
        op.shape = lambda ranks, *shapes: op.result_shape(ranks, shapes)
        op.operands = outside.names()
        return op

    def described(self) -> str:
        """What it is, in a few lines: shown by `inspect.getdoc` and editors."""
        kind = "differences" if self.differences else self.kind
        derived = {
            "differences": "Its derivatives are differences of its values.",
            "partials": "Its Jacobians are given.",
            "pullback": "Its derivatives are by a pullback that is given.",
        }
        several = f", result {self.place} of {len(self.parts)}" if len(self.parts) > 1 else ""
        own = (getattr(self.outside.values, "__doc__", None) or "").strip()
        lines = [
            f"{self.name}({', '.join(self.operands)}): a function of whole arrays from outside{several}.",
            derived.get(kind, "It has no derivatives."),
        ]
        return "\n\n".join([*lines, own] if own else lines)

    def __call__(self, *operands: Any, axes: Ranks | None = None) -> Any:
        if len(operands) != self.arity:
            takes = f"{self.arity} operand{'s' * (self.arity > 1)}"
            raise SymdiffTypeError(f"{self.name} takes {takes}, not {len(operands)}")
        return self.apply(self, operands, axes)

    def result_shape(self, ranks: Ranks, shapes: Sequence[Shape]) -> Shape:
        """The shape of its result, axes of a batch among them.

        Raises
        ------
        SymdiffTypeError, SymdiffValueError
            For operands that do not fit.
        """
        if any(len(shape) < n for shape, n in zip(shapes, ranks, strict=True)):
            raise SymdiffValueError(f"{self.name}: axes={ranks} are more than its operands have")
        lead = broadcast([shape[: len(shape) - n] for shape, n in zip(shapes, ranks, strict=True)])
        if lead is None:
            raise SymdiffValueError(f"{self.name}: axes in front of its operands do not broadcast")
        cores = [shape[len(shape) - n :] for shape, n in zip(shapes, ranks, strict=True)]
        return lead + self.outside.shapes(cores)[self.place]

    def fits(self, ranks: Any, shapes: Sequence[Shape]) -> bool:
        """Whether a node of these parameters and operands may be."""
        known = isinstance(ranks, tuple) and len(ranks) == len(shapes) == self.arity
        if not known or any(type(n) is not int or n < 0 for n in ranks):
            return False
        try:
            self.result_shape(ranks, shapes)
        except SymdiffError:
            return False
        return True
