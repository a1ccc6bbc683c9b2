"""SciPy's solvers: an expression, or several, as the callables that they take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symdiff.algebra.scalars_only import scalars_only
from symdiff.compile.arguments import arguments_of, key_of
from symdiff.compile.function import Function
from symdiff.compile.make import compile as compile_function
from symdiff.derive.hessian import hessian
from symdiff.derive.jacobian import gradient, hvp, jacobian
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable, current_graph
from symdiff.handle import Handle, as_handle, gather, handle, is_variable, variable_in
from symdiff.names import check_name
from symdiff.neighbours import holds_sympy
from symdiff.nesting import flatten
from symdiff.wrt import named_arrays


def to_scipy(f: Any, xs: Any, params: Any = (), *, time: Any = None, sparse: bool = False, **options: Any) -> Problem:
    """The callables that SciPy's solvers take, each compiled when it is first asked for.

    Parameters
    ----------
    f : expression, or sequence or array of expressions
        What is minimised; or several: residuals, equations, right-hand sides,
        constraints.
    xs : variable, or sequence or array of n variables
        The unknowns, which SciPy passes as one vector in this order.
    params : variable, array of variables, or list of these
        What is given and not differentiated: the further arguments, SciPy's
        `args`, one for each item.
    time : variable, optional
        Makes the signature that of `solve_ivp`: `fun(t, y, *params)`.
    sparse : bool
        Hessians and Jacobians are `scipy.sparse.csr_array`.
    **options
        As for `sd.compile`: `backend`, `accuracy`.

    Returns
    -------
    Problem
        With `fun`, `jac`, `hess`, `hessp` and `fun_and_jac`.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.compile` does.

    >>> import numpy as np, symdiff as sd
    >>> from scipy.optimize import minimize
    >>> x, y, a = sd.variables("x y a")
    >>> problem = sd.to_scipy((x - a)**2 + 100*(y - x**2)**2, [x, y], params=[a])
    >>> given = {"args": (1.0,), "jac": problem.jac, "hess": problem.hess}
    >>> found = minimize(problem.fun, [-1.0, 2.0], method="trust-exact", **given)
    >>> bool(np.allclose(found.x, [1, 1]))
    True
    """
    if holds_sympy([f, xs, params, time]):
        from symdiff.bridge.sympy_calls import as_expressions

        f, xs, params, time = as_expressions(f, xs, params, time)
    return Problem(f, xs, params, time, sparse, options)


class Problem:
    """An expression, or several, as SciPy's solvers take them; made by `sd.to_scipy`.

    All methods take `(x, *params)`, with `time=` `(t, x, *params)`. Value and
    first derivatives are one program, run once at each point: `fun(x)` after
    `jac(x)` is a look-up. Several threads may use it at once.
    """

    def __init__(self, f: Any, xs: Any, params: Any, time: Any, sparse: bool, options: dict[str, Any]) -> None:
        single = isinstance(f, (Handle, int, float))
        self._outputs = [as_handle(f)] if single else [as_handle(e) for e in flatten(f)]
        scalars_only("to_scipy", [*self._outputs, *flatten([xs, params])])
        self._shape: tuple[int, ...] | None = None if single else (len(self._outputs),)
        graph, _ = gather(self._outputs)
        self._xs = _vector(named_arrays(graph, xs))
        given = [params] if isinstance(params, (Handle, str, np.ndarray)) else list(params)
        given = [named_arrays(graph, one) for one in given]
        self._others = [*([] if time is None else [time]), *given]
        self._timed = time is not None
        self._sparse = sparse
        self._options = options
        arguments_of([self._xs, *self._others])  # check now, not in the middle of an optimisation
        self._first: _Remembering | None = None
        self._second: _Remembering | None = None
        self._product: Function | None = None
        self._check()

    # -- what solvers call ------------------------------------------------------------------

    def fun(self, *args: Any, jac: bool = False) -> Any:
        """The value, a float; of several expressions the vector of values. With `jac=True` as `fun_and_jac`."""
        return self.fun_and_jac(*args) if jac else self._value_and_slopes(args)[0]

    def jac(self, *args: Any) -> Any:
        """The gradient, of shape (n,); of m expressions the Jacobian, of shape (m, n)."""
        return self._value_and_slopes(args)[1]

    def fun_and_jac(self, *args: Any) -> tuple[Any, Any]:
        """Both, for `minimize(problem.fun_and_jac, x0, jac=True)`."""
        value, slopes = self._value_and_slopes(args)
        return value, slopes

    def hess(self, *args: Any) -> Any:
        """The Hessian, of shape (n, n).

        Of several expressions `hess(x, v, *params)` is the Hessian of their sum
        weighted by v, which is what `scipy.optimize.NonlinearConstraint` takes.
        """
        if self._second is None:
            f, weights = self._outputs[0], []
            if self._shape is not None:
                weights = [_fresh("v", len(self._outputs), self._names())]
                f = _weighted(self._outputs, weights[0])
            self._second = _Remembering(self._compiled([hessian(f, self._xs, sparse=self._sparse)], weights))
        return self._second(self._ordered(args))[0]

    def hessp(self, *args: Any) -> NDArray[Any]:
        """The Hessian times a vector: `hessp(x, p, *params)`, of shape (n,), without the matrix."""
        if self._shape is not None:
            raise SymdiffTypeError("hessp is for one expression: several have no Hessian")
        if self._product is None:
            p = _fresh("p", len(self._xs), self._names())
            self._product = self._compiled([hvp(self._outputs[0], self._xs, p)], (p,))
        return self._product(*self._ordered(args))[0]  # type: ignore[no-any-return]

    # -- programs ------------------------------------------------------------------------------

    def _value_and_slopes(self, args: Sequence[Any]) -> list[Any]:
        if self._first is None:
            if self._shape is None:
                value: Any = self._outputs[0]
                slopes = gradient(value, self._xs)
            else:
                value = _row(self._outputs)
                slopes = jacobian(value, self._xs, sparse=self._sparse)
            self._first = _Remembering(self._compiled([value, slopes], ()))
        return self._first(self._ordered(args))

    def _compiled(self, outputs: list[Any], directions: Sequence[Any]) -> Function:
        return compile_function(outputs, [self._xs, *directions, *self._others], **self._options)

    def _ordered(self, args: Sequence[Any]) -> list[Any]:
        """The arguments with x in front."""
        values = list(args)
        if self._timed and len(values) > 1:
            values[:2] = values[1::-1]
        if values:
            x = np.asarray(values[0])
            if x.shape != (len(self._xs),) and x.size == len(self._xs):
                values[0] = x.reshape(-1)  # take an unknown that comes alone
        return values

    def _check(self) -> None:
        """Find now, not in the middle of an optimisation, what the outputs depend on and the inputs lack."""
        known = {key_of(v) for v in (*self._xs, *flatten(self._others))}
        missing = [v._cell.name for v in _variables(self._outputs) if v._cell.key not in known]
        if missing:
            names = f"{', '.join(missing[:10])}{' …' * (len(missing) > 10)}"
            raise SymdiffValueError(f"f depends on {names}: add them to xs or params")

    def _names(self) -> set[str]:
        found = [*self._xs, *flatten(self._others)]
        return {v if isinstance(v, str) else v.name for v in found}


class _Remembering:
    """A function of vectors that remembers its last point, so that callables that share it run it once."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.last: tuple[Any, list[Any]] | None = None  # cache that is replaced as one, whatever thread does it

    def __call__(self, args: Sequence[Any]) -> list[Any]:
        arrays = [np.asarray(a) for a in args]
        key = [(a.shape, a.dtype, a.tobytes()) for a in arrays] if all(a.dtype != object for a in arrays) else None
        last = self.last
        if last is None or key is None or last[0] != key:
            last = (key, self.function(*args))
            self.last = last
        return [value.copy() if hasattr(value, "copy") else value for value in last[1]]  # copy: SciPy may write into it


def _vector(values: Any) -> NDArray[Any]:
    """Variables in a row."""
    members = [values] if isinstance(values, (Handle, str)) else flatten(values)
    graph = next((v.graph for v in members if is_variable(v)), None)
    with graph if graph is not None else Graph():
        row = _row([_named(v) if isinstance(v, str) else v for v in members])
    if not row.size:
        raise SymdiffValueError("a problem has at least one unknown: xs is empty")
    return row


def _named(name: str) -> Handle:
    return variable_in(current_graph(), Variable(check_name(name)))


def _variables(outputs: Sequence[Handle]) -> list[Handle]:
    graph, roots = gather(outputs)
    return [handle(graph, i) for i in graph.cone(roots) if graph.nodes[i][0] == VAR]


def _row(values: Sequence[Any]) -> NDArray[Any]:
    row = np.empty(len(values), dtype=object)
    row[:] = values
    return row


def _fresh(stem: str, count: int, taken: set[str]) -> NDArray[Any]:
    """Variables of names that are not taken."""
    while any(f"{stem}{k}" in taken for k in range(count)):
        stem += "_"
    return _row([_named(f"{stem}{k}") for k in range(count)])


def _weighted(outputs: Sequence[Handle], weights: Any) -> Any:
    total = weights[0] * outputs[0] if len(outputs) else as_handle(0)
    for w, f in zip(weights[1:], outputs[1:], strict=True):
        total = total + w * f
    return total
