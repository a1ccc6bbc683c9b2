"""The pass that writes LaTeX: one loop over a stack of pieces, as in `text.py`.

Where a text would not fit on a line or two, or a tree is much larger than its
graph, parts get names; so the text is linear in the graph and every line fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from symdiff import ops
from symdiff.algebra.notation.latex_names import array_latex, letters, name_latex, number_latex, verbatim
from symdiff.algebra.notation.latex_spelling import spelling
from symdiff.build import ADD, DIV, MUL, NEG, POW, SUB
from symdiff.graph import CONST, STATIC, VAR, Graph, Node
from symdiff.handle import Handle, gather
from symdiff.names import distinct
from symdiff.progress import watched
from symdiff.records import ATOM, COMPARE, FIRST_ARRAY_CODE, OPERATIONS, POWER, PRODUCT, SUM, record

LINE = 100  # line width in letters, about
PAGE = 150  # length limit of a text of a line or two, in letters
_PLAIN = 40  # size limit of a tree that is never split, in nodes
_PARTS = 3  # growth limit of a tree that is never split, in sizes of its graph
_NEVER = 5000  # size from which a formula without named parts fits on no line or two, for each root, in nodes
_TINY = 3  # size limit of parts without a name, in nodes
_TALL, _TALL_CELL = 6, 4  # nesting limit of fractions and exponents, on a line and in a matrix
_CAP = 1 << 60
_LETTERS = "ztuvspqr"  # letters that name parts
_BASE = next(level for _, level in (p for p in spelling(OPERATIONS[POW]).pieces if type(p) is tuple))
WHERE, SQRT, HYPOT, SINE = (op.opcode for op in (ops.where, ops.sqrt, ops.hypot, ops.direction_sine))
_COSINES = (ops.direction_cosine.opcode, SINE)


class Fraction(NamedTuple):
    """Heights and widths of what is above and below the line of a fraction, and of how many quotients it is made."""

    above: int
    below: int
    width_above: int
    width_below: int
    quotients: int = 0


class Hypotenuse(NamedTuple):
    """The square root of x**2 + y**2 as a factor of a fraction, or what is under it."""

    x: int
    y: int
    squared: bool = False


Factor = int | Hypotenuse  # of a fraction: a node, or what is below the line of one leg over the hypotenuse


class Writer:
    """What is known of each node of the cone of some expressions before they are written.

    `limit` is the number of letters for which each of them has room, None where it may be broken into lines.
    """

    def __init__(self, exprs: Sequence[Handle], limit: int | None = None) -> None:
        self.graph, self.roots = gather(exprs)
        self.limit = limit
        self.tall = _TALL if limit is None else _TALL_CELL
        self.cone = [i for i in self.graph.cone(self.roots) if self.graph.nodes[i][0] != STATIC]
        self.leaves = dict(_leaves(self.graph, self.cone))
        self.spellings = {
            code: spelling(OPERATIONS[code])
            for code in {self.graph.nodes[i][0] for i in self.cone}
            if VAR < code < FIRST_ARRAY_CODE
        }
        self.places = {code: tuple([p[0] for p in s.pieces if type(p) is tuple]) for code, s in self.spellings.items()}
        self.heads = {s.pieces[0].removesuffix(r"\left(") for s in self.spellings.values() if type(s.pieces[0]) is str}
        self.given = {i: name_latex(name) for i, name in self.graph.notes_in(self.cone).items()}
        self.names = dict(self.given)  # LaTeX of the names of parts
        self.sizes: dict[int, int] = {}
        self.negative: dict[int, bool] = {}  # signs: whether a node's text starts with a minus
        self.widths: dict[int, int] = {}
        self.heights: dict[int, int] = {}
        self.fractions: dict[int, Fraction] = {}  # sides of products and quotients, if written as one fraction
        hopeless = len(self.cone) > _NEVER * len(self.roots) and not self.given
        if hopeless or not self._fits():
            self._name_parts()

    # -- what fits -----------------------------------------------------------

    def operands(self, i: int) -> Sequence[int]:
        """The nodes that stand in the text of a node."""
        node = self.graph.nodes[i]
        return node[1:] if node[0] > VAR else ()

    def _measure(self, i: int) -> None:
        """The size of the tree of a node; width and height of its text."""
        node = self.graph.nodes[i]
        code = node[0]
        if code <= VAR:
            self.sizes[i], self.heights[i] = 1, 1
            self.negative[i] = self.leaves[i][0].startswith("-")
            self.widths[i] = letters(self.leaves[i][0])
            return
        operands = node[1:]
        names, sizes = self.names, self.sizes
        sizes[i] = min(1 + sum([1 if j in self.given else sizes[j] for j in operands]), _CAP)
        self.negative[i] = code == NEG or (code in (MUL, DIV) and self._starts_negative(operands[0]))
        spelled = self.spellings[code]
        widths = [3 if j in names else self.widths[j] for j in self._in_text(code, operands)]
        heights = [1 if j in names else self.heights[j] for j in operands]
        if code in (MUL, DIV):
            self.fractions[i] = whole = self._joined(code, *[self._fraction(j) for j in operands])
            if whole.quotients > (code == MUL):
                self.heights[i] = whole.above + whole.below
                self.widths[i] = max(whole.width_above, whole.width_below)
                return
        elif code in _COSINES:
            above, width = heights[code == SINE], widths[code == SINE]
            self.fractions[i] = Fraction(above, max(heights), width, min(sum(widths) - width, _CAP), 1)
        elif code == NEG and operands[0] in self.fractions and operands[0] not in names:
            self.fractions[i] = self.fractions[operands[0]]
        else:
            self.fractions.pop(i, None)  # drop that of an operand from before it had a name
        self.widths[i] = min(sum(widths) + spelled.width, _CAP)
        if code == WHERE:
            self.heights[i] = heights[1] + heights[2]
        elif spelled.raised:
            raised = [heights[k] for k in spelled.raised if heights[k] > 1 or sizes[operands[k]] > 1]
            flat = [h for k, h in enumerate(heights) if k not in spelled.raised]
            self.heights[i] = max(flat, default=1) + max(raised, default=0)
        else:
            self.heights[i] = max(heights)

    def _in_text(self, code: int, operands: Node) -> Node:
        """The operands of an operation as often as they stand in its text."""
        places = self.places[code]
        if places == (0, 1):  # as in most of them, in order
            return operands
        return (*[operands[k] for k in places], *operands[OPERATIONS[code].arity :])

    def _fraction(self, i: int) -> Fraction:
        """The sides of a factor of a fraction."""
        if i in self.names:
            return Fraction(1, 0, 3, 0)
        return self.fractions.get(i) or Fraction(self.heights[i], 0, self.widths[i], 0)

    def _joined(self, code: int, first: Fraction, second: Fraction) -> Fraction:
        """The sides of a product or quotient of two."""
        if code == DIV:
            second = Fraction(second.below, second.above, second.width_below, second.width_above, second.quotients + 1)
        return Fraction(
            max(first.above, second.above), max(first.below, second.below),
            min(first.width_above + second.width_above, _CAP), min(first.width_below + second.width_below, _CAP),
            min(first.quotients + second.quotients, _CAP),
        )  # fmt: skip

    def _height(self, i: int) -> int:
        return 1 if i in self.names else self.heights[i]

    def _starts_negative(self, i: int) -> bool:
        return self.negative[i] and i not in self.names

    def _fits(self) -> bool:
        for i in self.cone:
            self._measure(i)
        roots = set(self.roots)
        size = sum([self.sizes[i] for i in roots])
        if size > max(_PLAIN * len(roots), _PARTS * len(self.cone)):
            return False
        room = PAGE if self.limit is None else self.limit
        return all(self.widths[i] <= room and self.heights[i] <= self.tall for i in roots)

    def _name_parts(self) -> None:
        """Choose the parts that get names: those that are shared, then those without which a line gets too long."""
        nodes = self.graph.nodes
        uses = dict.fromkeys(self.cone, 0)
        for i in self.cone:
            for j in self.operands(i):
                uses[j] += 1
        for i in set(self.roots) if self.limit is not None else ():
            uses[i] += 1
        named = self._shared(uses)
        shared = set(named)
        measured = bool(self.sizes) and self.names.keys() == named.keys()  # with these names
        self.names = named
        for i in watched("writing LaTeX", self.cone, len(self.cone)):
            if not measured or len(named) > len(shared):
                self._measure(i)
            if nodes[i][0] > VAR:
                self._narrow(i)
        if self.limit is not None:
            named.update({i: "" for i in self.roots if self.widths[i] > self.limit and nodes[i][0] > VAR})
        self._measure_users({i for i in named if i not in shared and uses[i] > 1})
        prefix = self._free_prefix()
        self.names = {}
        number = 0
        for i in sorted(named):
            number += i not in self.given
            self.names[i] = self.given.get(i) or f"{prefix}_{{{number}}}"

    def _measure_users(self, named: set[int]) -> None:
        """Measure anew what holds nodes that got a name after some of their users were measured."""
        changed: set[int] = set()
        for i in self.cone if named else ():
            if not named.isdisjoint(self.operands(i)) or not changed.isdisjoint(self.operands(i)):
                self._measure(i)
                if i not in self.names:
                    changed.add(i)

    def _shared(self, uses: Mapping[int, int]) -> dict[int, str]:
        """The parts that stand in several places and are more than an operation or so on names."""
        named: dict[int, str] = {}
        sizes: dict[int, int] = {}
        for i in self.cone:
            sizes[i] = 1 + sum([1 if j in named else sizes[j] for j in self.operands(i)])
            if i in self.given or (uses[i] > 1 and sizes[i] > _TINY):
                named[i] = ""
        return named

    def _narrow(self, i: int) -> None:
        """Name operands of a node until its text fits; a sum can be broken between its terms."""
        node = self.graph.nodes[i]
        sums = (ADD, SUB)
        operands = self.operands(i)
        if node[0] in sums and i not in self.graph.shapes:
            if node[0] == ADD or self.graph.nodes[node[2]][0] not in sums:
                return
            operands = node[2:]  # narrow a sum that is subtracted: it stands in brackets
            if self.widths[operands[0]] > LINE:
                self.names.setdefault(operands[0], "")
            return
        while self.widths[i] > LINE or self.heights[i] > self.tall:
            sizes = self.heights if self.heights[i] > self.tall else self.widths
            left = [j for j in operands if j not in self.names and self.sizes[j] > 1]
            if not left:
                return
            self.names[max(left, key=sizes.__getitem__)] = ""
            self._measure(i)

    def _free_prefix(self) -> str:
        """A letter that with a subscript names no variable."""
        names = [*[leaf[0] for leaf in self.leaves.values()], *self.given.values()]
        taken = {name.partition("_{")[0] for name in names if "_{" in name}
        return next((c for c in _LETTERS if c not in taken), r"\mathcal{Z}")

    # -- writing ---------------------------------------------------------------

    def write(self, root: int) -> str:
        """The LaTeX of a node, its name where it has one."""
        return self._run([(root, 0, False)])

    def lines(self, root: int) -> list[str]:
        """The LaTeX of what a node is, broken between terms where it is too long for a line."""
        if self.graph.nodes[root][0] not in (ADD, SUB) or root in self.graph.shapes:
            return [self._run(self._plain(root, False))]
        lines: list[str] = []
        pieces: list[Any] = []
        width = 0
        for term in self._terms(root):
            space = self._width(term[1]) + 3
            if pieces and width + space > LINE:
                lines.append(self._run(pieces))
                pieces, width = [], 0
            pieces += self._term(*term, first=not pieces and not lines)
            width += space
        return [*lines, self._run(pieces)]

    def parts(self) -> Iterable[tuple[str, list[str]]]:
        """The parts that have names, in the order in which they use each other: the name, and the lines."""
        for i, name in self.names.items():
            op = record(self.graph.nodes[i][0])
            lines = self.lines(i)
            yield name, [rf"\left({lines[0]}\right)"] if op.boolean else lines  # bracket a condition: z = (x = 0)

    def _width(self, i: int) -> int:
        return 3 if i in self.names else self.widths[i]

    def _run(self, pieces: list[Any]) -> str:
        written: list[str] = []
        stack = pieces[::-1]
        while stack:
            item = stack.pop()
            if type(item) is str:
                written.append(item)
            else:
                stack.extend(reversed(self._pieces(*item)))
        return "".join(written).lstrip()

    def _pieces(self, i: Factor, level: float, strip: bool = False) -> list[Any]:
        """A node as strings and nodes to write, in brackets where it binds less than `level`.

        `strip` leaves out the minus with which the text starts.
        """
        if isinstance(i, Hypotenuse):
            return self._hypotenuse(i, level)
        if i in self.names:
            return [self.names[i]]
        pieces = self._plain(i, strip)
        return [r"\left(", *pieces, r"\right)"] if self._level(i, strip) < level else pieces

    def _level(self, i: int, strip: bool = False) -> float:
        """How tightly a node binds that has no name."""
        code = self.graph.nodes[i][0]
        if self.negative[i]:
            return PRODUCT if strip else SUM
        if code <= VAR:
            return self.leaves[i][1]
        if code == WHERE:
            return COMPARE
        return self.spellings[code].level

    def _plain(self, i: int, strip: bool) -> list[Any]:
        """The pieces of a node without brackets around."""
        node = self.graph.nodes[i]
        code = node[0]
        if code <= VAR:
            text = self.leaves[i][0]
            return [text[1:] if strip else text]
        if code in (ADD, SUB):
            terms = self._terms(i)
            return [p for k, term in enumerate(terms) for p in self._term(*term, first=k == 0)]
        if code == NEG:
            return [(node[1], PRODUCT)] if strip else ["-", (node[1], PRODUCT)]
        if code == WHERE:
            return self._cases(i)
        if code == POW:
            powered = self._powered_function(*node[1:])
            if powered:
                return powered
        nested = self._nested(i) if code in (MUL, DIV) else None
        if nested:
            sign = ["-"] if self.negative[i] and not strip else []
            numerator, denominator, minus = nested
            top, bottom = self._side(numerator, minus), self._side(denominator, False)
            return [*sign, r"\frac{", *top, "}{", *bottom, "}"]
        if code == MUL:
            return self._product(i, strip)
        if code == DIV and self.negative[i]:
            sign = [] if strip else ["-"]
            over = self.graph.nodes[node[1]]
            above = (over[1], 0) if over[0] == NEG else (node[1], 0, True)
            return [*sign, r"\frac{", above, "}{", (node[2], 0), "}"]
        return self._call(node)

    def _call(self, node: Sequence[int]) -> list[Any]:
        """The pieces of an operation as its record spells it; f(f(a, b), c) is written f(a, b, c)."""
        pieces = self.spellings[node[0]].pieces
        if OPERATIONS[node[0]].folds and len(pieces) == 5 and pieces[2] == ", ":
            others = [node[2]]
            first = node[1]
            while self.graph.nodes[first][0] == node[0] and first not in self.names:
                _, first, last = self.graph.nodes[first]
                others.append(last)
            return [pieces[0], (first, 0), *[p for j in reversed(others) for p in (", ", (j, 0))], pieces[4]]
        if OPERATIONS[node[0]].variadic:
            return [pieces[0], (node[1], 0), *[p for j in node[2:] for p in (", ", (j, 0))], pieces[-1]]
        written: list[Any] = []
        for p in pieces:
            if isinstance(p, str):
                written.append(p)
            elif p[1] == PRODUCT and written:  # join what comes after a plus
                written += self._after_plus(written.pop(), node[1 + p[0]])
            else:
                written.append((node[1 + p[0]], p[1]))
        return written

    def _after_plus(self, before: str, i: int) -> list[Any]:
        """An operand after a text that ends with a plus, which becomes a minus where the operand starts with one."""
        if self._starts_negative(i):
            return [before.rstrip()[:-1] + "- ", (i, PRODUCT, True)]
        first = self._terms(i)[0][1] if self._opened(-1, i) else i
        return [before, (i, PRODUCT if self._starts_negative(first) else SUM)]

    # -- sums, products, powers, cases ---------------------------------------------

    def _opened(self, i: int, j: int) -> bool:
        """Whether node j, met while node i is written, has no name and so is written with it."""
        return j == i or j not in self.names

    def _terms(self, i: int) -> list[tuple[bool, int]]:
        """A sum as terms and whether each is subtracted."""
        nodes = self.graph.nodes
        terms = []
        stack = [(False, i)]
        while stack:
            minus, j = stack.pop()
            node = nodes[j]
            if not minus and node[0] in (ADD, SUB) and self._opened(i, j):
                stack += [(node[0] == SUB, node[2]), (False, node[1])]
            else:
                terms.append((minus, j))
        return terms

    def _term(self, minus: bool, i: int, first: bool) -> list[Any]:
        if minus:
            return [" - ", (i, PRODUCT)]
        if first:
            return [(i, SUM)]
        return [" - ", (i, PRODUCT, True)] if self._starts_negative(i) else [" + ", (i, PRODUCT)]

    def _product(self, i: int, strip: bool) -> list[Any]:
        nodes = self.graph.nodes
        factors: list[int] = []
        stack = [i]
        while stack:
            j = stack.pop()
            if nodes[j][0] == MUL and self._opened(i, j):
                stack += [nodes[j][2], nodes[j][1]]
            else:
                factors.append(j)
        sign = ["-"] if self.negative[i] and not strip else []
        return [*sign, *self._factors(factors, self._starts_negative(factors[0]))]

    def _factors(self, factors: Sequence[Factor], strip: bool) -> list[Any]:
        """Factors side by side; `strip`: the minus with which the first starts stands elsewhere."""
        pieces: list[Any] = [(factors[0], PRODUCT, strip)]
        for before, j in pairwise(factors):
            pieces += [self._times(before, j), (j, PRODUCT)]
        return pieces

    def _nested(self, i: int) -> tuple[list[Factor], list[Factor], bool] | None:
        """The factors above and below the line where quotients of a quotient become one; None where it has none.

        The minus with which the text starts stands before the fraction, so one negation is left out. Where there is
        none the first factor has the sign itself, and the last result is True.
        """
        nodes = self.graph.nodes
        sides: tuple[list[Factor], list[Factor]] = [], []
        count = 0
        signed = self.negative[i]
        stack = [(i, 0, True)]
        while stack:
            j, side, first = stack.pop()
            node = nodes[j]
            if not self._opened(i, j):
                sides[side].append(j)
            elif node[0] in (MUL, DIV):
                count += node[0] == DIV
                stack += [(node[2], side != (node[0] == DIV), False), (node[1], side, first)]
            elif node[0] == NEG and first and signed:
                signed = False
                stack.append((node[1], side, False))
            elif node[0] in _COSINES:  # one leg over the hypotenuse
                count += 1
                sides[1 - side].append(Hypotenuse(node[1], node[2]))
                stack.append((node[1 + (node[0] == SINE)], side, False))
            else:
                sides[side].append(Hypotenuse(node[1], node[2]) if node[0] == HYPOT else j)
        return (*sides, signed) if count > 1 else None

    def _side(self, factors: Sequence[Factor], strip: bool) -> list[Any]:
        """One side of a fraction, without factors of 1; two equal square roots are what is under them.

        `strip`: the minus with which the first starts stands before the fraction.
        """
        powers: dict[Factor, int] = {}
        written: dict[Factor, Factor] = {}  # factors as they are, by their bases
        for j in factors[1:] if strip else self._numbers_first(factors):
            if isinstance(j, int) and self.leaves.get(j, ("", 0))[0] == "1":
                continue
            base, n = self._power(j)
            if self._is_root(base) and powers.get(base) == n == 1:
                del powers[base]
                j = self.graph.nodes[base][1] if isinstance(base, int) else base._replace(squared=True)
                base, n = self._power(j)
            written[base] = base if base in powers else j
            powers[base] = powers.get(base, 0) + n
        signed = [*factors[:strip]]  # raise no number to a power whose sign stands elsewhere
        left = [*signed, *[written[base] for base in powers]]
        if not left:
            return ["1"]
        pieces = self._factors(left, strip) if len(left) > 1 else [(left[0], 0, strip)]
        for k, (base, n) in reversed(list(enumerate(powers.items(), len(signed)))):
            if n != self._power(written[base])[1]:
                pieces[2 * k : 2 * k + 1] = [(base, _BASE), f"^{{{n}}}"]
        return pieces

    def _numbers_first(self, factors: Sequence[Factor]) -> list[Factor]:
        """The factors, numbers without a sign in front."""
        numbers = [j for j in factors if self._is_number(j)]
        return [*numbers, *[j for j in factors if not self._is_number(j)]] if numbers else list(factors)

    def _is_number(self, factor: Factor) -> bool:
        return isinstance(factor, int) and factor not in self.names and self._starts_with_number(factor)

    def _is_root(self, factor: Factor) -> bool:
        if isinstance(factor, Hypotenuse):
            return not factor.squared
        return self.graph.nodes[factor][0] == SQRT and factor not in self.names

    def _hypotenuse(self, factor: Hypotenuse, level: float) -> list[Any]:
        inner: list[Any] = [(factor.x, ATOM), "^{2} + ", (factor.y, ATOM), "^{2}"]
        if not factor.squared:
            return [r"\sqrt{", *inner, "}"]
        return [r"\left(", *inner, r"\right)"] if level > SUM else inner

    def _power(self, i: Factor) -> tuple[Factor, int]:
        """A factor as a power of its base, with a whole number above 0 as exponent."""
        if isinstance(i, Hypotenuse):
            return i, 1
        node = self.graph.nodes[i]
        n = self.graph.leaves.get(node[2]) if node[0] == POW and i not in self.names else None
        return (node[1], n) if type(n) is int and n > 0 else (i, 1)

    def _times(self, before: Factor, i: Factor) -> str:
        """What stands between two factors: a dot where they would be read as one number, or as a function's call."""
        if isinstance(i, Hypotenuse) or i in self.names or isinstance(before, Hypotenuse):
            return " "
        bracket = self._level(i) < PRODUCT
        if self._is_word(before) or (not bracket and self._is_word(i)):
            return r" \, "  # separate them, else they would be one word
        call = bracket and before not in self.names and self.leaves.get(before, ("", 0))[0] in self.heads
        return r" \cdot " if call or (not bracket and self._starts_with_number(i)) else " "

    def _is_word(self, i: int) -> bool:
        node = self.graph.nodes[i]
        if node[0] == POW and i not in self.names:
            i = node[1]
        return i not in self.names and self.leaves.get(i, ("", 0))[0].startswith((r"\mathrm", r"\text"))

    def _starts_with_number(self, i: int) -> bool:
        nodes = self.graph.nodes
        node = nodes[i]
        if node[0] in (POW, DIV) and node[1] not in self.names:
            if node[0] == DIV and nodes[node[2]][0] != CONST:
                return False
            node = nodes[node[1]]
            i = self.graph.nodes[i][1]
        if node[0] != CONST or i in self.names or self.negative[i]:
            return False
        return self.leaves[i][0].startswith(r"\frac") or self.leaves[i][0][0].isdigit()

    def _powered_function(self, base: int, exponent: int) -> list[Any]:
        r"""The pieces of \sin^{2}\left(x\right), none where a power is not written so."""
        code = self.graph.nodes[base][0]
        if code <= VAR or base in self.names or self.graph.nodes[exponent][0] != CONST:
            return []
        head = self.spellings[code].head if code in self.spellings else ""
        value = self.graph.leaves[exponent]
        if not head or type(value) is not int or value < 2:  # refuse sin^{-1}, which is read as the inverse function
            return []
        opening, *others = self._call(self.graph.nodes[base])
        return [f"{head}^{{{self.leaves[exponent][0]}}}{opening[len(head) :]}", *others]

    def _cases(self, i: int) -> list[Any]:
        """A chain of conditions: `where(c, a, where(d, b, e))` has three rows."""
        pieces: list[Any] = [r"\begin{cases} "]
        j = i
        while self.graph.nodes[j][0] == WHERE and self._opened(i, j):
            _, condition, value, j = self.graph.nodes[j]
            pieces += [(value, 0), r" & \text{if } ", (condition, 0), r" \\ "]
        return [*pieces, (j, 0), r" & \text{otherwise} \end{cases}"]


def _leaves(graph: Graph, cone: Sequence[int]) -> Iterable[tuple[int, tuple[str, float]]]:
    """The text of each constant and variable, and how tightly it binds; other names have other texts."""
    owners: dict[str, str] = {"e": "", r"\pi": ""}  # reserve these for the constants
    variables = [i for i in cone if graph.nodes[i][0] == VAR]
    names = dict(zip(variables, distinct([graph.leaves[i].name for i in variables]), strict=True))
    for i in cone:
        code = graph.nodes[i][0]
        if code == CONST:
            yield i, number_latex(graph.leaves[i]) if i not in graph.shapes else array_latex(graph.leaves[i])
        elif code == VAR:
            name = names[i]
            text = name_latex(name, graph.leaves[i].origin)
            if owners.setdefault(text, name) != name:
                text = verbatim(name)
            yield i, (text, POWER if set(text) & set("^'(") else ATOM)
