"""What a record of an operation is, the register of all records, and how operations are applied.

A record is callable and takes whatever an algebra has been registered for:
`sin(1.0)`, `sin(x)`, `sin(DualNumber(1.0, 1.0))`. The records themselves are in
`ops`.
"""

from __future__ import annotations

import enum
import sys
import warnings
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Literal, overload

import numpy as np

from symdiff.constants import constant
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.protocols import Absorbs, Answers, Result

Values = Callable[..., Any]
Partials = Callable[..., Any]

# Precedence of operators, as in Python.
COMPARE, OR, AND, SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5, 6, 7, 8


_helps: list[Callable[[], ModuleType]] = []


def described_by(load: Callable[[], ModuleType]) -> None:
    """Let the module that `load()` gives write what `help` says of operations, when first asked."""
    _helps[:] = [load]


_whole_arrays: list[Callable[[], ModuleType]] = []


def whole_arrays_registered_by(load: Callable[[], ModuleType]) -> None:
    """Let the module that `load()` gives register operations on whole arrays, when the first comes."""
    _whole_arrays[:] = [load]


class Docstring:
    """A docstring that stays that of the class, and is written from the record for each operation."""

    def __init__(self, of_class: str) -> None:
        self.of_class = of_class

    def __get__(self, op: Operation | None, kind: Any = None) -> str:
        if op is None or not _helps:
            return self.of_class
        described: str = _helps[-1]().describe(op)
        return described


class Operation:
    """One operation.

    `real`, `array`, `complex` and `mp` give its value for Python floats, NumPy
    arrays, complex and mpmath numbers; `exact` for ints and Fractions where that
    is not `real`, `rational` beside a Fraction where that is not `exact`.
    Where `real` raises, the value of `array` stands: IEEE 754.
    A string "module:function" is imported when first needed; for `mp` it names
    a function of the mpmath context, which a callable gets as first argument.
    """

    real: Any = None
    array: Any = None
    exact: Any = None
    rational: Any = None
    complex: Any = None
    mp: Any = None
    sympy: Any = None  # name of a SymPy function, or a callable (sympy, *args)
    code: Any = None  # name of a function of the C library, or a callable (builder, *operands): `ops/builder.py`
    formula: Any = None  # function of the operands: text has that in its place, as its slopes alone are its own
    text: Any = None  # function of the operands: text as strings and pairs of an operand and the level it is written at
    composite: Any = None  # the same made of other operations, for algebras that have no rule for it
    latex: str | None = None  # format with {0}, {1}, …
    symbol: str = ""  # infix or prefix operator, empty for a function call
    precedence: int = ATOM
    operands: tuple[str, ...] = ("operand",)
    numpy: str = ""  # name of the ufunc of that meaning, where it differs
    linear: tuple[int, ...] = ()  # operands in which it is linear, taken together
    commutative: bool = False
    boolean: bool = False  # whether the result is a condition
    conditions: tuple[int, ...] = ()  # operands that are conditions
    branches: tuple[int, ...] = ()  # operands of which a condition selects the result
    ieee: bool = False  # whether `real` and `array` have the bits that IEEE 754 says, on every machine
    total: bool = False  # whether `real` takes every float: no pole, no domain, no overflow
    finite: bool = False  # whether it is finite wherever its operands are, but for overflow; where `total`, it is
    folds: bool = False  # whether f(a, b, c) means f(f(a, b), c)
    variadic: bool = False  # whether it takes more operands than `arity` too, as one node
    whole: tuple[int, ...] = ()  # operands that are constant whole numbers
    highest: int = 0  # limit of these, above which there is no value
    static: tuple[int, ...] = ()  # operands that, where constant, get rules of their own
    kinks: str = ""  # points where it is not smooth, and the convention there
    differences: bool = False  # whether its slopes are differences of its values, near to about 1e-12 only
    absolute: str = ""  # points where its rule is accurate beside 1 only, and why that stays
    at: dict[Any, Any] = {}  # noqa: RUF012  # exact values, such as sin(0) = 0; read only

    def __init__(self, name: str, arity: int, partials: Partials, opcode: int, **fields: Any) -> None:
        self.name = name
        self.arity = arity
        self.partials = partials  # function (result, *operands) -> a partial for each operand, None where there is none
        self.opcode = opcode
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

    @overload
    def __call__(self, x: Absorbs[Result], /, *others: Any) -> Result: ...

    @overload
    def __call__(self, x: Any, y: Absorbs[Result], /, *others: Any) -> Result: ...

    @overload
    def __call__(self, x: Answers[Result], /, *others: Answers[Result] | complex) -> Result: ...

    @overload
    def __call__(self, x: complex, y: Answers[Result], /, *others: Answers[Result] | complex) -> Result: ...

    @overload
    def __call__(self, *args: float) -> float: ...

    @overload
    def __call__(self, *args: Any) -> Any: ...

    def __call__(self, *args: Any) -> Any:
        if len(args) != self.arity:
            args = self._folded(args)
        if len(args) == 1:
            entry = _RANKS.get(type(args[0]))
            if entry is not None:
                return entry[1](self, args)
        return dispatch(self, args)

    def _folded(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        more = self.folds or self.variadic
        if not more or len(args) < self.arity:
            takes = f"{self.arity}{' or more' * more} operand{'s' * (self.arity > 1)}"
            raise SymdiffTypeError(f"{self.name} takes {takes}, not {len(args)}")
        if self.variadic:
            return args
        left = args[0]
        for right in args[1:-1]:
            left = dispatch(self, (left, right))
        return left, args[-1]

    @property
    def __signature__(self) -> Any:
        """The names of its operands, for `inspect.signature` and editors."""
        return _helps[-1]().signature(self)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_name, (self.name,)


Operation.__doc__ = Docstring(Operation.__doc__ or "")  # type: ignore[assignment]


class ArrayOperation(Operation):
    """One operation that is of arrays only: a contraction, a block of an array, an inverse.

    Its node may have a leaf of parameters in front of the operands. Operations on numbers are those on arrays too,
    entry by entry: they need no record here.
    """

    shape: Any = None  # callable (parameters, *shapes of the operands): the shape of its result
    parameters: bool = False  # whether a leaf of parameters stands in front of the operands
    many: bool = False  # whether it takes any number of operands


FIRST_ARRAY_CODE = 1 << 20
ARRAY_OPERATIONS: dict[int, ArrayOperation] = {}  # records of arrays' own operations, by code


def record(code: int) -> Operation:
    """The operation of a code, be it of numbers or of arrays."""
    return OPERATIONS[code] if code < FIRST_ARRAY_CODE else ARRAY_OPERATIONS[code]


def register_array(name: str, arity: int, shape: Any, **spelling: Any) -> ArrayOperation:
    """Add a record of an operation that is of arrays only."""
    op: ArrayOperation = new_array_record(ArrayOperation, name, arity, shape=shape, **spelling)
    add_array(op)
    return op


def new_array_record(kind: Any, name: str, arity: int, **spelling: Any) -> Any:
    """A record of an operation that is of arrays only, of the next code."""
    return kind(name, arity, _no_partials, FIRST_ARRAY_CODE + len(ARRAY_OPERATIONS), **spelling)


def add_array(op: ArrayOperation) -> None:
    """Add a record of an operation that is of arrays only, which has the next code."""
    ARRAY_OPERATIONS[op.opcode] = op
    _BY_NAME[op.name] = op
    for listener in _array_listeners:
        listener(op)


def on_register_array(listener: Callable[[ArrayOperation], None]) -> None:
    """Call `listener` with every operation of arrays, those there are and those to come."""
    for op in ARRAY_OPERATIONS.values():
        listener(op)
    _array_listeners.append(listener)


def _no_partials(*operands: Any) -> Any:
    raise SymdiffTypeError("an operation of arrays has a pullback, not partials by entry")


OPERATIONS: list[Operation | Any] = [None] * (VAR + 1)  # records by code
_BY_NAME: dict[str, Operation] = {}
_BY_UFUNC: dict[str, Operation] = {}
_listeners: list[Callable[[Operation], None]] = []
_array_listeners: list[Callable[[ArrayOperation], None]] = []


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


def arrange(modules: Sequence[ModuleType]) -> None:
    """Give the records codes in the order of the modules that they stand in, whichever was imported first."""
    assert not _listeners  # holds: nobody has seen a code yet
    rank = {module.__name__: k for k, module in enumerate(modules)}
    table = sorted(OPERATIONS[VAR + 1 :], key=lambda op: rank[op.partials.__module__])
    OPERATIONS[VAR + 1 :] = table
    for code, op in enumerate(table, VAR + 1):
        op.opcode = code


# -- dispatch: the algebra that an operation's operands belong to --------------

Apply = Callable[[Operation, tuple[Any, ...]], Any]
Lift = Callable[[Any], Any]


class Rank(enum.IntEnum):
    """Who answers where operands of several algebras meet: that of the highest rank.

    Numbers are constants to values, and values are what carriers are made of. So a dual number
    is asked before its parts are: it applies the operation and its partials to them, and there
    an interval is asked before a number is. Were values to rank above carriers, an interval
    would be handed a dual number of intervals, of which it knows nothing.
    """

    NUMBER = 0  # ints, floats, arrays, …
    VALUE = 1  # intervals, expressions: what stands where a number could
    CARRIER = 2  # dual numbers, Taylor series: made of values of whatever algebra


_RANKS: dict[type, tuple[int, Apply, Lift | None]] = {}


def register_algebra(kind: type, rank: Rank, apply: Apply, lift: Lift | None = None) -> None:
    """Let `apply(op, operands)` answer wherever an operand of this type has the highest rank.

    Parameters
    ----------
    kind : type
        Its subclasses are of the algebra too.
    rank : Rank
        `Rank.VALUE` for what stands where a number could, `Rank.CARRIER` for what
        carries derivatives of such.
    apply : callable
        `apply(op, operands)`: the result of an operation.
    lift : callable, optional
        `lift(constant)`: how a constant enters the algebra, an int, Fraction, float, bool,
        complex or mpmath number, or pi and e as `NamedConstant`s, which `float` takes.
        With it, `apply` gets operands of the algebra alone, but for those that are
        whole by their record; arrays go an element at a time; and constants are
        lifted *before* they meet: pi/3 rounds as the algebra does.

    Raises
    ------
    SymdiffTypeError
        For a rank that is none.
    """
    entering = None if lift is None else _entering(kind, lift)
    applying = apply if entering is None else _on_lifted(kind, apply, entering)
    _RANKS[kind] = (rank if isinstance(rank, Rank) else _rank_of_old(kind, rank), applying, entering)


def _rank_of_old(kind: type, rank: Any) -> Rank:
    """The rank that an integer meant: 2 was that of carriers, and above them nothing composes."""
    if not isinstance(rank, int) or isinstance(rank, bool):
        raise SymdiffTypeError(f"the rank of an algebra is a symdiff.records.Rank, not {rank!r}")
    meant = Rank.NUMBER if rank <= 0 else Rank.CARRIER if rank == Rank.CARRIER else Rank.VALUE
    warnings.warn(
        f"write register_algebra({kind.__name__}, Rank.{meant.name}, …) with Rank from symdiff.records in place of the "
        f"rank {rank}; Rank.VALUE stands where a number could, Rank.CARRIER carries derivatives of such",
        DeprecationWarning,
        stacklevel=3,
    )
    return meant


def _entering(kind: type, lift: Lift) -> Lift:
    """A lift that is handed numbers alone, in the form in which graphs keep them."""

    def entering(value: Any) -> Any:
        number = constant(value)
        try:
            return lift(number)
        except TypeError as error:
            raise SymdiffTypeError(f"{kind.__name__} can't hold the constant {number!r}: {error}") from error

    return entering


def _on_lifted(kind: type, apply: Apply, entering: Lift) -> Apply:
    """An algebra's `apply` on operands of which some are numbers."""

    def lifted(op: Operation, k: int, arg: Any) -> Any:
        if isinstance(arg, kind) or k in op.whole:
            return arg
        if (_RANKS.get(type(arg)) or _inherited(type(arg)))[0] != Rank.NUMBER:
            raise SymdiffTypeError(f"{op.name} can't mix {kind.__name__} and {type(arg).__name__}")
        return entering(arg)

    def applying(op: Operation, args: tuple[Any, ...]) -> Any:
        if any(isinstance(arg, np.ndarray) and arg.ndim for arg in args):
            return elementwise(op, args)
        operands = tuple([lifted(op, k, arg) for k, arg in enumerate(args)])
        other = op.composite or op.formula
        if other is None:
            return apply(op, operands)
        try:
            return apply(op, operands)
        except TypeError:
            return other(*operands)

    return applying


def lift_of(kind: type) -> Lift | None:
    """How constants enter the algebra of a type, None where they stay as they are."""
    return (_RANKS.get(kind) or _inherited(kind))[2]


def dispatch(op: Operation, args: tuple[Any, ...]) -> Any:
    """Apply an operation in the algebra of the operand of highest rank."""
    best = None
    for arg in args:
        kind = type(arg)
        if kind is np.ndarray and arg.dtype == object and not any(map(_holds_array, args)):
            return elementwise(op, args)
        entry = _RANKS.get(kind) or _inherited(kind)
        if best is None or entry[0] > best[0]:
            best = entry
    assert best is not None  # holds: every operation has an operand
    return best[1](op, args)


def _holds_array(value: Any) -> bool:
    """Whether a value is one of ours that is an array itself."""
    holds = getattr(value, "_holds_array", None)
    return holds is not None and holds()


def _inherited(kind: type) -> tuple[int, Apply, Lift | None]:
    entry = next(_RANKS[base] for base in kind.__mro__ if base in _RANKS)  # ends: numbers answer for `object`
    _RANKS[kind] = entry
    return entry


def elementwise(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Apply an operation to the elements of arrays, broadcasting, as an object array."""
    arrays = []
    for arg in args:
        if not isinstance(arg, np.ndarray):  # box it: a ufunc would call back through the operand's hook
            box = np.empty((), dtype=object)
            box[()] = arg
            arg = box
        arrays.append(arg.astype(object) if arg.dtype != object else arg)
    return np.frompyfunc(function, len(arrays), 1)(*arrays)


# -- operations of users ---------------------------------------------------------


class Operations:
    """An operation of several results: a record for each, called together."""

    def __init__(self, name: str, parts: Sequence[Operation]) -> None:
        self.name, self.parts = name, tuple(parts)

    def __call__(self, *args: Any) -> tuple[Any, ...]:
        return tuple([part(*args) for part in self.parts])

    def __repr__(self) -> str:
        return f"<operation {self.name} of {len(self.parts)} results>"


@overload
def operation(
    name: str, values: Values | dict[str, Any] | int, partials: Partials | str | None = None, *,
    arity: int | None = None, outputs: Literal[1] = 1, shape: Any = None, pullback: Partials | None = None,
    batched: bool = False, **spelling: Any,
) -> Operation: ...  # fmt: skip


@overload
def operation(
    name: str, values: Values | dict[str, Any] | int, partials: Partials | str | None = None, *,
    arity: int | None = None, outputs: int, shape: Any = None, pullback: Partials | None = None,
    batched: bool = False, **spelling: Any,
) -> Operations: ...  # fmt: skip


def operation(
    name: str, values: Values | dict[str, Any] | int, partials: Partials | str | None = None, *,
    arity: int | None = None, outputs: int = 1, shape: Any = None, pullback: Partials | None = None,
    batched: bool = False, **spelling: Any,
) -> Operation | Operations:  # fmt: skip
    """Register an operation of your own; every mode has it from then on.

    Parameters
    ----------
    name : str
        An identifier that no operation has yet; expressions print it.
    values : callable or dict
        Its value, `values(*operands)` on floats and NumPy arrays alike (one that takes
        numbers alone is called entry by entry); or one callable an input kind, by the
        keys `real`, `array`, `complex`, `mp` (this one gets the mpmath context first),
        `exact`. A function of ctypes that takes
        and returns doubles is called number by number; an int is the address of one, of
        `arity` operands: keep what it belongs to.
    partials : callable or "differences"
        `partials(result, *operands)` returns the partial derivative for each
        operand, written with Python's operators and symdiff's functions; a
        function of one operand may return it bare. "differences" are for what is known
        by its values alone: first derivatives to about 12 digits, second ones to 8, and
        nan for those above; the record says so (`op.differences`).
    arity : int, optional
        The number of operands; by default that of `partials` less one.
    outputs : int
        The number of results. Of more than one, `values` returns that many, `partials` gets all of
        them and returns for each the partial derivatives; calls return a tuple, of operations
        `name_0`, `name_1`, …, each of which is computed alone.
    shape : callable, shape or list of shapes, optional
        Makes it an operation on whole arrays: from shapes of the operands to that of the result,
        `shape(*shapes)`, or always the same one; of several results that of each. `values` gets one array of
        float64 for each operand, a float where that is a number, and gives an array of the shape. `partials`
        are Jacobians then, of the shape of the result, then of the operand (0 or None for zero); by
        "differences" a Jacobian takes four values for an entry. An int is the address of an
        `int f(const double *in0, …, double *out0, …)` of `arity` operands, which returns 0.
    pullback : callable, optional
        In the place of partials of whole arrays: `pullback(adjoint, result, *operands)` returns for each operand
        what the adjoint of the result adds to its own, in its shape; of several results lists of adjoints and results.
    batched : bool
        Whether `values` of whole arrays takes axes of a batch in front of all operands too, and gives them
        in front of results; else it is called point by point.
    **spelling
        Other fields of the record: `sympy`, a SymPy function or its name, `latex`,
        `code`, for native code, the name of a function of the C library or a function
        of a builder (`symdiff.ops.builder`) and the operands, `kinks`, `absolute`, …

    Returns
    -------
    Operation, or Operations for several results
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

    A table, of which only values are known:

    >>> at, level = np.linspace(0, 1, 101), np.linspace(0, 1, 101)**2
    >>> table = sd.operation("level", lambda x: np.interp(x, at, level), "differences")
    >>> table(x).gradient(x).evaluate(x=0.505).__round__(6)
    1.01

    A function of a whole vector, with its Jacobian:

    >>> centred = sd.operation("centred", lambda v: v - v.mean(), lambda r, v: sd.eye(3) - 1/3, shape=lambda v: v)
    >>> v = sd.Var("v", shape=3)
    >>> (centred(v)**2).sum().gradient(v).evaluate(v=[0.0, 1.0, 5.0])
    array([-4., -2.,  6.])
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise SymdiffValueError(f"{name!r} can't name an operation: it has to be an identifier")
    if shape is not None:
        made: Operation | Operations = _whole_arrays[-1]().array_operation(
            name, values, partials, pullback, shape, arity, outputs, batched, spelling
        )
        return made
    if pullback is not None or batched:
        raise SymdiffTypeError(f"{name}: a pullback and batched are for operations on whole arrays: say its shape")
    if isinstance(values, int) or is_of_ctypes(values):
        values, arity = _of_c(name, values, arity)
    by_differences = partials == "differences"
    if not callable(partials) and not by_differences:
        raise SymdiffTypeError(
            f"{name}: partials is a function (result, *operands), or 'differences', not {partials!r}"
        )
    if not isinstance(outputs, int) or outputs < 1:
        raise SymdiffValueError(f"{name}: outputs is a number of results, at least 1, not {outputs!r}")
    if outputs > 1:
        return _several(name, values, partials, arity, outputs, spelling)
    if not callable(values) and not isinstance(values, dict):
        raise SymdiffTypeError(f"{name}: values is a function of numbers, or a dictionary of such, not {values!r}")
    if arity is None:
        known = values if by_differences and callable(values) else partials
        if not callable(known):
            raise SymdiffTypeError(f"{name}: give the number of operands, arity=…")
        arity = operands_of(name, known) - (not by_differences)
    elif not by_differences:
        check_takes(name, "partials", partials, arity + 1)
    if "llvm" in spelling:
        warnings.warn(f"{name}: the field `llvm` is called `code` now", DeprecationWarning, stacklevel=2)
        spelling.setdefault("code", spelling.pop("llvm"))
    if callable(spelling.get("sympy")):
        function = spelling["sympy"]
        spelling["sympy"] = lambda sympy, *args: function(*args)
    if arity < 1:
        raise SymdiffValueError(f"{name}: partials take the result and then at least one operand")
    given = dict.fromkeys(("array", "real"), _of_arrays(values)) if callable(values) else dict(values)
    if "array" not in given and "real" in given:
        given["array"] = np.vectorize(given["real"], otypes=[float])
    unknown = set(given | spelling) - {*Operation.__annotations__, "_order"}
    if unknown or "array" not in given:
        raise SymdiffValueError(
            f"{name}: " + (f"no record has a field {sorted(unknown)}" if unknown else "values need 'real' or 'array'")
        )
    if by_differences:
        partials = _by_differences(name, given["array"], arity, spelling.pop("_order", _ORDERS))
        spelling["differences"] = True
    rule: Any = partials

    def as_tuple(result: Any, *operands: Any) -> tuple[Any, ...]:
        parts = rule(result, *operands)
        parts = tuple(parts) if isinstance(parts, (tuple, list)) else (parts,)
        if len(parts) != arity:
            raise SymdiffValueError(f"{name}: partials gave {len(parts)} derivatives for {arity} operands")
        return parts

    if arity > 2:
        spelling.setdefault("operands", tuple(f"operand{k}" for k in range(arity)))
    return register(name, arity, as_tuple, **given, **spelling)


def _of_arrays(values: Values) -> Values:
    """A function for arrays too, entry by entry where it is one of numbers alone, as those of `math` are."""
    if isinstance(values, np.ufunc):
        return values
    each = np.vectorize(values, otypes=[float])

    def of_arrays(*operands: Any) -> Any:
        try:
            return values(*operands)
        except (TypeError, ValueError):  # a branch by the truth of an array is the second
            if not any(isinstance(a, np.ndarray) for a in operands):
                raise
            return each(*operands)

    return of_arrays


def operands_of(name: str, function: Any) -> int:
    """How many arguments a function takes, without those that have a default.

    Raises
    ------
    SymdiffTypeError
        Where that is not known.
    """
    from inspect import Parameter, signature  # import late: not cheap, and seldom needed

    try:
        found = signature(function).parameters.values()
    except (TypeError, ValueError) as error:
        raise SymdiffTypeError(f"{name}: give the number of operands, arity=…") from error
    if any(p.kind == Parameter.VAR_POSITIONAL for p in found):
        raise SymdiffTypeError(f"{name}: give the number of operands, arity=…: its function takes any number")
    return sum(p.default is Parameter.empty and p.kind != Parameter.VAR_KEYWORD for p in found)


def check_takes(name: str, what: str, function: Any, count: int) -> None:
    """Refuse a rule that can't be called with so many arguments, where that is known.

    Raises
    ------
    SymdiffValueError
    """
    from inspect import signature

    try:
        own = signature(function)
    except (TypeError, ValueError):  # of functions in C there may be none
        return
    try:
        own.bind(*[None] * count)
    except TypeError as error:
        raise SymdiffValueError(f"{name}: {what} is called with {count} arguments, operands last: {error}") from error


_ORDERS = 2  # highest derivative by differences: the third would be noise, and is nan


def _by_differences(name: str, values: Values, arity: int, orders: int) -> Partials:
    """Partials of what is known by its values alone: operations `name_by_0`, … of their own."""
    if not orders:
        return lambda result, *operands: (float("nan"),) * arity
    from symdiff.ops.central_differences import slope  # import late: few operations need it

    slopes = [
        operation(f"{name}_by_{k}", slope(values, k), "differences", arity=arity, _order=orders - 1)
        for k in range(arity)
    ]
    return lambda result, *operands: tuple([of(*operands) for of in slopes])


def is_of_ctypes(values: Any) -> bool:
    """Whether a value is a function of ctypes."""
    ctypes = sys.modules.get("ctypes")
    return ctypes is not None and isinstance(values, ctypes._CFuncPtr)


def _of_c(name: str, values: Any, arity: int | None) -> tuple[dict[str, Any], int]:
    """The values of a function in C of doubles, and how many operands it has."""
    import ctypes

    if isinstance(values, int):
        if arity is None or values <= 0:
            raise SymdiffValueError(f"{name}: the address of a function needs the number of its operands, arity=…")
        values = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * arity)(values)
    kinds = values.argtypes or ()
    if values.restype is not ctypes.c_double or not kinds or any(kind is not ctypes.c_double for kind in kinds):
        raise SymdiffTypeError(
            f"{name}: a function of ctypes takes and returns doubles: set its argtypes and restype to ctypes.c_double"
        )
    return {"real": lambda *operands: values(*map(float, operands))}, len(kinds)


def _several(
    name: str, values: Any, partials: Any, arity: int | None, outputs: int, spelling: dict[str, Any]
) -> Operations:
    """A record for each result of an operation of several."""
    if not callable(values):
        raise SymdiffTypeError(f"{name}: the values of several results are one function that returns all of them")
    parts: list[Operation] = []

    def all_of(operands: Any) -> Any:
        found = values(*operands)
        if not isinstance(found, (tuple, list, np.ndarray)) or len(found) != outputs:
            raise SymdiffValueError(f"{name}: values gave {found!r:.60} for {outputs} results: return a tuple of them")
        return found

    def rule(k: int) -> Any:
        def of(result: Any, *operands: Any) -> Any:
            results = [result if j == k else part(*operands) for j, part in enumerate(parts)]
            found = partials(results, *operands)
            if len(found) != outputs:
                raise SymdiffValueError(f"{name}: partials gave those of {len(found)} results, not of {outputs}")
            return found[k]

        return of

    arity = operands_of(name, values) if arity is None else arity
    if callable(partials):
        check_takes(name, "partials", partials, arity + 1)
    for k in range(outputs):
        own = partials if isinstance(partials, str) else rule(k)
        parts.append(operation(f"{name}_{k}", lambda *operands, k=k: all_of(operands)[k], own, arity=arity, **spelling))
    return Operations(name, parts)
