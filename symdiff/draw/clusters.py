"""Frames around what belongs together: to one result, or to what the user names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symdiff.draw.diagram import Diagram, Drawn
from symdiff.draw.view import index_in, operands
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR
from symdiff.handle import as_handle
from symdiff.nesting import flatten


class Clusters:
    """The name of the frame of each node; what is in none has the name ""."""

    def __init__(self, names: Mapping[int, str], labels: Mapping[str, str] | None = None) -> None:
        self._names, self._labels = names, labels or {}
        self.any = bool(names)
        self._numbers = {name: k for k, name in enumerate(dict.fromkeys(names.values()))}

    def of(self, i: int) -> str:
        """The frame of a node."""
        return self._names.get(i, "")

    def of_all(self, members: Iterable[int]) -> str:
        """The frame that all of some nodes are in."""
        names = {self.of(i) for i in members}
        return names.pop() if len(names) == 1 else ""

    def label(self, name: str) -> str:
        """What is written on a frame: several calls of one function have the same."""
        return self._labels.get(name, name)

    def number(self, name: str) -> int:
        """A number for a frame."""
        return self._numbers[name]


def clusters(graph: Drawn, cone: Sequence[int], outputs: Mapping[int, str], wanted: Any) -> Clusters:
    """The frames that `to_graphviz(clusters=…)` asks for: None for those of calls, "outputs", or a mapping.

    Raises
    ------
    SymdiffValueError, SymdiffTypeError
        For anything else.
    """
    if wanted is None:
        return _calls(graph, cone)
    if isinstance(wanted, str):
        if wanted not in ("outputs", "output"):
            raise SymdiffValueError(f'clusters is "outputs" or a mapping from labels to expressions, not {wanted!r}')
        return Clusters(_exclusive(graph, {name or "output": [i] for i, name in outputs.items()}))
    if not isinstance(wanted, Mapping):
        raise SymdiffTypeError(f'clusters is "outputs" or a mapping from labels to expressions, not {wanted!r}')
    heads = {}
    for label, exprs in wanted.items():
        here = [index_in(graph, as_handle(e)) for e in flatten(exprs)]
        heads[str(label)] = [i for i in here if i is not None]
    return Clusters(_claimed(graph, cone, heads))


def _calls(graph: Drawn, cone: Sequence[int]) -> Clusters:
    """A frame for each call of a function that has a name: what is between its arguments and results."""
    whole = graph.graph if isinstance(graph, Diagram) else graph
    drawn = set(cone)
    found: dict[int, str] = {}
    labels: dict[str, str] = {}
    for k, (results, frame) in enumerate(whole.calls.items()):
        key = f"{frame.name} {k}"
        seen = set(frame.inputs)
        stack = [i for i in results if i in drawn]
        while stack:
            i = stack.pop()
            if i in seen or whole.nodes[i][0] <= VAR:
                continue
            seen.add(i)
            if i in drawn:
                found.setdefault(i, key)
                labels[key] = frame.name
            stack += whole.nodes[i][1:]
    return Clusters(found, labels)


def _exclusive(graph: Drawn, heads: Mapping[str, Sequence[int]]) -> dict[int, str]:
    """Of each label what only it is made of."""
    shared = ""
    found: dict[int, str] = {}
    for label, roots in heads.items():
        for i in graph.cone(roots):
            found[i] = shared if i in found else label
    return {i: label for i, label in found.items() if label != shared}


def _claimed(graph: Drawn, drawn: Sequence[int], heads: Mapping[str, Sequence[int]]) -> dict[int, str]:
    """Of each label what it is made of; leaves where nothing else uses them.

    A label inside another's cone comes before it, then the smaller one.
    """
    cones = {label: graph.cone(roots) for label, roots in heads.items()}
    label_of = {i: label for label, roots in heads.items() for i in roots}
    within = {label: sum([label_of.get(i, label) != label for i in cone]) for label, cone in cones.items()}
    found: dict[int, str] = {}
    for label in sorted(cones, key=lambda label: (within[label], len(cones[label]))):
        for i in cones[label]:
            if graph.nodes[i][0] > VAR:
                found.setdefault(i, label)
    users: dict[int, set[str]] = {}
    for i in drawn:
        for j in operands(graph, i):
            if graph.nodes[j][0] <= VAR:
                users.setdefault(j, set()).add(found.get(i, ""))
    for j, labels in users.items():
        if len(labels) == 1 and "" not in labels:
            found[j] = labels.pop()
    return found
