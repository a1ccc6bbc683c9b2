"""Operations on whole arrays as loops: reductions, sums along an axis, and linear algebra by elimination.

Golub and Van Loan, Matrix Computations, 3.4 (elimination with partial pivoting), 4.2 (Cholesky).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from symdiff.compile.kernel import Unsupported
from symdiff.languages.program import Routine, Value, View
from symdiff.languages.recorded import lacking
from symdiff.languages.spelling import Term

Writer = Any  # a LoopWriter


def write(w: Writer, stage: Routine) -> None:
    """Write the loops of a routine.

    Raises
    ------
    Unsupported
        For one that has none.
    """
    routine = _ROUTINES.get(stage.name)
    if routine is None:
        raise lacking(stage.name, w.language)
    stacked = len(stage.sources[0].shape) - 2 if stage.name in _OF_MATRICES else 0
    names = w.variables(stacked)
    _nest(w, list(zip(names, stage.sources[0].shape, strict=False)))
    w.around += stacked
    routine(w, _at_one(stage, names))
    w.around -= stacked
    w.close(stacked)


def _at_one(stage: Routine, names: Sequence[str]) -> Routine:
    """A routine of stacks at one matrix of each, where loops with these names are."""

    def at(view: Value) -> Value:
        if not isinstance(view, View):
            return view
        n = len(names)
        lead = tuple(zip(view.axes[:n], names, view.shape[:n], strict=True))
        return view._replace(axes=view.axes[n:], shape=view.shape[n:], lead=lead)

    sources, scratch = [at(view) for view in stage.sources], [at(view) for view in stage.scratch]
    return stage._replace(target=at(stage.target), sources=sources, scratch=scratch)


# -- reductions ------------------------------------------------------------------------------


def _over(w: Writer, stage: Routine) -> tuple[list[str], list[str], list[tuple[str, int]], list[tuple[str, int]]]:
    """Indices of the source and of the target, and the loops outside and inside."""
    (source,) = stage.sources
    names = w.variables(len(source.shape))
    axes = {k % len(source.shape) for k in stage.parameters}
    outer = [(name, n) for k, (name, n) in enumerate(zip(names, source.shape, strict=True)) if k not in axes]
    inner = [(name, n) for k, (name, n) in enumerate(zip(names, source.shape, strict=True)) if k in axes]
    return names, [name for name, _ in outer], outer, inner


def _nest(w: Writer, loops: Sequence[tuple[str, int]]) -> None:
    for name, n in loops:
        w.loop(name, n)


def _fold(
    w: Writer, entry: Term, start: Term, inner: Sequence[tuple[str, int]], step: Callable[[Term, Term], Term]
) -> str:
    """A number that the entries of some loops are taken into, one by one."""
    total = w.fresh()
    w.line(w.variable(total, start.text))
    _nest(w, inner)
    w.line(w.set_line(total, step(Term(total), entry).text))
    w.close(len(inner))
    return str(total)


def _extreme(sign: str, start: float) -> Callable[[Writer, Routine], None]:
    def write_extreme(w: Writer, stage: Routine) -> None:
        at, to, outer, inner = _over(w, stage)
        if not all(n for _, n in inner):
            raise Unsupported(f"{stage.name} of no entries has no value")
        _nest(w, outer)
        entry = w.at(stage.sources[0], at)
        total = _fold(w, entry, w.number(start), inner, lambda t, v: _larger(w, sign, t, v))
        w.put(stage.target, to, Term(total))
        w.close(len(outer))

    return write_extreme


def _larger(w: Writer, sign: str, total: Term, entry: Term) -> Term:
    """The entry where it lies beyond, or is nan: what is nan stays so."""
    beyond = w.infixed(w.infixed(entry, sign, total), "or", w.infixed(entry, "!=", entry))
    found: Term = w.pick(beyond, entry, total)
    return found


def _product(w: Writer, stage: Routine) -> None:
    at, to, outer, inner = _over(w, stage)
    _nest(w, outer)
    total = _fold(w, w.at(stage.sources[0], at), w.number(1.0), inner, lambda t, v: w.infixed(t, "*", v))
    w.put(stage.target, to, Term(total))
    w.close(len(outer))


def _finite_or(w: Writer, top: str, other: float) -> str:
    """The number itself where it is finite."""
    name = w.fresh()
    finite = w.infixed(w.infixed(Term(top), "-", Term(top)), "==", w.number(0.0))
    w.line(w.assignment(name, w.pick(finite, Term(top), w.number(other)).text, False))
    return str(name)


def _logsumexp(w: Writer, stage: Routine) -> None:
    at, to, outer, inner = _over(w, stage)
    _nest(w, outer)
    entry = w.at(stage.sources[0], at)
    top = _fold(w, entry, w.number(-math.inf), inner, lambda t, v: _larger(w, ">", t, v))
    shift = Term(_finite_or(w, top, 0.0))
    total = _fold(
        w, entry, w.number(0.0), inner, lambda t, v: w.infixed(t, "+", w.call("exp", w.infixed(v, "-", shift)))
    )
    w.put(stage.target, to, w.infixed(w.call("log", Term(total)), "+", shift))
    w.close(len(outer))


def _norm(w: Writer, stage: Routine) -> None:
    at, to, outer, inner = _over(w, stage)
    _nest(w, outer)
    entry = w.at(stage.sources[0], at)
    top = _fold(w, w.call("fabs", entry), w.number(0.0), inner, lambda t, v: _larger(w, ">", t, v))
    bounded = Term(_finite_or(w, top, 1.0))
    name = w.fresh()
    w.line(w.assignment(name, w.pick(w.infixed(bounded, ">", w.number(0.0)), bounded, w.number(1.0)).text, False))
    total = w.fresh()
    w.line(w.variable(total, w.number(0.0).text))
    _nest(w, inner)
    part = w.fresh()
    w.line(w.assignment(part, w.infixed(entry, "/", Term(name)).text, False))
    w.line(w.added(total, w.infixed(Term(part), "*", Term(part))))
    w.close(len(inner))
    w.put(stage.target, to, w.infixed(Term(name), "*", w.call("sqrt", Term(total))))
    w.close(len(outer))


def _cumsum(w: Writer, stage: Routine) -> None:
    (source,) = stage.sources
    names = list(w.variables(len(source.shape)))
    axis = stage.parameters[0] % len(source.shape)
    loops = list(zip(names, source.shape, strict=True))
    _nest(w, [loop for k, loop in enumerate(loops) if k != axis])
    total = w.fresh()
    w.line(w.variable(total, w.number(0.0).text))
    w.loop(*loops[axis])
    w.line(w.added(total, w.at(source, names)))
    w.put(stage.target, names, Term(total))
    w.close(len(loops))


def _convolve(w: Writer, stage: Routine) -> None:
    a, b = stage.sources
    n, m = a.shape[0], b.shape[0]
    if stage.parameters == "valid" and n < m:
        raise Unsupported(f"a valid convolution is of a vector within a longer one, not of {m} within {n} entries")
    i, j = w.variables(2)
    start = 0 if stage.parameters == "full" else (m - 1) // 2 if stage.parameters == "same" else m - 1
    _fill(w, stage.target, 0.0)
    if stage.parameters == "full":
        target = w.at(stage.target, [w.sum_of(i, j)]).text
        w.loop(i, n)
        w.loop(j, m)
        w.line(w.added(target, w.infixed(w.at(a, [i]), "*", w.at(b, [j]))))
        w.close(2)
        return
    if stage.parameters != "valid":
        raise Unsupported(f"convolutions of mode {stage.parameters!r} have no code")
    w.loop(i, n - m + 1)
    w.loop(j, m)
    target = w.at(stage.target, [i]).text
    w.line(w.added(target, w.infixed(w.at(a, [w.sum_of(i, j)]), "*", w.at(b, [w.back_from(start, j)]))))
    w.close(2)


def _fill(w: Writer, view: View, value: float) -> None:
    names = w.variables(len(view.shape))
    w.nest(names, view.shape)
    w.put(view, names, w.number(value))
    w.close(len(names))


def _copied(w: Writer, target: View, source: Value) -> None:
    names = w.variables(len(target.shape))
    w.nest(names, target.shape)
    w.put(target, names, w.at(source, names if isinstance(source, View) else ()))
    w.close(len(names))


# -- linear algebra -----------------------------------------------------------------------------


def _as_matrix(view: View) -> View:
    """A vector as a matrix of one column."""
    return view if len(view.shape) == 2 else view._replace(axes=(*view.axes, 0), shape=(*view.shape, 1))


def _eliminate(w: Writer, m: View, right: View | None, sign: str, singular: str) -> None:
    """Bring a matrix into an upper triangle, in place, and a right side along with it."""
    n = m.shape[0]
    k, i, j = w.variables(3)
    pivot = w.fresh("pivot")
    swapped = w.fresh()
    w.loop(k, n)
    w.line(w.counter(pivot, k))
    w.between(i, f"{k} + 1", n)
    larger = w.infixed(w.call("fabs", w.at(m, [i, k])), ">", w.call("fabs", w.at(m, [pivot, k])))
    w.under(larger)
    w.line(w.set_line(pivot, i))
    w.close(2)
    w.under(w.infixed(Term(pivot), "!=", Term(k)))
    for view in [m, *([right] if right is not None else [])]:
        w.loop(j, view.shape[1])
        w.line(w.assignment(swapped, w.at(view, [k, j]).text, False))
        w.put(view, [k, j], w.at(view, [pivot, j]))
        w.put(view, [pivot, j], Term(swapped))
        w.close()
    w.line(w.set_line(sign, w.minus(Term(sign)).text))
    w.close()
    w.under(w.infixed(w.at(m, [k, k]), "==", w.number(0.0)))
    w.line(w.set_line(singular, w.number(1.0).text))
    w.close()
    factor = w.fresh()
    w.between(i, f"{k} + 1", n)
    w.line(w.assignment(factor, w.infixed(w.at(m, [i, k]), "/", w.at(m, [k, k])).text, False))
    w.between(j, f"{k} + 1", n)
    _subtract(w, m, [i, j], Term(factor), w.at(m, [k, j]))
    w.close()
    if right is not None:
        w.loop(j, right.shape[1])
        _subtract(w, right, [i, j], Term(factor), w.at(right, [k, j]))
        w.close()
    w.close(2)


def _subtract(w: Writer, view: View, at: Sequence[str], a: Term, b: Term) -> None:
    """Take a product away from an entry."""
    w.put(view, at, w.infixed(w.at(view, at), "-", w.infixed(a, "*", b)))


def _started(w: Writer) -> tuple[str, str]:
    """The sign of the permutation, and whether the matrix is singular."""
    sign, singular = w.fresh("sign"), w.fresh("singular")
    w.line(w.variable(sign, w.number(1.0).text))
    w.line(w.variable(singular, w.number(0.0).text))
    return sign, singular


def _solve(w: Writer, stage: Routine) -> None:
    (m,) = stage.scratch
    x = _as_matrix(stage.target)
    _copied(w, m, stage.sources[0])
    if stage.name == "inv":
        i, j = w.variables(2)
        _nest(w, [(i, m.shape[0]), (j, m.shape[0])])
        same = w.infixed(Term(i), "==", Term(j))
        w.put(x, [i, j], w.pick(same, w.number(1.0), w.number(0.0)))
        w.close(2)
    else:
        _copied(w, stage.target, stage.sources[1])
    sign, singular = _started(w)
    _eliminate(w, m, x, sign, singular)
    k, i, j = w.variables(3)
    w.between(k, m.shape[0], 0, down=True)
    w.loop(j, x.shape[1])
    w.between(i, f"{k} + 1", m.shape[0])
    _subtract(w, x, [k, j], w.at(m, [k, i]), w.at(x, [i, j]))
    w.close()
    w.put(x, [k, j], w.infixed(w.at(x, [k, j]), "/", w.at(m, [k, k])))
    w.close(2)
    w.under(w.infixed(Term(singular), "!=", w.number(0.0)))
    _fill(w, stage.target, math.nan)
    w.close()


def _determinant(w: Writer, stage: Routine) -> None:
    """The determinant, its sign, its logarithm, by the pivots."""
    (m,) = stage.scratch
    _copied(w, m, stage.sources[0])
    sign, singular = _started(w)
    _eliminate(w, m, None, sign, singular)
    (k,) = w.variables(1)
    total = w.fresh()
    by_log = stage.name in ("logdet", "log_abs_det")
    zero, one = w.number(0.0), w.number(1.0)
    if stage.name != "det_sign":
        w.line(w.variable(total, (zero if by_log else one).text))
    w.loop(k, m.shape[0])
    entry = w.at(m, [k, k])
    if by_log:
        w.line(w.added(total, w.call("log", w.call("fabs", entry))))
    elif stage.name == "det":
        w.line(w.set_line(total, w.infixed(Term(total), "*", entry).text))
    if stage.name in ("logdet", "det_sign"):
        w.under(w.infixed(entry, "<", zero))
        w.line(w.set_line(sign, w.minus(Term(sign)).text))
        w.close()
    w.close()
    is_singular = w.infixed(Term(singular), "!=", zero)
    if stage.name == "det":
        value = w.pick(is_singular, zero, w.infixed(Term(sign), "*", Term(total)))
    elif stage.name == "det_sign":
        value = w.pick(is_singular, zero, Term(sign))
    else:
        negative = w.infixed(Term(sign), "<", zero)
        value = w.pick(negative, w.number(math.nan), Term(total)) if stage.name == "logdet" else Term(total)
        value = w.pick(is_singular, w.number(-math.inf), value)
    w.put(stage.target, [], value)


def _cholesky(w: Writer, stage: Routine) -> None:
    (a,), x = stage.sources, stage.target
    n = x.shape[0]
    i, j, k = w.variables(3)
    bad, rest = w.fresh("bad"), w.fresh()
    w.line(w.variable(bad, w.number(0.0).text))
    _fill(w, x, 0.0)
    w.loop(i, n)
    w.between(j, 0, f"{i} + 1")
    both = w.infixed(w.infixed(w.at(a, [i, j]), "+", w.at(a, [j, i])), "/", w.number(2.0))
    w.line(w.variable(rest, both.text))
    w.between(k, 0, j)
    w.line(w.set_line(rest, w.infixed(Term(rest), "-", w.infixed(w.at(x, [i, k]), "*", w.at(x, [j, k]))).text))
    w.close()
    diagonal = w.infixed(Term(i), "==", Term(j))
    positive = w.infixed(Term(rest), ">", w.number(0.0))
    w.under(diagonal)
    w.line(w.set_line(bad, w.pick(positive, Term(bad), w.number(1.0)).text))
    w.put(x, [i, j], w.call("sqrt", Term(rest)))
    w.close()
    w.under(w.infixed(Term(i), "!=", Term(j)))
    w.put(x, [i, j], w.infixed(Term(rest), "/", w.at(x, [j, j])))
    w.close(3)
    w.under(w.infixed(Term(bad), "!=", w.number(0.0)))
    _fill(w, x, math.nan)
    w.close()


def _solve_triangular(w: Writer, stage: Routine) -> None:
    lower, unit = stage.parameters
    t, b = stage.sources
    x = _as_matrix(stage.target)
    n = t.shape[0]
    _copied(w, stage.target, b)
    k, i, j = w.variables(3)
    w.between(k, *((0, n) if lower else (n, 0)), down=not lower)
    w.loop(j, x.shape[1])
    w.between(i, *((0, k) if lower else (f"{k} + 1", n)))
    _subtract(w, x, [k, j], w.at(t, [k, i]), w.at(x, [i, j]))
    w.close()
    if not unit:
        w.put(x, [k, j], w.infixed(w.at(x, [k, j]), "/", w.at(t, [k, k])))
    w.close(2)


_OF_MATRICES = {"inv", "solve", "det", "logdet", "det_sign", "log_abs_det", "cholesky", "solve_triangular"}
_ROUTINES: dict[str, Callable[[Writer, Routine], None]] = {
    "amax": _extreme(">", -math.inf), "amin": _extreme("<", math.inf), "prod": _product, "logsumexp": _logsumexp,
    "array_norm": _norm, "cumsum": _cumsum, "convolve": _convolve, "inv": _solve, "solve": _solve, "det": _determinant,
    "logdet": _determinant, "det_sign": _determinant, "log_abs_det": _determinant, "cholesky": _cholesky,
    "solve_triangular": _solve_triangular,
}  # fmt: skip
