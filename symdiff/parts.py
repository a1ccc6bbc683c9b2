"""Names of parts of expressions: notes on nodes, which whatever is written of these shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import CONST, VAR, Graph
from symdiff.handle import Handle
from symdiff.names import element, names_part
from symdiff.shapes import names_of_sizes

Named = TypeVar("Named", bound=Handle)
_PLAIN = 40  # size limit of a tree that is never split into parts, in nodes
_PARTS = 3  # growth limit of a tree that is never split, in sizes of its graph
_TINY = 3  # size limit of parts without a name, in nodes
_CAP = 1 << 60


def named(name: str, expr: Named) -> Named:
    """Give a part of expressions a name, which text, LaTeX, pictures and generated code show.

    The name is a note on the node: it changes no `==`, hash, derivative or count, is pickled with the
    expression and read back from its text. It is shown wherever the node is part of something, in derivatives too;
    the last name given to a node counts, and of two nodes of one name in an expression the one named last shows it.

    Parameters
    ----------
    name : str
        An identifier, not that of a variable of the expression or of a size.
    expr : expression
        A scalar or an array expression, neither a variable nor a constant.

    Returns
    -------
    expression
        The same one.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For what is no name or no such expression, and for a name that a variable in it has.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> z = sd.named("z", x + y)
    >>> z**2
    z = x + y; z**2
    >>> (z**2).gradient(x)
    z = x + y; 2*z
    >>> sd.parse("z = x + y; z**2") == z**2
    True
    """
    if not isinstance(name, str):
        raise SymdiffTypeError(f"the name of a part is a string, not {name!r}: write sd.named('z', expr)")
    if not isinstance(expr, Handle):
        kind = type(expr).__name__
        raise SymdiffTypeError(f"sd.named names an expression, not {expr!r:.60}, a {kind}: name expressions one by one")
    graph, i = expr._graph, expr._index
    if graph.nodes[i][0] in (CONST, VAR):
        what = "a constant" if graph.nodes[i][0] == CONST else "a variable, which has a name"
        raise SymdiffValueError(f"{name!r} can't name {expr!r:.60}, {what}: names are for what is computed")
    if not names_part(name):
        raise SymdiffValueError(
            f"{name!r} can't name a part: use letters, digits and underscores, not starting with a digit, "
            "and neither a Python keyword nor a constant such as pi"
        )
    for variable in expr.variables:
        cell = variable._cell
        at = element(cell.name)
        if name in (cell.name if at is None else at[0], *names_of_sizes(cell.shape)):
            what = "a size" if name in names_of_sizes(cell.shape) else "the variable"
            raise SymdiffValueError(f"{name!r} can't name a part of what has {what} {name} in it: take another name")
    graph.note(i, name)
    return expr


def shared_parts(graph: Graph, roots: Sequence[int], cone: Sequence[int]) -> list[int]:
    """The nodes that are written once: those with a name, and where the tree is much larger than the graph others."""
    nodes = graph.nodes
    named = graph.notes_in(cone)
    total = 0
    sizes: dict[int, int] = {}
    uses = dict.fromkeys(cone, 0)
    for i in cone:
        size = 1
        if nodes[i][0] > VAR:
            for j in nodes[i][1:]:
                size += sizes[j]
                uses[j] += 1
        sizes[i] = size if size < _CAP else _CAP
        if i in named:
            total += sizes[i]
            sizes[i] = 1
    if total + sum([sizes[i] for i in roots]) <= max(_PLAIN, _PARTS * len(cone)):
        return list(named)
    for i in roots if len(roots) > 1 else ():  # count each of several roots as a use: others may be made of it
        uses[i] += 1
    return [i for i in cone if i in named or (uses[i] > 1 and sizes[i] > _TINY)]
