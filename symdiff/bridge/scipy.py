"""SciPy's solvers: expressions of any shapes as the callables that they take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symdiff.bridge.flat_derivatives import (
    AsCompiled,
    Flat,
    Joined,
    arrays_in,
    entries_of_jacobian,
    hessian_of,
    jacobian_of,
    product_of,
    slopes_of,
    weighted,
)
from symdiff.bridge.last_point import LastPoint
from symdiff.bridge.unknowns import Unknowns, fresh_like, in_a_row, listed, variable_of
from symdiff.bridge.vector_program import VectorProgram
from symdiff.compile.arguments import arguments_of, key_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, as_handle, gather, handle, variable_named
from symdiff.names import number_hints
from symdiff.neighbours import holds_sympy
from symdiff.nesting import flatten
from symdiff.wrt import named_arrays

if TYPE_CHECKING:
    import scipy.sparse

OPTIONS = ("backend", "dtype", "accuracy", "threads", "singular", "name")  # those of `compile`
_NAMED = 6  # count of variables that `repr` names


def to_scipy(f: Any, xs: Any, params: Any = (), *, time: Any = None, sparse: bool = False, **options: Any) -> Callables:
    """The callables that SciPy's solvers take, each compiled when it is first asked for.

    Parameters
    ----------
    f : expression, or sequence or array of expressions
        What is minimised; or several: residuals, equations, right-hand sides,
        constraints. Array expressions are several, entry by entry (row-major).
    xs : variable, or sequence or array of these
        The n unknowns, which SciPy passes as one vector: scalar variables in this
        order, array variables entry by entry.
    params : variable, array of variables, or list of these
        What is given and not differentiated: the further arguments, SciPy's
        `args`, one for each item. Data are best given so: an array variable of a
        named size takes any number of them.
    time : variable, optional
        Makes the signature that of `solve_ivp`: `fun(t, y, *params)`.
    sparse : bool
        Hessians and Jacobians are `scipy.sparse.csr_array`.
    **options
        As for `sd.compile`: `backend`, `dtype`, `accuracy`.

    Returns
    -------
    Callables
        With `fun`, `jac`, `hess`, `hessp`, `fun_and_jac`, `jac_sparsity`, and `split`.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.compile` does; for symmetric unknowns.

    >>> import numpy as np, symdiff as sd
    >>> from scipy.optimize import least_squares, minimize
    >>> a, b = sd.variables("a b")
    >>> t, y = sd.Var("t", shape="n"), sd.Var("y", shape="n")
    >>> fit = sd.to_scipy(a*np.exp(-b*t) - y, [a, b], params=[t, y])
    >>> times = np.linspace(0, 2, 1000)
    >>> data = (times, 2*np.exp(-1.5*times))
    >>> least_squares(fit.fun, [1.0, 1.0], jac=fit.jac, args=data).x.round(6).tolist()
    [2.0, 1.5]

    >>> x = sd.Var("x", shape=2)
    >>> problem = sd.to_scipy((x[0] - a)**2 + 100*(x[1] - x[0]**2)**2, x, params=[a])
    >>> given = {"args": (1.0,), "jac": problem.jac, "hess": problem.hess}
    >>> minimize(problem.fun, [-1.0, 2.0], method="trust-exact", **given).x.round(4).tolist()
    [1.0, 1.0]
    """
    for name in options:  # refuse it now, not while a solver runs
        if name not in OPTIONS:
            raise SymdiffTypeError(f"to_scipy has no option {name!r}: it takes time, sparse, {', '.join(OPTIONS)}")
    if holds_sympy([f, xs, params, time]):
        from symdiff.bridge.sympy_calls import as_expressions

        f, xs, params, time = as_expressions(f, xs, params, time)
    return Callables(f, xs, params, time, sparse, options)


class Callables:
    """An expression, or several, as SciPy's solvers take them; made by `sd.to_scipy`.

    All methods take `(x, *params)`, with `time=` `(t, x, *params)`, and x as one vector. What value and first
    derivatives share is computed once at each point: `fun(x)` after `jac(x)` is a look-up, and where `jac(x)` follows
    `fun(x)` both are one program. A solver that asks for values alone, as BDF does, gets them without derivatives.
    Several threads may use it at once. It pickles.
    """

    def __init__(self, f: Any, xs: Any, params: Any, time: Any, sparse: bool, options: dict[str, Any]) -> None:
        alone = isinstance(f, (Handle, int, float))
        self._outputs: list[Any] = [as_handle(f)] if alone else [as_handle(e) for e in flatten(f)]
        self._single = alone and not self._outputs[0].shape
        graph, _ = gather(self._outputs)
        self._graph = graph
        self._unknowns = Unknowns(graph, xs)
        given = [params] if isinstance(params, (Handle, str, np.ndarray)) else list(params)
        given = [_resolved(graph, named_arrays(graph, one)) for one in given]
        self._others = [*([] if time is None else [_scalar(graph, time)]), *given]
        self._timed = time is not None
        self._sparse = sparse
        self._options = options
        arguments, found = arguments_of([*self._unknowns.items, *self._others])  # check now, not while a solver runs
        self._names = {v if isinstance(v, str) else v.name for v in found}
        self._arguments = arguments[len(self._unknowns.items) :]
        self._check({key_of(v) for v in found})
        self._shapes = [getattr(v, "shape", ()) for v in self._others]
        self._programs: dict[str, VectorProgram] = {}
        self._first = LastPoint(self._values, self._both)

    def __repr__(self) -> str:
        names = ", ".join(sorted(map(str, self._names))[:_NAMED]) + (", …" if len(self._names) > _NAMED else "")
        of = "an expression" if self._single else f"{len(self._outputs):,} expressions"
        return f"<Callables of {of} in {names}>"

    # -- what solvers call ------------------------------------------------------------------

    def fun(self, *args: Any, jac: bool = False) -> Any:
        """The value, a float; of several expressions the vector of values. With `jac=True` as `fun_and_jac`."""
        return self.fun_and_jac(*args) if jac else self._first.values(self._ordered(args))[0]

    def jac(self, *args: Any) -> Any:
        """The gradient, of shape (n,); of m expressions the Jacobian, of shape (m, n)."""
        return self._first.both(self._ordered(args))[1]

    def fun_and_jac(self, *args: Any) -> tuple[Any, Any]:
        """Both, for `minimize(problem.fun_and_jac, x0, jac=True)`."""
        value, slopes = self._first.both(self._ordered(args))
        return value, slopes

    def hess(self, *args: Any) -> Any:
        """The Hessian, of shape (n, n).

        Of several expressions `hess(x, v, *params)` is the Hessian of their sum
        weighted by v, which is what `scipy.optimize.NonlinearConstraint` takes.
        """
        return self._program("hess")(self._ordered(args, 0 if self._single else 1))[0]

    def hessp(self, *args: Any) -> NDArray[Any]:
        """The Hessian times a vector: `hessp(x, p, *params)`, of shape (n,), without the matrix."""
        if not self._single:
            raise SymdiffTypeError("hessp is for one expression: several have no Hessian")
        found: NDArray[Any] = self._program("hessp")(self._ordered(args, 1))[0]
        return found

    @property
    def jac_sparsity(self) -> scipy.sparse.csr_array:
        """Where the Jacobian has entries, as a sparse matrix of ones, SciPy's `jac_sparsity`.

        Raises
        ------
        SymdiffTypeError
            Where sizes have names.
        """
        from scipy.sparse import csr_array

        rows, cols = entries_of_jacobian(self._outputs, self._unknowns, {}).pattern({})
        shape = sum([math.prod(e.shape) for e in self._outputs]), self._unknowns.count({})
        return csr_array((np.ones(len(rows)), (rows, cols)), shape=shape)

    def split(self, x: Any, *params: Any) -> Any:
        """A vector of the unknowns in their shapes, nested as they were given.

        >>> import symdiff as sd
        >>> a, W = sd.Var("a"), sd.Var("W", shape=(2, 2))
        >>> sd.to_scipy(a*(W**2).sum(), [a, W]).split([5.0, 1.0, 2.0, 3.0, 4.0])
        [5.0, array([[1., 2.],
               [3., 4.]])]
        """
        x = np.asarray(x).reshape(-1)
        shapes = self._shapes[self._timed :]
        others = list(zip([a.name for a in self._arguments[self._timed :]], shapes, params, strict=False))
        return self._unknowns.nested(x, self._unknowns.sizes(len(x), others))

    # -- programs ------------------------------------------------------------------------------

    def _values(self, args: Sequence[Any]) -> list[Any]:
        return self._program("fun")(args)

    def _both(self, args: Sequence[Any]) -> list[Any]:
        return self._program("jac")(args)

    def _program(self, name: str) -> VectorProgram:
        """A program, compiled where it is first wanted."""
        found = self._programs.get(name)
        if found is None:
            vectors = [self._unknowns]
            if name in ("fun", "jac"):
                results = [self._value(), self._slopes()] if name == "jac" else [self._value()]
            elif name == "hess" and self._single:
                results = [hessian_of(self._outputs[0], self._unknowns, self._sparse)]
            else:
                vectors.append(self._directions(name))
                results = [self._second(name, vectors[1])]
            found = self._programs[name] = VectorProgram(results, vectors, self._others, self._options)
        return found

    def _directions(self, name: str) -> Unknowns:
        """The variables behind the second vector: weights of outputs, or a direction."""
        like = self._outputs if name == "hess" else self._unknowns.atoms
        return fresh_like("v" if name == "hess" else "p", [e.shape for e in like], self._names, self._graph)

    def _second(self, name: str, directions: Unknowns) -> Flat:
        if name == "hess":
            return hessian_of(weighted(self._outputs, directions.atoms), self._unknowns, self._sparse)
        return product_of(self._outputs[0], self._unknowns, directions.atoms)

    def _value(self) -> Flat:
        if self._single:
            return AsCompiled(self._outputs[0])
        whole = arrays_in(self._outputs, self._unknowns)
        return Joined(self._outputs) if whole else AsCompiled(in_a_row(self._outputs))

    def _slopes(self) -> Flat:
        if self._single:
            return slopes_of(self._outputs[0], self._unknowns)
        return jacobian_of(self._outputs, self._unknowns, self._sparse)

    def _ordered(self, args: Sequence[Any], directions: int = 0) -> list[Any]:
        """The arguments with x in front."""
        values = list(args)
        count = 1 + directions + len(self._others)
        if len(values) != count:
            names = [self._arguments[0].name] if self._timed else []
            names += ["x", *["v" if not self._single else "p"] * directions]
            names += [a.name for a in self._arguments[self._timed :]]
            plural = "s" * (count != 1)
            raise SymdiffTypeError(f"this takes {count} argument{plural} ({listed(names)}), not {len(values)}")
        if self._timed:
            values[:2] = values[1::-1]
        x = np.asarray(values[0])
        if x.ndim != 1 and (self._unknowns.of_arrays or x.size == len(self._unknowns.atoms)):
            x = x.reshape(-1)  # take an unknown that comes alone
        values[0] = x
        return values

    def _check(self, known: set[Any]) -> None:
        """Find now, not in the middle of an optimisation, what the outputs depend on and the inputs lack."""
        graph, roots = gather(self._outputs)
        leaves = [handle(graph, i) for i in graph.cone(roots) if graph.nodes[i][0] == VAR]
        missing = [v._cell.name for v in leaves if v._cell.key not in known and v._cell.name not in known]
        if missing:
            raise SymdiffValueError(f"f depends on {listed(missing)}: add them to xs or params{number_hints(missing)}")


def _scalar(graph: Graph, time: Any) -> Any:
    """The variable of time, or that of its name, whatever arrays have the name too."""
    if isinstance(time, str):
        return variable_of(graph, time)
    if getattr(time, "shape", ()):
        raise SymdiffTypeError(f"time is a number, and {time!r:.60} is an array")
    return time


def _resolved(graph: Graph, given: Any) -> Any:
    """The variable that a name means; one that the graph does not hold is a number."""
    if not isinstance(given, str):
        return given
    found = variable_named(graph, given)
    return variable_of(graph, given) if found is None else handle(graph, found)
