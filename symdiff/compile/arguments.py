"""What goes in: an argument for each variable and each array of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.algebra.places import whole_numbers
from symdiff.arithmetic import Arithmetic
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.handle import Handle, is_variable
from symdiff.names import check_name, distinct, element, element_name, identifiers
from symdiff.neighbours import labelled_by
from symdiff.pickling import check

if TYPE_CHECKING:
    import inspect

    from numpy.typing import NDArray

_PARTS = frozenset(("name", "shape", "start", "count", "whole"))


class Argument:
    """One argument: a number, or an array for an array of variables."""

    def __init__(self, name: str, shape: tuple[int, ...] | None, start: int, count: int, whole: bool = False) -> None:
        self.name = name
        self.shape = shape  # None for a variable
        self.start = start  # number of its first input
        self.count = count
        self.whole = whole  # whether it is of ints

    @property
    def core(self) -> tuple[int, ...]:
        """The axes behind those of the batch."""
        return self.shape or ()


def check_arguments(arguments: Any, inputs: int) -> None:
    """Refuse arguments from a pickle that are none, or do not take these many inputs.

    Raises
    ------
    SymdiffValueError
        Naming what is wrong.
    """
    check(type(arguments) is tuple, "it has no arguments")
    end = 0
    for argument in arguments:
        check(isinstance(argument, Argument) and vars(argument).keys() >= _PARTS, "it has what is no argument")
        name, shape, start, count = (vars(argument)[part] for part in ("name", "shape", "start", "count"))
        check(type(name) is str and (shape is None or type(shape) is tuple), "it has what is no argument")
        check(type(start) is type(count) is int and start == end <= end + count, "an argument has no place")
        end += count
    check(end == inputs, "its arguments give another number of inputs")


def arguments_of(inputs: Any) -> tuple[list[Argument], list[Any]]:
    """The arguments that an inputs nesting means, and its variables, or names, in order.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no variable, and for one that comes twice.
    """
    single = isinstance(inputs, (Handle, str, np.ndarray))
    groups = [inputs] if single else inputs
    if not isinstance(groups, (list, tuple)):
        raise SymdiffTypeError(f"inputs are variables and arrays of variables in a list, not {inputs!r}")
    arguments: list[Argument] = []
    found: list[Any] = []
    for position, group in enumerate(groups):
        members, shape = _members(group)
        members = [_input(v) for v in members]
        name = _name(members[0]) if shape is None else _common_name(members, shape) or f"argument {position + 1}"
        arguments.append(Argument(name, shape, len(found), len(members)))
        found.extend(members)
    twice = mirrored(arguments, [key_of(v) for v in found])
    _check_distinct([v for k, v in enumerate(found) if k not in twice])
    for argument, name in zip(arguments, identifiers([argument.name for argument in arguments]), strict=True):
        argument.name = name
    return arguments, found


def _input(v: Any) -> Any:
    """A variable, or a name as it prints."""
    if isinstance(v, str):
        return check_name(v)
    if not is_variable(v):
        raise SymdiffTypeError(f"an input is a variable, its name, or an array of variables, not {v!r}")
    return v


def _members(group: Any) -> tuple[list[Any], tuple[int, ...] | None]:
    if isinstance(group, (list, tuple)):
        array = np.empty(len(group), dtype=object)
        array[:] = group
        group = np.array(group, dtype=object) if any(isinstance(g, (list, tuple, np.ndarray)) for g in group) else array
    if isinstance(group, np.ndarray):
        return list(group.ravel()), group.shape
    return [group], None


def _name(variable: Any) -> str:
    return variable if isinstance(variable, str) else variable.name


def _common_name(members: list[Any], shape: tuple[int, ...]) -> str:
    """The name that `sd.variables(name, shape)` was given, and a symmetric variable; empty for other arrays."""
    first = element(_name(members[0])) if members else None
    if first is None:
        return _name(members[0]) if members and not shape else ""
    for v, index in zip(members, np.ndindex(*shape), strict=True):
        name = _name(v)
        upper = len(index) == 2 and name == element_name(first[0], tuple(sorted(index)))
        if not upper and name != element_name(first[0], index):
            return ""
    return first[0]


def key_of(variable: Any) -> Any:
    """What tells variables apart."""
    return variable if isinstance(variable, str) else variable.key


def mirrored(arguments: Sequence[Argument], inputs: Sequence[Any]) -> set[int]:
    """The inputs, by their keys, that are the entries of a symmetric matrix a second time, below its diagonal."""
    found: set[int] = set()
    for argument in arguments:
        n = argument.core[0] if len(argument.core) == 2 else 0
        keys = inputs[argument.start : argument.start + argument.count]
        if (
            argument.core == (n, n)
            and n > 1
            and all(keys[i * n + j] == keys[j * n + i] for i in range(n) for j in range(i))
        ):
            found |= {argument.start + i * n + j for i in range(n) for j in range(i)}
    return found


def _check_distinct(found: Sequence[Any]) -> None:
    seen = set()
    for v in found:
        if key_of(v) in seen:
            raise SymdiffValueError(f"{_name(v)} is among the inputs twice: each input is one argument")
        seen.add(key_of(v))


class CallSignature:
    """What `inspect.signature` of a function shows, found when it is asked for."""

    def __get__(self, function: Any, owner: type) -> inspect.Signature:
        if function is None:
            raise AttributeError("__signature__ is that of a function, not of their class")
        import inspect  # not cheap to import, and seldom needed

        arguments: Sequence[Argument] = function._arguments
        nameless = max([k for k, a in enumerate(arguments) if not a.name.isidentifier()], default=-1)
        names = distinct([a.name if a.name.isidentifier() else f"argument_{k + 1}" for k, a in enumerate(arguments)])
        kinds = inspect.Parameter
        parameters = [
            kinds(name, kinds.POSITIONAL_ONLY if k <= nameless else kinds.POSITIONAL_OR_KEYWORD)
            for k, name in enumerate(names)
        ]
        options = function._options_of_calls()
        parameters += [kinds(o, kinds.KEYWORD_ONLY, default=d) for o, d in options.items() if o not in names]
        return inspect.Signature(parameters)


# -- a call -------------------------------------------------------------------------------


def bound(arguments: Sequence[Argument], given: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
    """The values of the arguments, in order, of a call.

    Raises
    ------
    SymdiffTypeError
        For too many, too few, unknown names and names given twice.
    """
    if not named and len(given) == len(arguments):
        return list(given)
    names = [a.name for a in arguments]
    if len(given) > len(arguments):
        raise SymdiffTypeError(f"the function takes {_listed(names)}, not {len(given)} arguments")
    unknown = [name for name in named if name not in names]
    if unknown:
        raise SymdiffTypeError(f"there is no argument {', '.join(unknown)}: the function takes {_listed(names)}")
    twice = [name for name in names[: len(given)] if name in named]
    if twice:
        raise SymdiffTypeError(f"{', '.join(twice)} is given by position and by name")
    missing = [name for name in names[len(given) :] if name not in named]
    if missing:
        raise SymdiffTypeError(f"no value for {', '.join(missing[:10])}: the function takes {_listed(names)}")
    return [*given, *[named[name] for name in names[len(given) :]]]


def _listed(names: Sequence[str]) -> str:
    count = f"{len(names)} argument{'s' * (len(names) != 1)}"
    return f"{count} ({', '.join(names[:10])}{', …' * (len(names) > 10)})" if names else "no arguments"


def as_array(argument: Argument, value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An argument's value as an array of the precision in which the function computes.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no real number or array of such, and for a wrong shape.
    """
    array = converted(argument, value, dtype)
    core = argument.core
    if array.ndim < len(core) or (core and array.shape[array.ndim - len(core) :] != core):
        leading = " behind the axes of the batch" if array.ndim > len(core) else ""
        raise SymdiffValueError(f"{argument.name} has the shape {core}{leading}, not {array.shape}")
    return array


def converted(argument: Argument, value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An argument's value as an array of any shape.

    Raises
    ------
    SymdiffTypeError
        For what is no real number or array of such.
    """
    if argument.whole:
        return np.asarray(whole_numbers(argument.name, value), np.intp)
    array = value if type(value) is np.ndarray else _converted(argument, value)
    return array if array.dtype == dtype else _cast(argument, array, dtype)


def holds_expressions(values: Sequence[Any]) -> bool:
    """Whether arguments are expressions, or lists and arrays that hold any."""
    stack = list(values)
    while stack:
        item = stack.pop()
        if isinstance(item, Handle):
            return True
        if isinstance(item, (list, tuple)):
            stack.extend(item)
        elif isinstance(item, np.ndarray) and item.dtype == object:
            stack.extend(item.ravel().tolist())
    return False


def _converted(argument: Argument, value: Any) -> NDArray[Any]:
    if type(value) is float:
        return np.asarray(value)
    if labelled_by(value):
        raise SymdiffTypeError(
            f"{argument.name} is a {labelled_by(value)} {type(value).__name__}: give an array of numbers"
        )
    if isinstance(value, Arithmetic):
        kind = type(value).__name__
        raise SymdiffTypeError(f"{argument.name} is {value!r}, a {kind}: compiled functions take numbers, evaluate any")
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise SymdiffTypeError(f"{argument.name} has masked elements: fill them first")
    if value is None or isinstance(value, (str, bytes, dict, set)):
        raise SymdiffTypeError(f"{argument.name} is {value!r}, which is no number or array of numbers")
    try:
        return np.asarray(value)
    except (ValueError, TypeError) as error:
        raise SymdiffTypeError(f"{argument.name} is no number or array of numbers: {error}") from error


def _cast(argument: Argument, array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    kind = array.dtype.kind
    if kind == "c":
        raise SymdiffTypeError(f"{argument.name} is complex: compiled functions are real, use evaluate")
    if kind == "O":
        return _from_objects(argument, array, dtype)
    if kind not in "biuf":
        raise SymdiffTypeError(f"{argument.name} is an array of {array.dtype}, which holds no numbers")
    with np.errstate(all="ignore"):
        return array.astype(dtype)


def _from_objects(argument: Argument, array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Python's ints beyond 64 bits, Fractions and the like."""
    numbers = [_number(argument, v) for v in array.ravel().tolist()]
    with np.errstate(all="ignore"):
        return np.array(numbers, np.float64).reshape(array.shape).astype(dtype, copy=False)


def _number(argument: Argument, value: Any) -> float:
    if isinstance(value, (str, bytes, complex, Arithmetic)) or value is None:
        raise SymdiffTypeError(f"{argument.name} holds {value!r}, which is no real number")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except (TypeError, ValueError) as error:
        raise SymdiffTypeError(f"{argument.name} holds {value!r}, which is no real number") from error


def batch_shape(arguments: Sequence[Argument], arrays: Sequence[NDArray[Any]]) -> tuple[int, ...]:
    """The shape of the batch: that of all arguments together, but for the axes of their own.

    Raises
    ------
    SymdiffValueError
        Where they do not broadcast.
    """
    shapes = [a.shape[: a.ndim - len(arg.core)] for arg, a in zip(arguments, arrays, strict=True)]
    if len({shape for shape in shapes if shape}) <= 1:
        return max(shapes, default=())
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        found = ", ".join(f"{arg.name} {shape}" for arg, shape in zip(arguments, shapes, strict=True) if shape)
        raise SymdiffValueError(f"the shapes of the arguments do not broadcast: {found}") from error


def components(
    arguments: Sequence[Argument], arrays: Sequence[NDArray[Any]], batch: tuple[int, ...]
) -> list[NDArray[Any]]:
    """A view for each input, of the shape of the batch."""
    views = []
    for argument, array in zip(arguments, arrays, strict=True):
        if argument.shape is None:
            views.append(_spread(array, batch))
            continue
        views.extend(columns(_spread(array, batch + argument.core), len(batch)))
    return views


def columns(array: NDArray[Any], axes: int) -> list[NDArray[Any]]:
    """The views along the first axes, so many, for each index of those behind them."""
    if not axes:  # index it: iterating would make numbers, no views
        return [array[(*index, ...)] for index in np.ndindex(*array.shape)]
    views = [array.transpose(*range(axes, array.ndim), *range(axes))]
    for _ in range(axes, array.ndim):
        views = [view for several in views for view in several]
    return views


def _spread(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """`np.broadcast_to`, in a fifth of its time where there is little to do."""
    if array.shape == shape:
        return array
    if array.ndim == 0:
        return np.ndarray(shape, array.dtype, array, 0, (0,) * len(shape))
    return np.broadcast_to(array, shape)
