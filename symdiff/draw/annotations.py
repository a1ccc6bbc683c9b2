"""What a picture shows besides the graph: values and adjoints on nodes, what goes back along edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Edge = tuple[int, int]  # edge: user and position of the operand


class Passes(NamedTuple):
    """By node and by edge what is known; `missing` names the variables without a value."""

    values: Mapping[int, Any]
    adjoints: Mapping[int, Any]
    partials: Mapping[Edge, Any]  # local partials; of arrays what an operand gets of its user's adjoint
    edges: Sequence[Edge]  # edges that adjoints pass
    missing: Sequence[str]
    told: str = "local partial derivatives"  # what partials are


NOTHING = Passes({}, {}, {}, (), ())
