"""Which entries of derivatives are not zero for structural reasons, without the derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.algebra.array_expansion import written_out
from symdiff.algebra.notation.text import short
from symdiff.algebra.scalars_only import holds_arrays
from symdiff.derive.jacobian import all_variables, expressions, positions
from symdiff.errors import SymdiffTypeError
from symdiff.handle import Handle, as_handle, gather
from symdiff.modes.hessian_pattern import interacting
from symdiff.modes.jacobian_pattern import reached
from symdiff.modes.linearised_graph import linearised
from symdiff.neighbours import takes_sympy
from symdiff.wrt import asked, of_floats, shaped

if TYPE_CHECKING:
    import scipy.sparse

Pairs = Iterable[tuple[int, int]]


@takes_sympy
def jacobian_sparsity(fs: Any, wrt: Any = None) -> scipy.sparse.csr_array:
    """The structure of `jacobian(fs, wrt)`: a sparse array of bools, `fs.size` by `wrt.size`, arrays by their entries.

    What a branch of `where`, a step or a condition cuts off is no entry. An
    entry may still turn out to be zero where terms cancel.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `jacobian`.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> sd.jacobian_sparsity([x*y, sd.sin(y)], [x, y]).toarray()
    array([[ True,  True],
           [False,  True]])
    """
    functions, _ = shaped(fs)
    graph, outputs = expressions(functions)
    if any(map(holds_arrays, [*functions, *_given(wrt)])):
        items, _ = shaped(all_variables(graph, outputs) if wrt is None else wrt)
        functions, wrt = written_out(functions), written_out([*_variables(functions, items)])
        graph, outputs = expressions(functions)
    nodes, _ = asked(graph, all_variables(graph, outputs) if wrt is None else wrt)
    linear = linearised(graph, outputs, [i for i in nodes if i >= 0], None)
    return _pattern(reached(linear), outputs, nodes)


@takes_sympy
def hessian_sparsity(f: Any, wrt: Any = None) -> scipy.sparse.csr_array:
    """The structure of `f.hessian(wrt)`: a symmetric sparse array of bools.

    >>> import symdiff as sd
    >>> x, y, z = sd.variables("x y z")
    >>> sd.hessian_sparsity(x**2 + y*z, [x, y, z]).toarray()
    array([[ True, False, False],
           [False, False,  True],
           [False,  True, False]])
    """
    f = as_handle(f)
    if f._holds_array():
        raise SymdiffTypeError(f"a Hessian is of a scalar, and {short(f)} is an array: weigh and sum it")
    if any(map(holds_arrays, [f, *_given(wrt)])):
        items, _ = shaped(of_floats(f.variables) if wrt is None else wrt)
        (f,), wrt = written_out([f]), written_out(_variables([f], items))
    graph, (root,) = gather([f])
    nodes, _ = asked(graph, of_floats(f.variables) if wrt is None else wrt)
    return _pattern(interacting(graph, root, [i for i in nodes if i >= 0]), nodes, nodes)


def _given(wrt: Any) -> list[Any]:
    return [] if wrt is None else shaped(wrt)[0]


def _variables(functions: Sequence[Any], items: Sequence[Any]) -> list[Any]:
    """Variables that are given by name as variables: arrays are written out."""
    held = {v._cell.name: v for f in functions if isinstance(f, Handle) for v in f.variables}
    return [held.get(item, item) if isinstance(item, str) else item for item in items]


def _pattern(found: Pairs, outputs: Sequence[int], wrt: Sequence[int]) -> scipy.sparse.csr_array:
    from scipy.sparse import csr_array

    rows, cols = positions(outputs), positions(wrt)
    places = [(r, c) for i, j in found for r in rows[i] for c in cols[j]]
    where = np.array(sorted(places), dtype=np.intp).reshape(-1, 2).T
    return csr_array((np.ones(len(places), dtype=bool), (where[0], where[1])), shape=(len(outputs), len(wrt)))
