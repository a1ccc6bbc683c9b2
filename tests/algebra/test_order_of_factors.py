"""The order of factors is that of what they are made of, however soon it is decided."""

import itertools
import random

import symdiff as sd
from symdiff.algebra.symbolic import Symbolic
from symdiff.graph import VAR


def test_comparing_operand_by_operand_is_comparing_what_is_made():
    rng = random.Random(3)
    with sd.Graph() as graph:
        pool = [*sd.variables("x1 x2 y10"), sd.Const(1.5), sd.pi]
        for _ in range(60):
            a, b = rng.choice(pool), rng.choice(pool)
            pool.append(rng.choice([a + b, a * b, a / (b + 2), sd.sin(a), sd.where(a > b, a, b), sd.maximum(a, b)]))
        algebra = Symbolic(graph)
        kinds = [i for i, node in enumerate(graph.nodes) if node[0] > VAR]
        alike = [(a, b) for a, b in itertools.permutations(kinds, 2) if graph.nodes[a][0] == graph.nodes[b][0]]
        assert len(alike) > 100
        for a, b in alike:
            slow = (algebra._made_of(a), a) < (algebra._made_of(b), b)
            assert algebra._made_before(a, b) is slow
