"""The chain rule written out for one variable, of numbers or of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.algebra.notation.text import short
from symdiff.draw.explanation import Explanation
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import Graph
from symdiff.handle import Handle, as_handle, gather, handle, is_variable, variable_held


def explain(f: Any, x: Any, at: Mapping[Any, Any] | None = None, *, most: int = 10) -> Explanation:
    """The chain rule for one variable: every path from it to the result with its product of partials.

    Parameters
    ----------
    f : expression
    x : variable or name
    at : mapping, optional
        A point, as for `evaluate`: partials and products have values too.
    most : int
        Where there are more paths, so many of the heaviest are kept, by the
        size of their product at the point, the shortest without a point; `count` is that of all.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no expression, no variable, no number of paths.
    MissingValueError
        For a point without some of the variables.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> print(sd.explain(sd.sin(x)*x*y, x, at={x: 0.0, y: 4.0}))
    f = sin(x)*x*y
    ∂f/∂x = y*(x*cos(x) + sin(x)) = 0.0 at the point
    the sum over 2 paths:
      1. x → sin(x) → sin(x)*x → sin(x)*x*y
         y · x · cos(x) = 4.0 · 0.0 · 1.0 = 0.0
      2. x → sin(x)*x → sin(x)*x*y
         y · sin(x) = 4.0 · 0.0 = 0.0
    """
    f = as_handle(f)
    if isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 1:
        raise SymdiffValueError(f"most is a number of paths from 1, not {most!r}")
    graph, (root,) = gather([f])
    if graph.infer is not None and graph.has_arrays([root]):
        from symdiff.draw.array_explanation import ArrayExplanation  # import late: graphs of scalars do without

        return ArrayExplanation(f, _variable(graph, root, x), graph, root, at, int(most))
    return Explanation(f, _variable(graph, root, x), graph, root, at, int(most))


def _variable(graph: Graph, root: int, x: Any) -> Handle:
    if is_variable(x):
        return x
    if isinstance(x, str):
        index = variable_held(graph, root, x)
        if index is None:
            raise SymdiffValueError(f"there is no variable named {x!r} in the graph of the expression")
        return handle(graph, index)
    what = short(x) if isinstance(x, Handle) else repr(x)
    raise SymdiffTypeError(f"paths start from a variable, not {what}; replace it by a variable first")
