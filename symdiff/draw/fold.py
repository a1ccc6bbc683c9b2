"""Large graphs in few boxes: by dominators, with repeated structure told once.

What is in a box is convex: no way leads out of it and back. Where arrows between boxes would go both ways, these are
in boxes by level. Folding has to make a picture simpler, measured by the nodes, boxes and edges
that are drawn.

From the results down, the largest box is opened until there are enough of
them. Opening shows a node and what it dominates as boxes; among these, subgraphs
of one structure and the same users become one. Long sums, products and
chains of one operation are one node from the start.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from symdiff import ops
from symdiff.draw.diagram import Diagram, Drawn, kind, title
from symdiff.draw.dominators import TOP, Dominators
from symdiff.draw.view import Box, View, contents, counted, fold_box, levels, operands, repeat_box
from symdiff.graph import CONST, VAR
from symdiff.records import record

BOXES = 60  # target count of boxes drawn, about
_CHAIN = 6  # chain length from which operations in a row are one node
_ALIKE = 4  # count from which subgraphs of one structure are one box
_PERIOD = 40  # length limit of a loop's body along the way to the result, in operations
_BODY = 200  # size limit of a loop's body between two nodes on that way, in operations
_LAPS = 4  # lap count from which a loop is one box
_ROOM = 8  # room for opening a box whose contents do not all fit, in free places
_HUB = 20  # use count of a hub
_SUM = (ops.add.opcode, ops.sub.opcode)

_SIMPLER = 0.5  # limit of what a folded picture draws, as a part of what the whole one would
_PIECES = 8  # count of boxes, about, of what has no structure
_WHOLE = 600  # size limit of a picture that is drawn whole, as folding makes it no simpler, in nodes

Group = tuple[int, ...]  # heads of subgraphs drawn as one; mostly one


def folded(graph: Drawn, roots: Sequence[int], cone: Sequence[int], boxes: int = BOXES) -> View:
    """A view of about `boxes` nodes and boxes of the whole cone, however large."""
    return _Folding(graph, roots, cone, boxes).view()


class _Folding:
    def __init__(self, graph: Drawn, roots: Sequence[int], cone: Sequence[int], boxes: int) -> None:
        self.graph, self.cone, self.boxes = graph, cone, boxes
        self.roots = set(roots)
        self.tree = Dominators(graph, cone, roots)
        self.users = _users(graph, cone)
        self.shape = _shapes(graph, cone)
        self.chain = _chains(graph, cone, self.users, self.roots)
        self.laps: dict[int, int] = {}  # lap counts of loops, by the node that ends them
        self.known: set[int] = set()  # nodes where no search for a loop starts
        self.opened: list[int] = []
        self.rest: list[list[int]] = []  # heads without a place, of each box opened in spite of that
        self.closed: list[Group] = []

    def view(self) -> View:
        """Open boxes, the largest first, as long as there is room."""
        heap: list[tuple[int, int]] = []
        count = self._take(self._groups(TOP, self.tree.children[TOP]), heap, self.boxes)
        while heap:
            heads = self._largest(heap)
            room = self.boxes - count
            inside = []
            for head in heads:
                self._find_loop(head)
                inside.append(self._groups(head, self._inside(head)))
            crowded = sum(map(len, inside)) > room
            if crowded and (len(heads) > 1 or room < _ROOM or self.tree.size(heads[0]) <= room):
                self.closed += [(head,) for head in heads]
                continue
            self.opened += heads
            for groups in inside:
                count += self._take(groups, heap, room)
        nodes, boxes = self._drawn()
        nodes = _without_constants(self.graph, nodes, self.roots)
        return convex(View(self.graph, self.cone, nodes, boxes))

    def _largest(self, heap: list[tuple[int, int]]) -> list[int]:
        """The largest box and all of its size and structure, which are opened together or not at all."""
        size, first = heapq.heappop(heap)
        alike, others = [first], []
        while heap and heap[0][0] == size:
            entry = heapq.heappop(heap)
            if self.shape[entry[1]] == self.shape[first]:
                alike.append(entry[1])
            else:
                others.append(entry)
        for entry in others:
            heapq.heappush(heap, entry)
        return alike

    def _take(self, groups: list[Group], heap: list[tuple[int, int]], room: int) -> int:
        """Give groups their places, the largest first; the rest is one box. How many places that took."""
        if len(groups) > room:
            groups.sort(key=lambda group: -sum([self.tree.size(i) for i in group]))
            self.rest.append([i for group in groups[room - 1 :] for i in group])
            groups = groups[: room - 1]
        for group in groups:
            if len(group) == 1 and self.tree.size(group[0]) > 1:
                heapq.heappush(heap, (-self.tree.size(group[0]), group[0]))
            else:
                self.closed.append(group)
        return len(groups) + 1

    def _inside(self, head: int) -> list[int]:
        """What a node dominates next, or the chain that it ends; users first."""
        chain = self.chain.get(head, [head])
        held = set(chain)
        return sorted([j for i in chain for j in self.tree.children.get(i, ()) if j not in held], reverse=True)

    def _find_loop(self, head: int) -> None:
        """Where what makes a node repeats itself again and again, all but the last time round is one box."""
        path = self._main_path(head, 2 * _PERIOD + 1)
        if head in self.known or head in self.chain:
            return
        signs = [self._sign(i, path[k + 1]) for k, i in enumerate(path[:-1])]
        for period in range(1, len(signs) // 2 + 1):
            if signs[:period] == signs[period : 2 * period]:
                break
        else:
            return
        path = self._main_path(head)
        length = period
        while length < len(path) - 1 and self._sign(path[length], path[length + 1]) == signs[length % period]:
            length += 1
        laps = length // period - 1
        if laps < _LAPS:
            return
        first, last = path[period], path[(laps + 1) * period]
        inner = self.tree.below(last)
        held = set(inner)
        self.chain[first] = [i for i in self.tree.below(first) if i not in held]
        self.laps[first] = laps
        self.known.update(path[:period])

    def _main_path(self, i: int, most: int = 1 << 60) -> list[int]:
        """From a node to the largest subgraph that it dominates, and on."""
        path = [i]
        while len(path) <= most:
            inside = self.tree.children.get(path[-1])
            if not inside:
                break
            path.append(max(inside, key=self.tree.size))
        return path

    def _sign(self, i: int, after: int) -> tuple[Any, ...]:
        """What a node on a path and all that joins it there is, from the next node on the path upwards."""
        inside = self.tree.size(i) - self.tree.size(after)
        if inside > _BODY:
            return (-1, i)
        region = [i]
        for j in region:  # visit what the loop appends too
            region.extend([c for c in self.tree.children.get(j, ()) if c != after])
        number = {after: -1}
        signs = []
        for k, j in enumerate(sorted(region)):
            node = self.graph.nodes[j]
            leaf = node[0] if node[0] <= VAR else None
            inner = [number.get(c, -2) for c in operands(self.graph, j)]
            signs.append((leaf,) if leaf is not None else (node[0], kind(self.graph, j), *inner))
            number[j] = k
        return tuple(signs)

    def _groups(self, head: int, inside: list[int]) -> list[Group]:
        """Subgraphs by structure and users, those that are too few apart."""
        enter, leave = self.tree.enter, self.tree.leave
        order = sorted(inside, key=enter.__getitem__)
        starts = [enter[i] for i in order]
        kind: dict[int, int] = {}  # group numbers of subgraphs
        groups: dict[Any, list[int]] = {}
        number: dict[Any, int] = {}
        for i in sorted(inside, reverse=True):
            consumers = set()
            for user in self.users[i]:
                k = bisect_right(starts, enter[user]) - 1
                within = k >= 0 and enter[user] < leave[order[k]]
                consumers.add(kind[order[k]] if within else TOP)
            key = (self.shape[i], i in self.roots, frozenset(consumers))
            kind[i] = number.setdefault(key, len(number))
            groups.setdefault(key, []).append(i)
        found: list[Group] = []
        for alike in groups.values():
            found += [tuple(alike[::-1])] if len(alike) >= _ALIKE else [(i,) for i in alike]
        return found

    def _drawn(self) -> tuple[list[int], list[Box]]:
        nodes: list[int] = []
        boxes: list[Box] = []
        for head in self.opened:
            if head in self.chain:
                boxes.append(self._chain_box(head))
            else:
                nodes.append(head)
        for group in self.closed:
            members = [j for i in group for j in self.tree.below(i)]
            if len(members) == 1:
                nodes.append(group[0])
            elif len(group) == 1:
                boxes.append(fold_box(self.graph, members, group[0]))
            else:
                boxes.append(repeat_box(self.graph, group, members))
        for heads in self.rest:
            members = [j for i in heads for j in self.tree.below(i)]
            box = fold_box(self.graph, members, None)
            boxes.append(box._replace(lines=[f"{counted(len(heads), 'more part')}", *box.lines]))
        return nodes, boxes

    def _chain_box(self, head: int) -> Box:
        members = self.chain[head]
        if head in self.laps:
            return Box(members, [f"{self.laps[head]:,} times the same", f"… {contents(self.graph, members)}"], head)
        code = self.graph.nodes[head][0]
        if len(operands(self.graph, head)) == 1:
            return Box(members, [title(self.graph, head), f"{len(members):,} in a row"], head)
        word = "sum" if code in _SUM else "product" if code == ops.mul.opcode else record(code).name
        return Box(members, [f"{word} of {len(members) + 1:,}"], head)


def convex(view: View) -> View:
    """The view in which what arrows go round in is in boxes by level, between which they go one way.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> f = sd.cos(sd.sin(x))
    >>> graph, (inner, outer) = f.graph, (f.args[0]._index, f._index)
    >>> ends = Box([x._index, outer], ["two ends"])
    >>> [box.lines for box in convex(View(graph, graph.cone([outer]), [inner], [ends])).boxes]
    [['level 0', '… 1 variable'], ['level 1', '… 1 operation'], ['level 2', '… 1 operation']]
    """
    place = {**{i: (-1, i) for i in view.nodes}, **{i: (k, 0) for i, k in view.box_of.items()}}
    edges = {(place[j], place[i]) for i in view.cone for j in operands(view.graph, i) if i in place and j in place}
    import networkx  # import late: most pictures have no box

    rounds = [r for r in networkx.strongly_connected_components(networkx.DiGraph(list(edges))) if len(r) > 1]
    if not rounds:
        return view
    joined = set().union(*rounds)
    boxes = [box for k, box in enumerate(view.boxes) if (k, 0) not in joined]
    level = levels(view.graph, view.cone)
    for one in rounds:
        boxes += _by_level(view.graph, [i for i, where in place.items() if where in one], level)
    return View(view.graph, view.cone, [i for i in view.nodes if (-1, i) not in joined], boxes)


def _by_level(graph: Drawn, members: Sequence[int], level: Mapping[int, int]) -> list[Box]:
    """Some nodes in a few boxes of neighbouring levels, of about equal size."""
    found: list[list[int]] = [[]]
    for i in sorted(members, key=lambda i: (level[i], i)):
        if len(found[-1]) * _PIECES >= len(members) and level[found[-1][-1]] < level[i]:
            found.append([])
        found[-1].append(i)
    boxes = []
    for piece in found:
        first, last = level[piece[0]], level[piece[-1]]
        told = f"level {first}" if first == last else f"levels {first} to {last}"
        boxes.append(Box(sorted(piece), [told, f"… {contents(graph, piece)}"]))
    return boxes


def is_simpler(view: View) -> bool:
    """Whether a folded picture draws at most half of what the whole one would; those too large are."""
    return len(view.cone) > _WHOLE or view.drawn <= _SIMPLER * View(view.graph, view.cone, view.cone).drawn


def _without_constants(graph: Drawn, nodes: Sequence[int], roots: set[int]) -> list[int]:
    """In a folded picture a constant, which half of the nodes use, would do nothing but tie it up."""
    return [i for i in nodes if graph.nodes[i][0] != CONST or i in roots]


def _users(graph: Drawn, cone: Sequence[int]) -> dict[int, list[int]]:
    users: dict[int, list[int]] = {i: [] for i in cone}
    for i in cone:
        for j in operands(graph, i):
            users[j].append(i)
    return users


def _shapes(graph: Drawn, cone: Sequence[int]) -> dict[int, int]:
    """A number for each structure: operations alike, whatever their variables and constants."""
    numbers: dict[tuple[Any, ...], int] = {}
    shape: dict[int, int] = {}
    for i in cone:
        key = (graph.nodes[i][0], kind(graph, i), *[shape[j] for j in operands(graph, i)])
        shape[i] = numbers.setdefault(key, len(numbers))
    return shape


def _chains(graph: Drawn, cone: Sequence[int], users: dict[int, list[int]], roots: set[int]) -> dict[int, list[int]]:
    """Long runs of one operation, by the node that ends them: nothing but the next one uses what is inside."""
    end: dict[int, int] = {}
    for i in reversed(cone):
        code = graph.nodes[i][0]
        if code <= VAR:
            continue
        used_by = users[i]
        joins = len(used_by) == 1 and i not in roots and _family(graph, used_by[0]) == _family(graph, i)
        end[i] = end[used_by[0]] if joins else i
    lengths = Counter(end.values())
    found: dict[int, list[int]] = {}
    for i, last in end.items():
        if lengths[last] >= _CHAIN:
            found.setdefault(last, []).append(i)
    return found


def _family(graph: Drawn, i: int) -> int:
    """What may stand in a row with a node: sums and differences, one operation otherwise."""
    code: int = graph.nodes[i][0]
    op = record(code)
    if isinstance(graph, Diagram):  # keep formulas of several operands apart: they say more than their operation
        return code if len(operands(graph, i)) == 1 and graph.titles[i] == op.name else -1 - i
    if code in _SUM:
        return _SUM[0]
    return code if op.arity == 1 or op.commutative or op.folds else -1 - i


def by_depth(graph: Drawn, roots: Sequence[int], cone: Sequence[int], depth: int) -> View:
    """A view of what is at most `depth` operations below a result; what is deeper goes into boxes.

    A box holds operations that are connected, so that different parts of the graph stay apart.
    """
    level = dict.fromkeys(roots, 0)
    for i in reversed(cone):
        for j in operands(graph, i):
            level[j] = max(level.get(j, 0), level[i] + 1)
    deep = [i for i in cone if level[i] > depth and graph.nodes[i][0] > VAR]
    parts = _connected(graph, deep)
    held = {i: k for k, part in enumerate(parts) for i in part}
    ways_out = {j: held[j] for i in cone for j in operands(graph, i) if j in held and held.get(i) != held[j]}
    several = Counter(ways_out.values())
    heads = {k: j for j, k in ways_out.items() if several[k] == 1}
    boxes = [fold_box(graph, part, heads.get(k)) for k, part in enumerate(parts)]
    nodes = set(cone).difference(deep)
    leaves, boxes_of_leaves = _leaves(graph, nodes, held)
    kept = _without_constants(graph, list(nodes.difference(leaves)), set(roots)) if deep else nodes
    return View(graph, cone, kept, boxes + boxes_of_leaves)


def _connected(graph: Drawn, nodes: Sequence[int]) -> list[list[int]]:
    """Nodes in connected parts."""
    name = {i: i for i in nodes}

    def find(i: int) -> int:
        while name[i] != i:
            name[i] = name[name[i]]
            i = name[i]
        return i

    for i in nodes:
        for j in operands(graph, i):
            if j in name:
                name[find(j)] = find(i)
    parts: dict[int, list[int]] = {}
    for i in nodes:
        parts.setdefault(find(i), []).append(i)
    return list(parts.values())


def _leaves(graph: Drawn, nodes: set[int], part_of: dict[int, int]) -> tuple[set[int], list[Box]]:
    """Leaves that serve the same boxes and nothing else, where they are many: they are drawn as one."""
    serves: dict[int, set[int]] = {i: set() for i in nodes if graph.nodes[i][0] <= VAR}
    for i in nodes | part_of.keys():
        for j in operands(graph, i):
            if j in serves:
                serves[j].add(part_of.get(i, TOP))
    groups: dict[Any, list[int]] = {}
    for i in sorted(serves):
        if TOP not in serves[i] and serves[i]:
            groups.setdefault((graph.nodes[i][0] == CONST, frozenset(serves[i])), []).append(i)
    many = [group for group in groups.values() if len(group) >= _ALIKE]
    return {i for group in many for i in group}, [repeat_box(graph, group, group) for group in many]


def neighbourhood(graph: Drawn, cone: Sequence[int], centres: Sequence[int], radius: int) -> View:
    """A view of what is at most `radius` edges away from some nodes.

    What half of the graph uses is no way to other places: of its users none are followed, and few of a centre's.
    """
    users = _users(graph, cone)
    distance = dict.fromkeys(centres, 0)
    reached = list(distance)
    for i in reached:  # visit what the loop appends too
        if distance[i] == radius:
            continue
        hub = graph.nodes[i][0] == CONST or len(users[i]) > _HUB
        above = users[i][:_HUB] if i in centres else () if hub else users[i]
        for j in (*operands(graph, i), *above):
            if j not in distance:
                distance[j] = distance[i] + 1
                reached.append(j)
    return View(graph, cone, reached)
