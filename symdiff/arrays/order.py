"""The order of factors, the same in every graph and process: numbers, variables by name, what is made of them."""

from __future__ import annotations

from hashlib import blake2b
from weakref import WeakKeyDictionary

from symdiff.graph import CONST, STATIC, VAR, Graph
from symdiff.records import record

_LONG = 4096  # bits of an int

_RANKS: WeakKeyDictionary[Graph, dict[int, str]] = WeakKeyDictionary()


def rank(graph: Graph, root: int) -> str:
    """What nodes are ordered by: equal for equal expressions, and it says what they are, not when they were made."""
    ranks = _RANKS.get(graph)
    if ranks is None:
        ranks = _RANKS[graph] = {}
    stack = [root]
    while stack:
        i = stack[-1]
        if i in ranks:
            stack.pop()
            continue
        node = graph.nodes[i]
        missing = [j for j in node[1:] if j not in ranks] if node[0] > VAR else []
        if missing:
            stack += missing
            continue
        ranks[i] = _leaf(node) if node[0] <= VAR else _inner(record(node[0]).name, [ranks[j] for j in node[1:]])
    return ranks[root]


def _leaf(node: tuple[object, ...]) -> str:
    key = tuple([_spelled(part) for part in node[1:]])
    return {CONST: "0", VAR: "1", STATIC: "3"}[node[0]] + repr(key)  # type: ignore[index]


def _spelled(part: object) -> object:
    """A part of a key; ints of thousands of digits, which Python does not spell, by their digits to the base 16."""
    return hex(part) if type(part) is int and part.bit_length() > _LONG else part


def _inner(name: str, parts: list[str]) -> str:
    return f"2{name} {blake2b(' '.join(parts).encode(), digest_size=12).hexdigest()}"
