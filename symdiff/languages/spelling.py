"""How a language writes instructions: formats, the brackets that they need, and lines for what is used twice."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from string import Formatter
from typing import Any, NamedTuple

from symdiff.errors import SymdiffValueError
from symdiff.languages.recorded import CALL, HELPER, INFIX, NEGATE, NOT, Block, Helper, Instruction

CHOICE, OR, AND, COMPARE, SUM, PRODUCT, ATOM = range(7)  # how tightly text binds; a minus in front is a sum
WIDTH = 72  # length of text up to which what is used once stands where it is used
_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "and": AND, "or": OR}


class Template(NamedTuple):
    """A format of operands, how tightly each has to bind, and how tightly the whole does."""

    text: str
    needs: tuple[int, ...]
    level: int
    pieces: tuple[str, ...] = ()  # what stands around two operands in their order


class Term(NamedTuple):
    """A piece of code, and how tightly it binds."""

    text: str
    level: int = ATOM


class Names:
    """Names that are taken, and new ones beside them; `kept` are for those that users gave."""

    longest = 1000  # letters of a name

    def __init__(self, reserved: Iterable[str], kept: Iterable[str] = ()) -> None:
        self.taken = {self.key(name) for name in reserved}
        self.kept = {self.key(_identifier(name)) for name in kept}

    def key(self, name: str) -> str:
        """What is alike of names that a language takes for the same."""
        return name

    def fresh(self, wanted: str) -> str:
        """The name, with something behind it where it is taken or no plain identifier."""
        name = found = _identifier(wanted)[: self.longest]
        count = 1
        while self.key(found) in self.taken or found.endswith("__"):
            count += 1
            found = f"{name.rstrip('_')}_{count}"
        self.taken.add(self.key(found))
        return found

    def beside(self, wanted: str) -> str:
        """A name of what no user named: neither taken nor kept."""
        found, count = wanted, 1
        while self.key(found) in self.kept or self.key(found) in self.taken:
            count += 1
            found = f"{wanted}_{count}"
        self.taken.add(self.key(found))
        return found

    def prefix(self, letter: str) -> str:
        """Letters that with a number behind them are no name, taken or kept."""
        found = letter
        while any(re.fullmatch(found + r"\d+", name) for name in self.taken | self.kept):
            found += letter
        return found


class FoldedNames(Names):
    """Names of a language for which capitals are small letters."""

    def key(self, name: str) -> str:
        """The name in small letters."""
        return name.lower()


class FoldedWords(frozenset[str]):
    """Words, in small letters, which are in it in capitals too."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and super().__contains__(word.lower())


def _identifier(wanted: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", wanted)
    return name if name and name[0].isalpha() else f"v{name}"


class Speller(ABC):
    """The instructions of one language. `functions` are formats of calls by their names in C."""

    language: str
    functions: Mapping[str, str]
    native: Mapping[str, str] = {}  # formats of operations that it has as they are; read only
    infix: Mapping[str, str] = {}  # signs that are others than in C; read only
    negation = "!{0}"
    choice = "({0} ? {1} : {2})"
    choice_needs: tuple[int, ...] = (COMPARE, CHOICE, CHOICE)
    choice_level = ATOM
    spaced = ""  # what stands around the sign of a product
    reserved: frozenset[str] = frozenset()

    def __init__(self, prefix: str = "") -> None:
        self.helper_prefix = prefix  # in front of the names of helpers
        self._templates: dict[Instruction, Template] = {}

    @abstractmethod
    def number(self, value: float | bool) -> Term:
        """A constant, exactly."""

    @abstractmethod
    def assignment(self, name: str, text: str, condition: bool) -> str:
        """A line that gives a value a name."""

    @abstractmethod
    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper."""

    def template(self, what: Instruction, count: int) -> Template:
        """How an instruction of so many operands is written."""
        found = self._templates.get(what)
        if found is None or len(found.needs) != count:
            found = self._template(what, count)
            found = self._templates[what] = found._replace(pieces=_around_two(found.text) if count == 2 else ())
        return found

    def _template(self, what: Instruction, count: int) -> Template:
        if what.form == INFIX:
            level = _LEVELS.get(what.name, COMPARE)
            sign = self.infix.get(what.name, what.name)
            tight = level + (level in (SUM, PRODUCT, COMPARE))
            space = self.spaced if what.name in ("*", "/") else " "
            left = COMPARE if level == OR else level + (level == COMPARE)
            return Template(f"{{0}}{space}{sign}{space}{{1}}", (left, COMPARE if level == OR else tight), level)
        if what.form == NEGATE:
            return Template("-{0}", (PRODUCT,), SUM)
        if what.form == NOT:
            return Template(self.negation, (ATOM,), ATOM)
        if what.form == HELPER:
            name = f"{self.helper_prefix}{what.name}"
            return Template(self.called(name, count), (CHOICE,) * count, ATOM)
        if what.form == CALL:
            own = what.name.startswith("symdiff ")
            text = self.native[what.name[8:]] if own else self.functions[what.name]
            return Template(text, tuple([ATOM if f"{{{k}}}." in text else CHOICE for k in range(count)]), ATOM)
        return Template(self.choice, self.choice_needs, self.choice_level)

    def called(self, name: str, count: int) -> str:
        """The format of a call."""
        return f"{name}({', '.join([f'{{{k}}}' for k in range(count)])})"

    def apply(self, what: Instruction, *operands: Term) -> Term:
        """One instruction of some terms."""
        form, needs, level, _ = self.template(what, len(operands))
        texts = [t.text if t.level >= need else f"({t.text})" for t, need in zip(operands, needs, strict=True)]
        return Term(form.format(*texts), level)

    def infixed(self, a: Term, sign: str, b: Term) -> Term:
        """Two terms with a sign between them."""
        return self.apply(Instruction(INFIX, sign, sign not in "+-*/"), a, b)

    def lines(
        self,
        block: Block,
        inputs: Sequence[Term],
        name: Callable[[int], str],
        named: Collection[int] = (),
        span: range | None = None,
        kept: Collection[int] = (),
        known: list[Term] | None = None,
        uses: Sequence[int] | None = None,
    ) -> tuple[list[str], list[Term]]:
        """Lines that compute the steps of a block, or of a span of them, and the terms of all slots.

        `name` gives the name of a step that gets one: those that are used twice or are in `named` or `kept`, or long.
        `known` are terms of slots that other spans computed.
        """
        if known is None:
            known = [*inputs, *[self.number(value) for value in block.constants]]
            known += [Term("")] * len(block.steps)
        uses = block.uses() if uses is None else uses
        found: list[str] = []
        first, steps, operands = block.first, block.steps, block.operands
        templates = self._templates
        assignment = self.assignment
        term = tuple.__new__  # half the time of Term(…)
        for k in range(len(steps)) if span is None else span:
            what, slots = steps[k], operands[k]
            template = templates.get(what)
            if template is None or len(template[1]) != len(slots):
                template = self.template(what, len(slots))
            form, needs, level, pieces = template
            if pieces:  # fast path for most of them
                (text, tight), (second, other) = known[slots[0]], known[slots[1]]
                before, between, behind = pieces
                if tight < needs[0]:
                    text = f"({text})"
                if other < needs[1]:
                    second = f"({second})"
                text = f"{before}{text}{between}{second}{behind}"
            else:
                parts = []
                for j, need in zip(slots, needs, strict=True):
                    text, tight = known[j]
                    parts.append(text if tight >= need else f"({text})")
                text = form.format(*parts)
            slot = first + k
            if uses[slot] > 1 or len(text) > WIDTH or slot in named or slot in kept:
                own = name(slot)
                found.append(assignment(own, text, what.condition))
                known[slot] = term(Term, (own, ATOM))
            else:
                known[slot] = term(Term, (text, level))
        return found, known


def check_length(name: str, language: str, longest: int) -> None:
    """Refuse the name of a function that has more letters than a language takes.

    Raises
    ------
    SymdiffValueError
    """
    if len(name) > longest:
        raise SymdiffValueError(f"{name!r} has {len(name)} letters, and names in {language} have {longest} at most")


def _around_two(form: str) -> tuple[str, ...]:
    """The text around two operands of a format in their order; nothing of other formats."""
    parts = [(before, field) for before, field, _, _ in Formatter().parse(form)]
    if [field for _, field in parts if field is not None] != ["0", "1"]:
        return ()
    texts = [""]
    for before, field in parts:
        texts[-1] += before
        texts += [""] * (field is not None)
    return tuple(texts)


def float_text(value: float) -> str:
    """The shortest decimal that reads back as the same double."""
    return repr(float(value))


def spelled_number(value: Any, text: str) -> Term:
    """A number's text as a term: a minus in front binds like a sum."""
    return Term(text, SUM if text.startswith("-") else ATOM)


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
