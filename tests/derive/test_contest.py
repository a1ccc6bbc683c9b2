"""A contest takes the cheapest way, and no more than its budget."""

from math import inf

import symdiff as sd
from symdiff.derive.contest import Aside, Budget, contest


def way(*texts, seen=None):
    """A way that makes formulas, whatever they are asked for."""

    def make(aside, limit):
        if seen is not None:
            seen.append((aside, limit))
        with sd.Graph():
            parsed = [sd.parse(text) for text in texts]
            return {k: aside.graph.adopt(p.graph, [p._index])[0] for k, p in enumerate(parsed)}

    return make


def outcome(ways, budget=Budget(), aside=None):  # noqa: B008  # a tuple
    f = sd.parse("x*y")
    return f.graph, contest(ways, f.graph, [f._index], [], budget, aside)


def test_the_cheapest_way_is_adopted():
    graph, found = outcome({"long": way("x + y + 1"), "short": way("x + y"), "longer": way("x + y + 1 + x**2")})
    assert found.operations == {"long": 3, "short": 2, "longer": 5}
    assert found.best.way == "short"
    assert found.best.alone() == 1
    before = len(graph)
    (node,) = found.best.adopted(graph).values()
    assert node == before
    assert len(graph) == before + 1  # no way has written into the graph that was asked


def test_the_earlier_of_two_ways_that_cost_the_same():
    assert outcome({"a": way("x + y"), "b": way("x - y")})[1].best.way == "a"
    later = Budget(cost=lambda trial: (trial.operations, trial.way != "b"))
    assert outcome({"a": way("x + y"), "b": way("x - y")}, later)[1].best.way == "b"


def test_a_way_is_told_what_the_best_so_far_allows():
    seen = []
    budget = Budget(limit=lambda least: 2 * least)
    ways = {"a": way("x + y + 1", seen=seen), "b": way("x + y", seen=seen), "c": way("x + y + 2", seen=seen)}
    outcome(ways, budget)
    assert [limit for _, limit in seen] == [inf, 6, 4]
    assert len({id(aside.graph) for aside, _ in seen}) == 3


def test_a_way_that_gives_up_is_out():
    found = outcome({"a": lambda aside, limit: None, "b": way("x + y")})[1]
    assert found.operations == {"b": 2}


def test_ways_may_share_a_copy():
    f = sd.parse("x*y")
    aside = Aside.copy(f.graph, [f._index], [])
    seen = []
    found = contest({"a": way("x + y", seen=seen), "b": way("x")}, f.graph, [f._index], [], Budget(), aside)
    assert seen[0][0] is aside
    assert found.best.graph is aside.graph
    assert found.best.way == "b"


def test_a_first_way_may_be_enough():
    seen = []
    budget = Budget(enough=lambda trial: trial.operations == 2)
    found = outcome({"a": way("x + y"), "b": way("x", seen=seen)}, budget)[1]
    assert (found.best.way, seen) == ("a", [])
    found = outcome({"a": way("x + y + 1"), "b": way("x + y"), "c": way("x")}, budget)[1]
    assert (found.best.way, len(found.operations)) == ("c", 3)  # of later ways it is not asked


def test_the_cost_of_what_is_dearer_anyway_is_not_measured():
    measured = []
    budget = Budget(
        cost=lambda trial: measured.append(trial.way) or trial.operations, least=lambda trial: trial.operations
    )
    found = outcome({"a": way("x + y"), "b": way("x + y + 1"), "c": way("x - y")}, budget)[1]
    assert found.best.way == "a"
    assert measured == ["a", "c"]
