"""Which expressions depend on a complex constant: there variables alone are real.

What was found is kept by node, so that all entries of an array take one pass over what they share.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from symdiff.errors import SymdiffTypeError
from symdiff.graph import CONST, VAR, Graph

_FOUND: WeakKeyDictionary[Graph, dict[int, bool]] = WeakKeyDictionary()


def is_complex(value: Any) -> bool:
    """Whether a constant is of a complex kind, Python's or mpmath's, or an array of such."""
    if isinstance(value, np.ndarray):
        return bool(value.dtype.kind == "c")
    return type(value) is complex or hasattr(value, "_mpc_")


def holds_complex(graph: Graph, root: int) -> bool:
    """Whether a node is made of a complex constant."""
    found = _FOUND.setdefault(graph, {})
    stack = [root]
    while stack:
        i = stack[-1]
        node = graph.nodes[i]
        if i in found:
            stack.pop()
        elif node[0] <= VAR:
            found[i] = node[0] == CONST and is_complex(graph.leaves[i])
        else:
            missing = [j for j in node[1:] if j not in found]
            stack.extend(missing)
            if not missing:
                found[i] = any(found[j] for j in node[1:])
    return found[root]


def check_real(graph: Graph, root: int, what: str) -> None:
    """Refuse what conjugates take part in, of a node that is made of a complex constant."""
    if holds_complex(graph, root):
        raise SymdiffTypeError(
            f"an expression that holds a complex constant has no {what}: variables are real, but it is not; "
            "write real and imaginary part as two expressions, or evaluate it and take that of the value"
        )
