"""What a picture shows besides the graph: values and adjoints on nodes, what goes back along edges."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

Edge = tuple[int, int]  # edge: user and position of the operand


class Passes(NamedTuple):
    """By node and by edge what is known; `missing` names the variables without a value."""

    values: Mapping[int, Any]
    adjoints: Mapping[int, Any]
    partials: Mapping[Edge, Any]  # local partials; of arrays what an operand gets of its user's adjoint
    edges: Collection[Edge]  # edges that adjoints pass
    missing: Sequence[str]
    told: str = "local partial derivatives"  # what partials are
    names: Mapping[int, str] = {}  # names of nodes that formulas are of, where these are written by steps
    tangents: Mapping[int, Any] = {}
    along: str = ""  # what tangents are derivatives by, in words
    weighed: bool = False  # whether partials are weighed by the adjoint of the user


NOTHING = Passes({}, {}, {}, (), ())
