"""`sd.problem`: an objective with constraints and bounds, ready for IPOPT and for SciPy's methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.bridge.flat_derivatives import (
    AsCompiled,
    Entries,
    Joined,
    arrays_in,
    entries_of_hessian,
    entries_of_jacobian,
    slopes_of,
    weighted,
)
from symdiff.bridge.unknowns import Unknowns, fresh_like, in_a_row, listed
from symdiff.bridge.vector_program import VectorProgram
from symdiff.compile.arguments import arguments_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import as_handle, gather
from symdiff.names import number_hints
from symdiff.neighbours import holds_sympy
from symdiff.nesting import refilled
from symdiff.shapes import bound
from symdiff.solve import ipopt, scipy_methods
from symdiff.solve.constraints import Constraints
from symdiff.solve.evaluations import Evaluations
from symdiff.solve.given_values import as_numbers, bind_sizes, per_item, start_vector
from symdiff.solve.solution import Multipliers, Outcome, Solution
from symdiff.solve.variable_bounds import VariableBounds

_METHODS = ("auto", "ipopt", "trust-constr", "SLSQP")
_SMALL = 100  # unknowns up to which SLSQP, which is of dense matrices, is the faster of SciPy's methods


def problem(
    f: Any,
    xs: Any,
    *,
    equal: Any = None,
    upper: Any = None,
    bounds: Any = None,
    params: Any = (),
    **options: Any,
) -> Problem:
    """An optimisation problem: minimise f where equations hold and other expressions are at most 0.

    The Jacobian of the constraints and the Hessian of the Lagrangian are sparse, derived symbolically, and one compiled
    program each, made when a solver first asks for it.

    Parameters
    ----------
    f : expression
        A scalar; that of a problem without objective is 0.
    xs : variable, or list or dictionary of variables and arrays of variables
        The unknowns, scalars and arrays of any shape.
    equal : list of expressions, optional
        Each is to be 0, of an array every entry. A pair `(g, value)` means g - value, `sd.equal(a, b)` means a - b.
        Lists and dictionaries may be nested; multipliers come nested in the same way.
    upper : list of expressions, optional
        Each is to be at most 0: `h`; or a pair `(h, bound)`, or `a <= b`.
    bounds : optional
        A pair `(low, high)` for all unknowns, a list of pairs, one for each, or a dictionary by unknown or name, each
        a number, an array that broadcasts or None where it is open; or `scipy.optimize.Bounds`.
    params : variable, array of variables, or list of these
        What is given where the problem is solved, and may change between solutions: nothing is compiled anew.
    **options
        As for `sd.compile`: `backend`, `dtype`, `accuracy`.

    Returns
    -------
    Problem

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For an objective that is an array, variables that are neither unknowns nor params, constraints that hold no
        unknown or are no expressions, bounds that cross or do not fit.

    >>> import symdiff as sd
    >>> x = sd.Var("x", shape=4)
    >>> f = x[0]*x[3]*(x[0] + x[1] + x[2]) + x[2]
    >>> p = sd.problem(f, x, equal=[(x**2).sum() - 40], upper=[25 - x.prod()], bounds=(1, 5))
    >>> found = p.solve([1, 5, 5, 1], method="SLSQP")
    >>> found.success, round(found.fun, 6), found["x"].round(4).tolist()
    (True, 17.014017, [1.0, 4.743, 3.8211, 1.3794])
    """
    if holds_sympy([f, xs, equal, upper, params]):
        from symdiff.bridge.sympy_calls import as_expressions

        f, xs, equal, upper, params = as_expressions(f, xs, equal, upper, params)
    return Problem(f, xs, equal, upper, bounds, params, options)


class Problem:
    """An objective with constraints and bounds, as solvers take it; made by `sd.problem`.

    Several threads may solve it at once. It pickles.
    """

    def __init__(
        self, f: Any, xs: Any, equal: Any, upper: Any, bounds: Any, params: Any, options: dict[str, Any]
    ) -> None:
        self._f: Any = as_handle(f)
        if getattr(self._f, "shape", ()):
            raise SymdiffTypeError(f"an objective is a scalar, and {short(self._f)} is an array: sum it")
        self._equal, self._upper = Constraints(equal, "equal"), Constraints(upper, "upper")
        self._outputs: list[Any] = [*self._equal.expressions, *self._upper.expressions]
        graph, _ = gather([self._f, *self._outputs])
        self._graph = graph
        self._unknowns = Unknowns(graph, xs)
        none_given = isinstance(params, (list, tuple, Mapping)) and not params
        self._params = None if none_given else Unknowns(graph, params, free=False)
        self._options = options
        self._check(graph)
        self._bounds = VariableBounds(bounds, self._unknowns)
        self._programs: dict[str, VectorProgram] = {}
        self._entries: dict[str, Entries] = {}

    def _check(self, graph: Graph) -> None:
        given = [*self._unknowns.items, *(self._params.items if self._params else [])]
        arguments_of(given)
        unknowns = {v._cell.key for v in self._unknowns.atoms}
        known = unknowns | {v._cell.key for v in (self._params.atoms if self._params else [])}
        held = [self._f._graph.leaves[i] for i in self._f._graph.cone([self._f._index]) if self._is_variable(i)]
        missing = [cell.name for cell in held if cell.key not in known]
        if missing:
            told = f"{listed(missing)}: add them to xs or params{number_hints(missing)}"
            raise SymdiffValueError(f"the objective depends on {told}")
        for constraints in (self._equal, self._upper):
            constraints.check(unknowns, known)

    def _is_variable(self, i: int) -> bool:
        return bool(self._f._graph.nodes[i][0] == VAR)

    @property
    def constrained(self) -> bool:
        """Whether there are constraints other than bounds."""
        return bool(self._outputs)

    # -- programs ------------------------------------------------------------------------------

    def program(self, name: str) -> VectorProgram:
        """A compiled program: of "values", of "slopes" beside them, or of the "hessian" of the Lagrangian."""
        found = self._programs.get(name)
        if found is None:
            found = self._programs[name] = self._made(name)
        return found

    def entries(self, name: str) -> Entries:
        """The entries of the Jacobian that "slopes" has, or of the "hessian"."""
        self.program(name)
        return self._entries[name]

    def _made(self, name: str) -> VectorProgram:
        others = self._params.items if self._params else []
        if name == "hessian":
            taken = {v._cell.name for v in [*self._unknowns.atoms, *(self._params.atoms if self._params else [])]}
            weights = fresh_like("multiplier", [e.shape for e in self._outputs] or [()], taken, self._graph)
            factor = fresh_like("factor", [()], taken, self._graph)
            lagrangian = factor.atoms[0] * self._f
            if self._outputs:
                lagrangian = lagrangian + weighted(self._outputs, weights.atoms)
            self._entries[name] = entries_of_hessian(lagrangian, self._unknowns, self._options)
            vectors = [self._unknowns, weights] if self.constrained else [self._unknowns]
            return VectorProgram([self._entries[name]], vectors, [factor.atoms[0], *others], self._options)
        whole = arrays_in([self._f, *self._outputs], self._unknowns)
        values = Joined(self._outputs) if whole else AsCompiled(in_a_row(self._outputs))
        results: list[Any] = [AsCompiled(self._f), values]
        if name == "slopes":
            self._entries[name] = entries_of_jacobian(self._outputs, self._unknowns, self._options)
            results += [slopes_of(self._f, self._unknowns), self._entries[name]]
        return VectorProgram(results, [self._unknowns], others, self._options)

    # -- solutions ------------------------------------------------------------------------------

    def solve(
        self,
        x0: Any = None,
        method: str = "auto",
        *,
        params: Any = None,
        options: Mapping[str, Any] | None = None,
    ) -> Solution:
        """Find a local minimum.

        Parameters
        ----------
        x0 : nesting of values as `xs` is, dictionary by unknown or name, flat vector, or an earlier Solution
            Where to start; where an unknown is outside its bounds, at the bound. A number stands for all entries of an
            array. Without x0 the `.value` of each unknown. A Solution brings its multipliers too, from which IPOPT
            starts warm.
        method : {"auto", "ipopt", "trust-constr", "SLSQP"}
            "auto" is IPOPT where it is installed (the extra `ipopt`), else SLSQP up to 100 unknowns, else trust-constr.
        params : nesting of values as `params` is, or dictionary by variable or name
        options : dict
            The solver's own, such as `{"max_iter": 500, "print_level": 5}` of IPOPT's, `{"maxiter": 500}` of SciPy's.

        Returns
        -------
        Solution
            Also where none was found, as of infeasible problems: `success` is False then, and `message` the solver's.

        Raises
        ------
        MissingSolverError, MissingValueError, SymdiffTypeError, SymdiffValueError
            For a method that is not installed or not known; values that are missing, do not fit, are nan.
        """
        if method not in _METHODS:
            raise SymdiffValueError(f"method is one of {', '.join(_METHODS)}, not {method!r}")
        sizes: dict[str, int] = {}
        given = self._given(params, sizes)
        warm = x0 if isinstance(x0, Solution) else None
        start = start_vector(x0.x if isinstance(x0, Solution) else x0, self._unknowns, sizes)
        low, high = self._bounds.vectors(sizes)
        evaluations = Evaluations(self, given, sizes, low, high)
        if method == "auto":
            of_scipy = "SLSQP" if len(start) <= _SMALL else "trust-constr"
            method = "ipopt" if ipopt.is_installed() else of_scipy
        counts = [self._count(c, sizes) for c in (self._equal, self._upper)]
        begin, chosen = np.clip(start, low, high), dict(options or {})
        if method == "ipopt":
            outcome = ipopt.solve(evaluations, begin, counts[0], counts[1], chosen, _multipliers_of(warm, sum(counts)))
        else:
            outcome = scipy_methods.solve(method, evaluations, begin, counts[0], counts[1], chosen)
        told = {
            "fun": evaluations.objective(outcome.x), "violation": evaluations.violation(outcome.x, counts[0]),
            "method": "IPOPT" if method == "ipopt" else method, "evaluations": dict(evaluations.count),
        }  # fmt: skip
        return Solution(self._unknowns, sizes, outcome, self._nested(outcome, sizes), told)

    def _given(self, params: Any, sizes: dict[str, int]) -> list[Any]:
        """The values of the parameters as compiled functions take them."""
        held = self._params
        if held is None:
            if params is not None and np.size(params):
                raise SymdiffTypeError("the problem has no params: give them to sd.problem")
            return []
        arrays = [as_numbers(v, name) for v, name in zip(per_item(params, held, "params"), held.names, strict=True)]
        bind_sizes(held.names, held.shapes, arrays, sizes)
        dtype = self._options.get("dtype", np.float64)
        return [
            a.astype(np.intp if kind == "int" else dtype) if a.ndim else float(a)
            for a, kind in zip(arrays, held.kinds, strict=True)
        ]

    def _count(self, constraints: Constraints, sizes: Mapping[str, int]) -> int:
        return sum([int(np.prod(bound(e.shape, sizes), dtype=int)) for e in constraints.expressions])

    def _nested(self, outcome: Outcome, sizes: dict[str, int]) -> Multipliers | None:
        """The multipliers in the nestings of what they are of."""
        if outcome.constraints is None or outcome.low is None or outcome.high is None:
            return None
        parts, start = [], 0
        for e in self._outputs:
            shape = bound(e.shape, sizes)
            count = int(np.prod(shape, dtype=int))
            own = outcome.constraints[start : start + count]
            parts.append(own.reshape(shape) if shape else float(own[0]))
            start += count
        first = len(self._equal.expressions)
        return Multipliers(
            refilled(self._equal.nesting, parts[:first]), refilled(self._upper.nesting, parts[first:]),
            self._unknowns.nested(outcome.low, sizes), self._unknowns.nested(outcome.high, sizes),
        )  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """What it is made of, without its programs, which are made anew where they are first asked for."""
        return {**self.__dict__, "_programs": {}, "_entries": {}}

    def __repr__(self) -> str:
        counts = [len(c.expressions) for c in (self._equal, self._upper)]
        of = f"{short(self._f)} by {listed(self._unknowns.names)}"
        return f"<Problem: minimise {of}; equal {counts[0]}, upper {counts[1]}>"


def _multipliers_of(warm: Solution | None, count: int) -> tuple[Any, Any, Any] | None:
    """Multipliers to start from, None where there are none of this problem."""
    if warm is None or warm.outcome.constraints is None or len(warm.outcome.constraints) != count:
        return None
    return warm.outcome.constraints, warm.outcome.low, warm.outcome.high
