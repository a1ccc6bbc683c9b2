"""What text of arrays has beside that of numbers: `X[1:, 0]`, `.T`, methods, keywords, lists, tuples, strings.

The parser asks here where it expected something else, so reading formulas of numbers takes no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from symdiff.array_calls import (
    ArrayFunction,
    Blocks,
    Keyword,
    Lambda,
    Method,
    array_method_named,
    is_array,
    method_names,
    parameter,
)
from symdiff.arrays import contraction
from symdiff.arrays.index_arrays import is_whole
from symdiff.errors import ParseError, SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import Handle, array_variable_in, handle
from symdiff.names import canonical, element
from symdiff.ops.arrays import infer
from symdiff.shapes import Shape, named, shape_of


class Token(NamedTuple):
    """A piece of the text: its kind, the piece, and where it starts."""

    kind: str
    text: str
    at: int


class Open(NamedTuple):
    """Something that waits for operands: an operator, a bracket, a call."""

    kind: str  # "infix", "prefix", "chain", "if", "else", "(", "call", "pair", "tuple", "list", "subscript", "keyword"
    precedence: int
    act: Any  # function to apply
    token: Token
    base: int  # count of operands before it


class _Mark:
    """What stands between the values of a subscript: a colon or a comma."""

    def __init__(self, text: str) -> None:
        self.text = text


_COLON, _COMMA = _Mark(":"), _Mark(",")
_HOLDS_TUPLES = ("list", "keyword", "tuple", "subscript")
_MODULES = ("np", "numpy", "math", "mpmath", "sp", "sympy", "torch", "jnp", "tf")  # whose functions others call
_NUMBERS = {"nan": float("nan"), "inf": float("inf")}  # in arrays of numbers, as NumPy prints them


class Arrays:
    """The variables of a text that are arrays: shapes by name, and the names of its sizes.

    `numbers` are arrays of numbers that the text has names for, in quotes.
    """

    def __init__(
        self,
        shapes: Mapping[str, Any] | None,
        symmetric: Collection[str],
        integers: Collection[str] = (),
        numbers: Mapping[str, Handle] | None = None,
    ) -> None:
        if shapes is not None and not isinstance(shapes, Mapping):
            raise SymdiffTypeError(f'shapes is a dictionary such as {{"X": (100, 2), "w": 2}}, not {shapes!r}')
        self.shapes: dict[str, Shape] = {canonical(name): shape_of(shape) for name, shape in (shapes or {}).items()}
        self.symmetric = frozenset([symmetric] if isinstance(symmetric, str) else symmetric)
        self.numbers = numbers or {}
        unknown = sorted(self.symmetric - set(self.shapes))
        if unknown:
            raise SymdiffValueError(f"{unknown[0]} is to be symmetric, but shapes does not give its shape")
        self.integers = frozenset([integers] if isinstance(integers, str) else integers)
        self.sizes = {named(n)[0] for shape in self.shapes.values() for n in shape if isinstance(n, str)}

    def find(self, graph: Graph, name: str, plain: bool = True) -> Handle | None:
        """The array of a name, or where the name is `plain` the size that it stands for; None for what is neither."""
        shape = self.shapes.get(name)
        if shape:
            return array_variable_in(graph, name, shape, self._kind(name))
        if plain and name in self.integers:
            return array_variable_in(graph, name, (), "int")
        if plain and name in self.sizes and name not in self.shapes:
            graph.hold_arrays(infer)
            return handle(graph, contraction.size_node(graph, name))
        known = None if plain else self.numbers.get(name)
        return None if known is None else handle(graph, graph.adopt(known._graph, [known._index])[0])

    def _kind(self, name: str) -> str:
        return "symmetric" if name in self.symmetric else "int" if name in self.integers else ""


NO_ARRAYS = Arrays(None, ())


class ArraySyntax:
    """The part of a parser that reads what arrays have."""

    text: str
    graph: Graph
    arrays: Arrays
    values: list[Any]
    open: list[Open]
    depth: int
    parts: dict[str, Handle]
    before: Token | None
    resume: int  # where reading goes on behind the body of a loop, -1 for none

    inner: Callable[[str, Mapping[str, Any], Collection[str]], list[Handle]]
    error: Callable[[int, str], ParseError]
    unexpected: Callable[..., ParseError]
    _reduce: Callable[[int], None]

    # -- where an operand is expected -----------------------------------------------

    def array_operand(self, token: Token) -> bool | None:
        """Read what is an operand of arrays only; whether another is expected, None for what is no such."""
        inner = self.open[-1] if self.open else None
        if token.text == "[":
            self._opens("list", token)
            return True
        if token.kind == "string" and self._in_array_call():
            self.values.append(token.text[1:-1])
            return False
        if token.text in ("None", "...") and self._in_array_call():
            self.values.append(None if token.text == "None" else Ellipsis)
            return False
        if token.text == "lambda" and inner is not None and isinstance(inner.act, ArrayFunction):
            self.values.append(self._lambda(token))
            return False
        if inner is None or inner.kind not in ("subscript", "list", "tuple"):
            return None
        after_comma = self.before is not None and self.before.text == ","
        if token.text == ":" and inner.kind == "subscript":
            self.values.append(_COLON)
            return True
        if token.text == "]" and inner.kind == "subscript" and len(self.values) > inner.base:
            self._subscript(token)
            return False
        if token.text == "]" and inner.kind == "list" and (after_comma or len(self.values) == inner.base):
            self._close(token)
            return False
        if token.text == ")" and inner.kind == "tuple" and after_comma:
            self._close(token)
            return False
        if token.text == "," and inner.kind == "subscript" and self.values[-1] is _COLON:
            self.values.append(_COMMA)
            return True
        return None

    def _lambda(self, token: Token) -> Lambda:
        """The body of a loop, up to the comma or the bracket behind it; it is read when its shapes are known."""
        start = token.at + len("lambda")
        end, depth, colon = start, 0, -1
        while end < len(self.text):
            char = self.text[end]
            if depth == 0 and (char == ")" or (char == "," and colon >= 0)):
                break
            depth += (char in "([") - (char in ")]")
            colon = end if char == ":" and colon < 0 else colon
            end += 1
        names = [name.strip() for name in self.text[start : max(colon, start)].split(",")]
        if colon < 0 or not all(name.isidentifier() for name in names):
            raise self.error(token.at, "a body is written lambda h, x: h + x")
        body = self.text[colon + 1 : end].strip()
        self.resume = end
        inside = body[1:-1] if body.startswith("(") and _closes(body) else body
        return Lambda(names, lambda shapes, integers: self.inner(inside, shapes, integers))

    def _in_array_call(self) -> bool:
        return any(o.kind == "subscript" or isinstance(o.act, ArrayFunction) for o in self.open)

    def _opens(self, kind: str, token: Token) -> None:
        self.open.append(Open(kind, 0, None, token, len(self.values)))
        self.depth += 1

    # -- where an operator is expected ---------------------------------------------------

    def array_operator(self, token: Token) -> bool | None:
        """Read what follows an operand of arrays only; whether an operand is expected, None for what is no such."""
        if token.kind == "attribute":
            self._attribute(token)
            return False
        if token.text == "(" and isinstance(self.values[-1], Method):
            return self._call_method(token)
        if token.text == "[":
            if not _is_result(self.values[-1]):
                self._check_array(token, "an index is of whole numbers from 0 on, as in w[0, 1]")
            self._opens("subscript", token)
            return True
        if token.text not in (":", "]"):
            return None
        self._reduce(0)
        self._end_keyword()
        inner = self.open[-1] if self.open else None
        if token.text == ":" and inner is not None and inner.kind == "subscript":
            self.values.append(_COLON)
            return True
        if token.text == "]" and inner is not None and inner.kind == "subscript":
            self._subscript(token)
            return False
        if token.text == "]" and inner is not None and inner.kind == "list":
            self._close(token)
            return False
        return None

    def _check_array(self, token: Token, hint: str) -> None:
        value = self.values[-1]
        if is_array(value) or isinstance(value, (Blocks, Method)):
            return
        if isinstance(value, Handle) and value.graph.nodes[value._index][0] == VAR:
            name = value.graph.leaves[value._index].name
            if name in _MODULES:
                word = token.text.lstrip(". \t")
                raise self.error(token.at, f"{name} is a variable here, and no module: write {word} without {name}.")
            says = f'shapes={{"{name}": …}} says that {name} is an array'
            raise self.error(token.at, f"{name} is a number, without {token.text}: {says}" + f"; {hint}" * bool(hint))
        raise self.error(token.at, f"what stands before {token.text} is no array" + f"; {hint}" * bool(hint))

    def _attribute(self, token: Token) -> None:
        name = token.text.lstrip(". \t")
        value = self.values[-1]
        if _is_result(value) and name in value._fields:
            self.values[-1] = getattr(value, name)
            return
        self._check_array(token, "attributes are read of arrays")
        if name == "T" and is_array(value):
            graph = value.graph
            self.values[-1] = handle(graph, contraction.transposed(graph, value._index))
        elif name == "at" and is_array(value):
            self.values[-1] = Blocks(value)
        elif array_method_named(name) is not None and isinstance(value, Blocks) == (name == "add"):
            self.values[-1] = Method(name, value)
        else:
            known = ", ".join([f".{known}()" for known in method_names() if known != "add"])
            raise self.error(token.at, f"arrays have no {token.text}: they have .T, {known}")

    def _call_method(self, token: Token) -> bool:
        method: Method = self.values.pop()
        self.values.append(method.receiver)
        name = self.before or token
        self.open.append(Open("call", 0, array_method_named(method.name), name, len(self.values) - 1))
        self.depth += 1
        return True

    def closes_method(self, token: Token) -> bool:
        """Close `.sum()`, which has no operand between its brackets; false for what is no such."""
        top = self.open[-1] if self.open else None
        return (
            token.text == ")" and top is not None and top.token.kind == "attribute" and len(self.values) == top.base + 1
        )

    # -- items ---------------------------------------------------------------------------

    def keyword(self, name: Token) -> bool:
        """Begin an argument that is given by name; false where there is no function that takes one."""
        if not self.open or self.open[-1].kind != "call" or not isinstance(self.open[-1].act, ArrayFunction):
            return False
        self.open.append(Open("keyword", 0, None, name, len(self.values)))
        return True

    def _end_keyword(self) -> None:
        if self.open and self.open[-1].kind == "keyword":
            name = self.open.pop().token.text
            self.values[-1] = Keyword(name, self.values[-1])

    def next_item(self, token: Token) -> bool:
        """A comma between the items of a list, a tuple, a subscript or behind a keyword; false where it is none."""
        self._end_keyword()
        if not self.open:
            return False
        inner = self.open[-1]
        if inner.kind == "subscript":
            self.values.append(_COMMA)
        elif inner.kind == "(" and len(self.open) > 1:
            outer = self.open[-2]
            if outer.kind not in _HOLDS_TUPLES and not isinstance(outer.act, ArrayFunction):
                return False
            self.open[-1] = inner._replace(kind="tuple")
        elif inner.kind not in ("list", "tuple", "call"):
            return False
        return True

    def ends_arguments(self) -> None:
        """What a closing bracket ends beside the operators in front of it."""
        self._end_keyword()

    def _close(self, token: Token) -> None:
        """Close a list or a tuple."""
        inner = self.open.pop()
        self.depth -= 1
        items = self.values[inner.base :]
        self.values[inner.base :] = [items if inner.kind == "list" else tuple(items)]

    def result(self, value: Any, token: Token) -> Handle:
        """What has been read as an expression.

        Raises
        ------
        ParseError
            For a list, a tuple, or a method that was not called.
        """
        if not isinstance(value, Handle):
            shown = f"a {type(value).__name__}" if isinstance(value, (list, tuple)) else repr(value)
            raise self.error(token.at, f"expected an expression, found {shown}")
        return value

    def close_tuple(self, inner: Open) -> None:
        """Make one value of the items of a tuple, whose bracket is closed."""
        self.values[inner.base :] = [tuple(self.values[inner.base :])]

    def _subscript(self, token: Token) -> None:
        """Take what a key between brackets says."""
        inner = self.open.pop()
        self.depth -= 1
        items = self.values[inner.base :]
        del self.values[inner.base :]
        if items and items[-1] is _COMMA:
            items.pop()
        base = self.values.pop()
        self.values.append(self._taken(base, self._key(items, inner.token), inner.token))

    def _key(self, items: Sequence[Any], token: Token) -> Any:
        """The items of a subscript as Python has them: slices for what is parted by colons."""
        parts: list[list[Any]] = [[]]
        for item in items:
            if item is _COMMA:
                parts.append([])
            else:
                parts[-1].append(item)
        try:
            found = [_item(part) for part in parts]
        except SymdiffError as error:
            raise self.error(token.at, str(error)) from error
        return found[0] if len(found) == 1 else tuple(found)

    # -- names -----------------------------------------------------------------------------

    def array_named(self, name: str, token: Token) -> Handle | None:
        """The array, size or entry of an array that a name means."""
        if self.arrays is NO_ARRAYS and name[-1] != "]" and name not in _NUMBERS:
            return None
        found = self.arrays.find(self.graph, name)
        if found is not None:
            return found
        at = element(name)
        if at is None:
            return self._infinity(name)
        base: Any = self.parts.get(at[0])
        base = self.arrays.find(self.graph, at[0]) if base is None else base
        return self._taken(base, at[1], token) if is_array(base) else None

    def _taken(self, base: Any, key: Any, token: Token) -> Any:
        try:
            return base[key]
        except (SymdiffError, TypeError) as error:
            raise self.error(token.at, str(error)) from error

    def _infinity(self, name: str) -> Handle | None:
        if name not in _NUMBERS or not any(o.kind == "list" for o in self.open):
            return None
        return handle(self.graph, self.graph.const(_NUMBERS[name]))


def _closes(text: str) -> bool:
    """Whether the bracket that a text begins with is closed at its end."""
    depth = 0
    for k, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return k == len(text) - 1
    return False


def _is_result(value: Any) -> bool:
    """Whether a value is several results of one function, which have names."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _is_index(value: Any) -> bool:
    """Whether what stands in a subscript is an index array, no number or size."""
    if not isinstance(value, Handle):
        return False
    graph = value.graph
    given = any(graph.nodes[i][0] == VAR for i in graph.cone([value._index])) or value._index in graph.shapes
    return given and is_whole(graph, value._index)


def _item(part: Sequence[Any]) -> Any:
    if not any(p is _COLON for p in part):
        (value,) = part
        if _is_index(value):
            return value
        return list(parameter(value)) if isinstance(value, list) else parameter(value)
    ends: list[Any] = [None]
    for p in part:
        if p is _COLON:
            ends.append(None)
        else:
            ends[-1] = parameter(p)
    if len(ends) > 3:
        raise SymdiffTypeError("a range has at most two colons, as in X[1:9:2]")
    return slice(*ends)
