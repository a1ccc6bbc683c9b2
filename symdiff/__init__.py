"""symdiff: derivatives of expression graphs that can be looked at, trusted and run fast."""

from symdiff.expr import Const, Expr, Var, e, pi, variables
from symdiff.graph import Graph
from symdiff.ops import *  # noqa: F403
