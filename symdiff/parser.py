"""Text to expressions: an operator-precedence parser over a tokenizer, without `eval`.

Two stacks hold what is open, so neither the depth of brackets nor the length of
a sum matters, and a text is read in one pass (Dijkstra's shunting yard, 1961).
Names are variables unless they are called; only `pi` is a constant. Where a name is meant that is
no identifier, or a number of more digits than a float has, it stands in quotes: `Var("x-1")`, `mpf("1.25")`.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from symdiff import array_functions, ops
from symdiff.array_calls import array_function_named
from symdiff.array_syntax import NO_ARRAYS, Arrays, ArraySyntax, Open, Token
from symdiff.build import build
from symdiff.constants import PI, NamedConstant
from symdiff.digits import complex_of, from_decimal
from symdiff.errors import ParseError, SymdiffError, SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph, Variable
from symdiff.handle import Handle, as_handle, handle, variable_in
from symdiff.names import EULER, INDEX, INFINITIES, canonical, is_text, names_part, quoted
from symdiff.parts import shared_parts
from symdiff.records import Operation
from symdiff.spellings import function_named, nearest, not_equal, piecewise

MAX_DIGITS = 20_000  # digit limit of a whole number
_PLAIN_DIGITS = 4000  # digit limit of int(): Python itself reads no more than 4300

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f\r]+|\\\n)
    |(?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?[jJ]?)
    |(?P<name>[^\W\d]\w*)(?:(?P<element>INDEX)|(?<=\bVar|\bmpf|\bmpc)(?P<quoted>
        \([ ]*"(?:[^"\\\n]|\\.)*"(?:,[ ]*"(?:[^"\\\n]|\\.)*")?[ ]*\)))?
    |(?P<symbol>\*\*|//|<=|>=|==|!=|[-+*/%()<>&|~,;=\n@\[\]:]|\.\.\.)
    |(?P<attribute>\.[ ]*[^\W\d]\w*)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""".replace("INDEX", INDEX),
    re.VERBOSE,
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_OTHER_BASE = re.compile(r"0(?:[xX][0-9a-fA-F]{1,16}|[oO][0-7]{1,16}|[bB][01]{1,16})")
_LOOSE_UNDERSCORE = re.compile(r"_(?![0-9])|(?<![0-9])_")

# Precedence of what stands between operands, as in Python.
IF, OR, AND, NOT, COMPARE, BIT_OR, BIT_AND, SUM, PRODUCT, SIGN, POWER = range(1, 12)


_INFIX: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "or": (OR, ops.logical_or),
    "and": (AND, ops.logical_and),
    "<": (COMPARE, ops.less),
    "<=": (COMPARE, ops.less_equal),
    ">": (COMPARE, ops.greater),
    ">=": (COMPARE, ops.greater_equal),
    "==": (COMPARE, ops.equal),
    "!=": (COMPARE, not_equal),
    "|": (BIT_OR, ops.logical_or),
    "&": (BIT_AND, ops.logical_and),
    "+": (SUM, ops.add),
    "-": (SUM, ops.sub),
    "*": (PRODUCT, ops.mul),
    "/": (PRODUCT, ops.div),
    "@": (PRODUCT, array_functions.matmul),
    "//": (PRODUCT, ops.floor_divide),
    "%": (PRODUCT, ops.mod),
    "**": (POWER, ops.pow),
}
_PREFIX: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "not": (NOT, ops.logical_not),
    "-": (SIGN, ops.neg),
    "+": (SIGN, lambda x: x),
    "~": (SIGN, ops.logical_not),
}
_HINTS = {
    "^": "write ** for a power",
    ".": "attributes are not read; a number such as .5 is",
    "[": "an index is of whole numbers from 0 on, as in w[0, 1]",
    "]": "an index is of whole numbers from 0 on, as in w[0, 1]",
    "|": "write abs(x) for an absolute value",
    "{": "braces are not read",
    "}": "braces are not read",
    "'": 'strings are read as names, in double quotes: Var("x-1")',
    '"': 'strings are read as names, Var("x-1"), and as numbers, mpf("1.25")',
    ":": "slices, lambdas and types are not read",
    "!": "write ~ or not for negation, gamma(n + 1) for a factorial",
    "∞": "write 1/0 for infinity",
    "−": "write - for minus",
    "–": "write - for minus",
    "×": "write * for a product",
    "·": "write * for a product",
    "÷": "write / for a quotient",
    "√": "write sqrt(x) for a root",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "\xa0": "it looks like a space; write a plain one",
    "=": "write == to compare; only shared parts are assigned, as in z1 = x + 1; z1**2",
}


_DIGITS = "0123456789"
_AUTOMATIC = re.compile(r"z+[0-9]+")  # names that text gives to parts of its own accord
_STRINGS = {"Var": 'Var("x-1")', "mpf": 'mpf("1.25")', "mpc": 'mpc("1.25", "-2")'}  # names called with strings


# -- the parser ------------------------------------------------------------------------


class _Parser(ArraySyntax):
    def __init__(self, text: str, graph: Graph, arrays: Arrays) -> None:
        self.text = text
        self.graph = graph
        self.arrays = arrays
        self.values: list[Any] = []  # expressions, and the pairs of a Piecewise
        self.open: list[Open] = []
        self.depth = 0
        self.parts: dict[str, Handle] = {}
        self.seen: dict[str, Handle] = {}
        self.before: Token | None = None
        self.resume = -1
        self.results: list[Handle] | None = None  # all results, where there may be several

    def inner(self, text: str, shapes: Mapping[str, Any], integers: Collection[str]) -> list[Handle]:
        """The results of the body of a loop, in a graph of its own; recursion as deep as loops are within loops."""
        with Graph() as graph:
            parser = _Parser(text, graph, Arrays(dict(shapes), (), integers))
            parser.results = []
            last = parser.run()
            return [*parser.results, last]

    # -- errors

    def error(self, at: int, message: str) -> ParseError:
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return ParseError(f"line {line}, column {column}: {message}", line, column)

    def unexpected(self, token: Token, expected: str, hint: str = "") -> ParseError:
        found = {"\n": "the end of the line", "": "the end of the text"}.get(token.text, repr(token.text))
        hint = hint or _HINTS.get(token.text[:1] if token.kind == "string" else token.text, "")
        return self.error(token.at, f"expected {expected}, found {found}" + f" ({hint})" * bool(hint))

    def product(self, token: Token) -> str:
        """What to write where two factors stand side by side: `2*x` for `2x`."""
        before = self.before
        if before is not None and _OTHER_BASE.fullmatch(before.text + token.text) and token.at == before.at + 1:
            return f"write {int(before.text + token.text, 0)}: whole numbers are decimal"
        if (token.kind in ("symbol", "end", "string") and token.text != "(") or keyword.iskeyword(token.text):
            return ""
        if before is None or before.kind == "symbol" or token.text == "(" or len(before.text + token.text) > 40:
            return "write * for a product"
        if before.kind == "number" and token.text in ("i", "I"):
            return f"write {before.text}j for the imaginary unit"
        if before.kind == "name" and function_named(before.text) is not None:
            return f"write {before.text}({token.text})"
        return f"write {before.text}*{token.text}" if token.kind != "number" else ""

    # -- tokens

    def tokens(self) -> Iterator[Token]:
        text, at = self.text, 0
        match = _TOKEN.match
        while at < len(text):
            found = match(text, at)
            if found is None:
                char = text[at]
                hint = _HINTS.get(char, "that character has no meaning here")
                raise self.error(at, f"{char!r} is not understood: {hint}")
            kind = found.lastgroup or ""
            if kind != "space":
                piece = found.group()
                if piece != "\n" or not self.depth:
                    yield Token(kind, piece, at)
            at = found.end() if self.resume < 0 else self.resume
            self.resume = -1
        yield Token("end", "", at)

    # -- the loop

    def run(self) -> Handle:
        """The last expression of the text."""
        result: Handle | None = None
        name: Token | None = None  # name of the part that is being defined
        start = True
        operand = True  # expect an operand, not an operator
        pending: Token | None = None  # name whose meaning the next token decides
        for token in self.tokens():
            if pending is not None:
                if token.text == "=" and start and not self.open:
                    name, pending, operand, start = self._new_part(pending, name), None, True, False
                    continue
                if token.text == "=" and self.keyword(pending):
                    pending, operand, start = None, True, False
                    continue
                if token.text == "(":
                    self._call(pending)
                    pending, operand, start = None, True, False
                    continue
                self.values.append(self._named(pending))
                if token.text == "**" and pending.text in EULER and pending.text not in self.parts:
                    self._reduce(POWER + 1)
                    self.open.append(Open("infix", POWER, _power_of_e, token, len(self.values)))
                    pending, operand, start = None, True, False
                    continue
                pending, operand, start = None, False, False
            if token.text in (";", "\n", "") and token.kind != "name":
                if operand and not self.open and name is None and (token.text != ";" or result is not None):
                    continue  # skip an empty line, or the end after a last ;
                if operand:
                    raise self.unexpected(token, "a number, a name or '('")
                value = self._close_all(token)
                if result is not None and self.results is not None and name is None:
                    self.results.append(result)
                elif result is not None:
                    raise self.error(token.at, "the text has more than one result; one expression is read")
                if name is not None:
                    self._define(name.text, value)
                else:
                    result = value
                name, start, operand = None, True, True
            elif operand:
                operand, pending = self._operand(token)
                start = start and pending is not None
            else:
                operand = self._operator(token)
            self.before = token
        if result is None:
            raise self.error(len(self.text), "expected an expression, found nothing")
        if self.parts:
            self._note_parts(result)
        return result

    def _define(self, name: str, value: Handle) -> None:
        """Keep a part; the name is noted at once, as products take no array apart that has one."""
        self.parts[name] = value
        given = names_part(name) and not _AUTOMATIC.fullmatch(name)
        if given and value._graph is self.graph and self.graph.nodes[value._index][0] > VAR:
            self.graph.note(value._index, name)

    def _note_parts(self, result: Handle) -> None:
        """Note the names of parts, but for those that text gives parts of its own accord."""
        graph = self.graph
        parts = {name: part._index for name, part in self.parts.items() if part._graph is graph and names_part(name)}
        parts = {name: i for name, i in parts.items() if graph.nodes[i][0] > VAR}
        numbered = [name for name in parts if _AUTOMATIC.fullmatch(name)]
        longest = max([len(name.rstrip(_DIGITS)) for name in numbered], default=0)
        automatic = {name: parts[name] for name in numbered if len(name.rstrip(_DIGITS)) == longest}
        for name, i in parts.items():
            if name not in automatic:
                graph.note(i, name)
        root = [result._index]
        if automatic and not {*automatic.values()} <= {*shared_parts(graph, root, graph.cone(root))}:
            for name, i in automatic.items():
                graph.note(i, name)

    def _operand(self, token: Token) -> tuple[bool, Token | None]:
        """Read a token where an operand is expected; whether one still is, and a name to look at again."""
        if token.kind == "number":
            self.values.append(as_handle(self._number(token)))
            return False, None
        if token.kind in ("element", "quoted"):
            self.values.append(self._named(token) if token.kind == "element" else self._quoted(token))
            return False, None
        if token.text in _PREFIX:
            precedence, act = _PREFIX[token.text]
            self.open.append(Open("prefix", precedence, act, token, len(self.values)))
            return True, None
        if token.text == "(":
            in_pieces = bool(self.open) and self.open[-1].act is piecewise
            self._bracket("pair" if in_pieces else "(", token, None)
            return True, None
        if token.text in ("True", "False"):
            self.values.append(as_handle(token.text == "True"))
            return False, None
        if token.kind == "name" and not keyword.iskeyword(token.text):
            return False, token
        if self.closes_method(token):
            self._close_bracket(token)
            return False, None
        more = self.array_operand(token)
        if more is not None:
            return more, None
        if token.text == ")" and self.open and self.open[-1].kind == "call" and self.open[-1].act is not None:
            raise self.error(token.at, f"{self.open[-1].token.text} is called without an operand")
        raise self.unexpected(token, "a number, a name or '('")

    def _operator(self, token: Token) -> bool:
        """Read a token where an operator is expected; whether an operand is expected next."""
        if token.text in _INFIX:
            self._infix(token)
            return True
        if token.text == ")":
            self._close_bracket(token)
            return False
        if token.text == ",":
            self._reduce(0)
            if (not self.open or self.open[-1].kind not in ("call", "pair")) and not self.next_item(token):
                raise self.unexpected(token, "an operator" + (" or ')'" if self.open else ""))
            return True
        if token.text == "if":
            self._reduce(IF + 1)
            self.open.append(Open("if", 0, None, token, len(self.values)))
            self.depth += 1
            return True
        if token.text == "else":
            self._reduce(0)
            if not self.open or self.open[-1].kind != "if":
                raise self.unexpected(token, "an operator: there is no 'if' before this 'else'")
            self.open[-1] = Open("else", IF, None, token, len(self.values))
            self.depth -= 1
            return True
        more = self.array_operator(token)
        if more is not None:
            return more
        expected = "an operator or the end" if self.depth == 0 else "an operator, ',' or ')'"
        raise self.unexpected(token, expected, self.product(token))

    # -- pieces

    def _number(self, token: Token) -> Any:
        text = token.text
        if "_" in text:
            if _LOOSE_UNDERSCORE.search(text):
                raise self.error(token.at, f"{text[:30]}: an underscore in a number stands between two digits")
            text = text.replace("_", "")
        if text.endswith(("j", "J")):
            return complex(0.0, self._float(text[:-1], token))
        if text.isdigit():
            if len(text) > MAX_DIGITS:
                raise self.error(token.at, f"a whole number has at most {MAX_DIGITS:,} digits, not {len(text):,}")
            return int(text if len(text) <= _PLAIN_DIGITS else Decimal(text))
        return self._float(text, token)

    def _float(self, text: str, token: Token) -> float:
        value = float(text)
        if math.isinf(value):
            raise self.error(token.at, f"{text[:30]} is too large for a float, which ends at 1.8e308")
        return value

    def _named(self, token: Token) -> Handle:
        name = canonical(token.text)
        found = self.parts.get(name, self.seen.get(name))
        if found is None:
            found = self.array_named(name, token)
            if found is not None:
                self.seen[name] = found
        if found is None:
            self._check_name(token)
            if name in INFINITIES:
                number = "0/0 for what is no number" if name.lower() == "nan" else "1/0 for infinity"
                raise self.error(token.at, f"{name} has no meaning here: write {number}, {quoted(name)} for a variable")
            found = pi_of(self.graph) if name == "pi" else variable_in(self.graph, Variable(name))
            self.seen[name] = found
        return found

    def _check_name(self, token: Token) -> None:
        word = token.text.partition("[")[0]
        if not word.isidentifier():  # refuse what is letters to a regular expression, not to Python: x², ½
            raise self.error(token.at, f"{word[:40]!r} can't be a name: write ** for a power, 1/2 for a half")
        if word != token.text and (keyword.iskeyword(word) or word == "pi"):
            raise self.error(token.at, f"{word} is no array of variables, of which [ ] would be an element")

    def _quoted(self, token: Token) -> Handle:
        """A name of any spelling, or a number of any number of digits."""
        import json  # not cheap to import, and seldom needed

        kind = token.text[:3]
        strings = _QUOTED.findall(token.text)
        if len(strings) != (2 if kind == "mpc" else 1):
            raise self.error(token.at, f"{kind} is written {_STRINGS[kind]}")
        try:
            texts = [json.loads(string, strict=False) for string in strings]
            if kind == "Var" and is_text(texts[0]):
                found = self.arrays.find(self.graph, texts[0], plain=False)
                return variable_in(self.graph, Variable(texts[0])) if found is None else found
            parts = [from_decimal(text) for text in texts]
        except ValueError as error:
            raise self.error(token.at, f"{token.text[:40]} can't be read: {error}") from error
        return as_handle(parts[0] if kind == "mpf" else complex_of(*parts))

    def _new_part(self, token: Token, outer: Token | None) -> Token:
        self._check_name(token)
        if outer is not None or token.text in self.parts or token.text == "pi":
            raise self.error(token.at, f"{token.text} can't be assigned: a part is named once, and not pi")
        if token.text in self.seen:
            raise self.error(token.at, f"{token.text} is used before it is assigned")
        return token

    def _call(self, token: Token) -> None:
        function = function_named(token.text)
        function = array_function_named(token.text, function) or function
        if function is None:
            near = nearest(token.text)
            if token.text in _STRINGS:
                raise self.error(token.at, f"{token.text} is written with double quotes: {_STRINGS[token.text]}")
            hint = f"; did you mean {near}?" if near else "; for a product write *"
            raise self.error(token.at, f"there is no function {token.text[:40]!r}{hint}")
        self._bracket("call", token, function)

    def _bracket(self, kind: str, token: Token, act: Any) -> None:
        self.open.append(Open(kind, 0, act, token, len(self.values)))
        self.depth += 1

    # -- closing what is open

    def _infix(self, token: Token) -> None:
        precedence, act = _INFIX[token.text]
        if precedence == COMPARE:
            self._reduce(COMPARE + 1)
            if self.open and self.open[-1].kind == "infix" and self.open[-1].precedence == COMPARE:
                middle = self.values[-1]  # chain: a < b < c means a < b and b < c
                self._apply_top()
                self.open.append(Open("chain", COMPARE, ops.logical_and, token, len(self.values)))
                self.values.append(middle)
        else:
            self._reduce(precedence + 1 if precedence == POWER else precedence)
        self.open.append(Open("infix", precedence, act, token, len(self.values)))

    def _reduce(self, precedence: int) -> None:
        """Apply the operators on top that bind at least so tightly."""
        precedence = precedence or 1
        while self.open and self.open[-1].precedence >= precedence:
            self._apply_top()

    def _apply_top(self) -> None:
        top = self.open.pop()
        values = self.values
        if type(top.act) is Operation and top.kind == "infix":
            left, right = values[-2:]
            fast = isinstance(left, Handle) and isinstance(right, Handle) and not self.graph.shapes
            if fast:  # most of what is read
                values.pop()
                values[-1] = handle(self.graph, build(self.graph, top.act.opcode, (left._index, right._index)))
                return
        act, count = (ops.where, 3) if top.kind == "else" else (top.act, 1 if top.kind == "prefix" else 2)
        arguments = values[-count:]
        del values[-count:]
        if act is ops.where:  # order the operands of `a if c else b`
            arguments = [arguments[1], arguments[0], arguments[2]]
        values.append(self._applied(act, arguments, top.token))

    def _applied(self, act: Callable[..., Any], arguments: Sequence[Any], token: Token) -> Handle:
        try:
            return act(*arguments)  # type: ignore[no-any-return]
        except SymdiffError as error:
            raise self.error(token.at, str(error)) from error
        except TypeError as error:
            message = f"{token.text} does not take {len(arguments)} operands"
            raise self.error(token.at, message) from error

    def _close_bracket(self, token: Token) -> None:
        self._reduce(0)
        self.ends_arguments()
        if not self.open:
            raise self.error(token.at, "this ')' closes nothing")
        top = self.open.pop()
        if top.kind == "if":
            raise self.unexpected(token, "'else'")
        self.depth -= 1
        if top.kind == "call":
            arguments = self.values[top.base :]
            del self.values[top.base :]
            self.values.append(self._applied(top.act, arguments, top.token))
        elif top.kind == "tuple":
            self.close_tuple(top)
        elif top.kind == "pair" and len(self.values) - top.base > 1:
            self.values[top.base :] = [tuple(self.values[top.base :])]

    def _close_all(self, token: Token) -> Handle:
        self._reduce(0)
        if self.open:
            top = self.open[-1]
            expected = "'else'" if top.kind == "if" else "']'" if top.token.text == "[" else "')'"
            line = self.text.count("\n", 0, top.token.at) + 1
            column = top.token.at - (self.text.rfind("\n", 0, top.token.at) + 1) + 1
            raise self.unexpected(token, f"{expected} for the {top.token.text!r} of line {line}, column {column}")
        return self.result(self.values.pop(), token)


def _power_of_e(base: Handle, exponent: Handle) -> Any:
    """A power of a variable called e: of numbers only, for what else would be the exponential function."""
    name = base._cell.name
    leaf = exponent.graph.leaves.get(exponent._index)
    if leaf is None or isinstance(leaf, (Variable, NamedConstant)):
        shown = leaf.name if isinstance(leaf, (Variable, NamedConstant)) else "…"
        raise SymdiffValueError(
            f"{name} is a variable here: write exp({shown}) for a power of Euler's number, "
            f"{quoted(name)}**… for one of the variable"
        )
    return ops.pow(base, exponent)


def pi_of(graph: Graph) -> Handle:
    """The constant pi in a graph."""
    return handle(graph, graph.const(PI))


def parse(
    text: str, shapes: Mapping[str, Any] | None = None, symmetric: Collection[str] = (), integers: Collection[str] = ()
) -> Handle:
    """An expression from text, in a graph of its own.

    Python's arithmetic, comparisons, `and`, `or`, `not`, `a if c else b`, and
    every operation under its names in Python, NumPy and SymPy. Whole numbers
    and their quotients are exact, `0.1` is the float, `mpf("0.1000000000000000000001")`
    keeps all digits. Names are variables, `w[0, 1]` is an element of an array of them, and
    `Var("x-1")` has a name that is no identifier. Shared parts are given as
    `z1 = x + 1; z1**2`. Nothing is ever evaluated as code.

    Of arrays, NumPy's `@`, `.T`, slices, methods, functions and arguments such as `axis=1` are read.

    Parameters
    ----------
    text : str
    shapes : mapping, optional
        The shapes of variables that are arrays, by name: `{"X": ("n", 2), "w": 2}`.
        Names of sizes may stand in the text.
    symmetric : collection of str, optional
        The names of those that are symmetric matrices.
    integers : collection of str, optional
        The names of variables of ints, such as those of index arrays.

    Raises
    ------
    ParseError
        A SymdiffError and ValueError that tells line, column and what was expected.

    >>> import symdiff as sd
    >>> sd.parse("x**2*y + ln(y)/3").gradient("y")
    x**2 + 1/(3*y)
    >>> sd.parse("((X @ w - y)**2).sum()", {"X": (100, 2), "w": 2, "y": 100})
    ((X @ w - y)**2).sum()
    """
    if not isinstance(text, str):
        raise SymdiffTypeError(f"parse takes a string, not {text!r}")
    plain = shapes is None and not symmetric and not integers
    return parse_arrays(text, NO_ARRAYS if plain else Arrays(shapes, symmetric, integers))


def parse_arrays(text: str, arrays: Arrays) -> Handle:
    """An expression from text, in a graph of its own, of which arrays have the names that are given."""
    with Graph() as graph:
        return _Parser(text, graph, arrays).run()
