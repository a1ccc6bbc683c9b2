"""What a record of an operation is, the register of all records, and how operations are applied.

A record is callable and takes whatever an algebra has been registered for:
`sin(1.0)`, `sin(x)`, `sin(DualNumber(1.0, 1.0))`. The records themselves are in
`ops.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR

Values = Callable[..., Any]
Partials = Callable[..., Any]

# How tightly an operator binds, as in Python.
COMPARE, OR, AND, SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5, 6, 7, 8


class Operation:
    """One operation.

    `real`, `array`, `complex` and `mp` give its value for Python floats, NumPy
    arrays, complex and mpmath numbers; `exact` for ints and Fractions where that
    is not `real`. Where `real` raises, the value of `array` stands: IEEE 754.
    A string "module:function" is imported when first needed; for `mp` it names
    a function of the mpmath context, which a callable gets as first argument.
    """

    real: Any = None
    array: Any = None
    exact: Any = None
    complex: Any = None
    mp: Any = None
    sympy: Any = None  # name of a SymPy function, or a callable (sympy, *args)
    llvm: Any = None  # name of a function of the C library, "module:function", or a callable (builder, *operands)
    latex: str | None = None  # with {0}, {1}, …
    symbol: str = ""  # infix or prefix operator, empty for a function call
    precedence: int = ATOM
    operands: tuple[str, ...] = ("operand",)
    numpy: str = ""  # the ufunc of that meaning, where its name differs
    linear: tuple[int, ...] = ()  # operands in which, taken together, it is linear
    commutative: bool = False
    boolean: bool = False  # the result is a condition
    ieee: bool = False  # `real` and `array` have the same bits on every machine: IEEE 754 says which
    folds: bool = False  # f(a, b, c) means f(f(a, b), c)
    whole: tuple[int, ...] = ()  # operands that are constant whole numbers
    static: tuple[int, ...] = ()  # operands that, where constant, get rules of their own
    kinks: str = ""  # where it is not smooth, and the convention there
    absolute: str = ""  # where its rule is accurate beside 1, not beside its own small value, and why that stays
    at: dict[Any, Any] = {}  # noqa: RUF012  # exact values, such as sin(0) = 0; never changed

    def __init__(self, name: str, arity: int, partials: Partials, code: int, **fields: Any) -> None:
        self.name = name
        self.arity = arity
        self.partials = partials  # (result, *operands) -> a partial for each operand, None where there is none
        self.code = code
        for field, value in fields.items():
            setattr(self, field, value)

    @property
    def class_name(self) -> str:
        """The name of its constructor, such as Sin or LogicalAnd."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def ufunc(self) -> str:
        """The name under which NumPy knows it."""
        return self.numpy or self.name

    def __call__(self, *args: Any) -> Any:
        if len(args) != self.arity:
            args = self._folded(args)
        if len(args) == 1:
            entry = _RANKS.get(type(args[0]))
            if entry is not None:
                return entry[1](self, args)
        return dispatch(self, args)

    def _folded(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self.folds or len(args) < self.arity:
            takes = f"{self.arity}{' or more' * self.folds} operand{'s' * (self.arity > 1)}"
            raise SymdiffTypeError(f"{self.name} takes {takes}, not {len(args)}")
        left = args[0]
        for right in args[1:-1]:
            left = dispatch(self, (left, right))
        return left, args[-1]

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_name, (self.name,)


OPERATIONS: list[Operation | Any] = [None] * (VAR + 1)  # by code
_BY_NAME: dict[str, Operation] = {}
_BY_UFUNC: dict[str, Operation] = {}
_listeners: list[Callable[[Operation], None]] = []


def by_name(name: str) -> Operation:
    """The operation of that name.

    Raises
    ------
    SymdiffValueError
        Where no operation has it.
    """
    found = _BY_NAME.get(name)
    if found is None:
        raise SymdiffValueError(f"there is no operation {name!r}; register it with sd.operation")
    return found


def find(name: str) -> Operation | None:
    """The operation of that name, None where there is none."""
    return _BY_NAME.get(name)


def by_ufunc(name: str) -> Operation | None:
    """The operation that a NumPy ufunc of that name means."""
    return _BY_UFUNC.get(name)


def on_register(listener: Callable[[Operation], None]) -> None:
    """Call `listener` with every operation, those of the table and those to come."""
    for op in OPERATIONS[VAR + 1 :]:
        listener(op)
    _listeners.append(listener)


def register(name: str, arity: int, partials: Partials, **spelling: Any) -> Operation:
    """Add a record to the register."""
    if name in _BY_NAME:
        raise SymdiffValueError(f"there is an operation {name!r} already; give yours another name")
    if arity == 2:
        spelling.setdefault("operands", ("left", "right"))
    op = Operation(name, arity, partials, len(OPERATIONS), **spelling)
    OPERATIONS.append(op)
    _BY_NAME[name] = op
    _BY_UFUNC.setdefault(op.ufunc, op)
    for listener in _listeners:
        listener(op)
    return op


# -- dispatch: the algebra that an operation's operands belong to --------------

Apply = Callable[[Operation, tuple[Any, ...]], Any]
_RANKS: dict[type, tuple[int, Apply]] = {}


def register_algebra(kind: type, rank: int, apply: Apply) -> None:
    """Let `apply(op, operands)` answer wherever an operand of this type has the highest rank."""
    _RANKS[kind] = (rank, apply)


def dispatch(op: Operation, args: tuple[Any, ...]) -> Any:
    """Apply an operation in the algebra of the operand of highest rank."""
    best = None
    for arg in args:
        kind = type(arg)
        if kind is np.ndarray and arg.dtype == object:
            return elementwise(op, args)
        entry = _RANKS.get(kind) or _inherited(kind)
        if best is None or entry[0] > best[0]:
            best = entry
    assert best is not None  # every operation has an operand
    return best[1](op, args)


def _inherited(kind: type) -> tuple[int, Apply]:
    entry = next(_RANKS[base] for base in kind.__mro__ if base in _RANKS)  # numbers answer for `object`
    _RANKS[kind] = entry
    return entry


def elementwise(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Apply an operation to the elements of arrays, broadcasting, as an object array."""
    arrays = []
    for arg in args:
        if not isinstance(arg, np.ndarray):  # a ufunc would call back through the operand's hook
            box = np.empty((), dtype=object)
            box[()] = arg
            arg = box
        arrays.append(arg.astype(object) if arg.dtype != object else arg)
    return np.frompyfunc(function, len(arrays), 1)(*arrays)


# -- operations of users ---------------------------------------------------------


def operation(
    name: str, values: Values | dict[str, Any], partials: Partials, *, arity: int | None = None, **spelling: Any
) -> Operation:
    """Register an operation of your own; every mode has it from then on.

    Parameters
    ----------
    name : str
        An identifier that no operation has yet; expressions print it.
    values : callable or dict
        Its value, `values(*operands)` on floats and NumPy arrays alike; or one
        callable an input kind, by the keys `real`, `array`, `complex`, `mp`
        (this one gets the mpmath context first), `exact`.
    partials : callable
        `partials(result, *operands)` returns the partial derivative for each
        operand, written with Python's operators and symdiff's functions; a
        function of one operand may return it bare.
    arity : int, optional
        The number of operands; by default that of `partials` less one.
    **spelling
        Other fields of the record: `sympy`, a SymPy function or its name, `latex`,
        `llvm`, the name of a function of the C library, for native code, `kinks`, `absolute`, …

    Returns
    -------
    Operation
        A function of expressions, numbers, arrays and dual numbers.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        When the name is taken or unusable, or values or partials do not fit.

    >>> import numpy as np, symdiff as sd
    >>> versine = sd.operation("versine", lambda x: 1 - np.cos(x), lambda r, x: sd.sin(x))
    >>> x = sd.Var("x")
    >>> versine(3*x).gradient(x)
    3*sin(3*x)
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise SymdiffValueError(f"{name!r} can't name an operation: it has to be an identifier")
    if not callable(partials):
        raise SymdiffTypeError(f"{name}: partials is a function (result, *operands), not {partials!r}")
    if not callable(values) and not isinstance(values, dict):
        raise SymdiffTypeError(f"{name}: values is a function of numbers, or a dictionary of such, not {values!r}")
    if arity is None:
        from inspect import signature  # not cheap to import, and seldom needed

        arity = len(signature(partials).parameters) - 1
    if callable(spelling.get("sympy")):
        function = spelling["sympy"]
        spelling["sympy"] = lambda sympy, *args: function(*args)
    if arity < 1:
        raise SymdiffValueError(f"{name}: partials take the result and then at least one operand")
    given = {"array": values, "real": values} if callable(values) else dict(values)
    if "array" not in given and "real" in given:
        given["array"] = np.vectorize(given["real"], otypes=[float])
    unknown = set(given | spelling) - set(Operation.__annotations__)
    if unknown or "array" not in given:
        raise SymdiffValueError(
            f"{name}: " + (f"no record has a field {sorted(unknown)}" if unknown else "values need 'real' or 'array'")
        )
    rule = partials

    def as_tuple(result: Any, *operands: Any) -> tuple[Any, ...]:
        parts = rule(result, *operands)
        parts = tuple(parts) if isinstance(parts, (tuple, list)) else (parts,)
        if len(parts) != arity:
            raise SymdiffValueError(f"{name}: partials gave {len(parts)} derivatives for {arity} operands")
        return parts

    if arity > 2:
        spelling.setdefault("operands", tuple(f"operand{k}" for k in range(arity)))
    return register(name, arity, as_tuple, **given, **spelling)
