"""Names of variables: identifiers, elements of arrays such as `w[0, 0]`, and whatever else neighbours bring.

Text writes a name as it is where it reads back as that variable, else as `Var("x-1")`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from typing import Any

from symdiff.errors import SymdiffTypeError, SymdiffValueError

INDEX = r"\[[ ]*[0-9]{1,18}[ ]*(?:,[ ]*[0-9]{1,18}[ ]*)*\]"  # an index in any spelling that is read
ELEMENT = rf"[^\W\d]\w*{INDEX}"
_ELEMENT = re.compile(ELEMENT)
_WORD = re.compile(r"[^\W\d]\w*")  # a name, as the parser takes one
# Names that others print what is not finite by; none is plain in text.
INFINITIES = ("oo", "zoo", "inf", "Inf", "infinity", "Infinity", "nan", "NaN")
EULER = ("e", "E")  # names that are Euler's number elsewhere, and variables here
_NUMBERS = {
    **dict.fromkeys(EULER, "exp(1) for Euler's number"),
    **dict.fromkeys(("Pi", "PI", "π"), "pi for the number"),
    "I": "1j for the unit",
}


def element_name(base: str, index: Sequence[int]) -> str:
    """The name of an element of an array of variables.

    >>> element_name("w", (10, 0))
    'w[10, 0]'
    """
    return f"{base}[{', '.join(map(str, index))}]"


def element(name: Any) -> tuple[str, tuple[int, ...]] | None:
    """The array and the index that a name means, None where it names no element.

    >>> element("w[10, 0]"), element("w")
    (('w', (10, 0)), None)
    """
    if type(name) is not str or not name.endswith("]") or not _ELEMENT.fullmatch(name):
        return None
    base, _, index = name[:-1].partition("[")
    return (base, tuple(map(int, index.split(",")))) if base.isidentifier() else None


def canonical(name: Any) -> Any:
    """A name with an index spelled as it prints: `w[0,0]` as `w[0, 0]`; others as they are."""
    found = element(name)
    return name if found is None else element_name(*found)


def check_name(name: Any) -> str:
    """A variable's name as Python code may give it: an identifier, or that of an element.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For a name that is no string, no identifier, a keyword, or `pi`.
    """
    if not isinstance(name, str):
        raise SymdiffTypeError(f"a variable's name is a string, not {name!r}")
    found = element(name)
    word = name if found is None else found[0]
    if not word.isidentifier() or keyword.iskeyword(word):
        raise SymdiffValueError(
            f"{name!r} can't name a variable: use letters, digits and underscores, "
            "not starting with a digit, and no Python keyword; an index such as [0, 1] names an element"
        )
    if word == "pi":
        raise SymdiffValueError("'pi' is the constant sd.pi; give the variable another name")
    return canonical(name)  # type: ignore[no-any-return]


def names_part(name: str) -> bool:
    """Whether a part of an expression can have the name: an identifier that means nothing else where text is read."""
    plain = _WORD.fullmatch(name) and name.isidentifier() and not keyword.iskeyword(name)
    return bool(plain) and name not in ("pi", *INFINITIES)


def number_hints(names: Sequence[str]) -> str:
    """What to write for names that are numbers elsewhere, and variables here without a value; empty for others.

    >>> print("no value for I" + number_hints(["I", "x"]))
    no value for I; I is a variable: write 1j for the unit
    """
    return "".join([f"; {name} is a variable: write {_NUMBERS[name]}" for name in names if name in _NUMBERS])


def is_name(text: str) -> bool:
    """Whether a text is an identifier or names an element."""
    return text.isidentifier() or element(text) is not None


def is_text(name: str) -> bool:
    """Whether a string can be written at all: halves of surrogate pairs can't."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def written(name: str) -> str:
    """A name as text that reads back as the variable.

    >>> print(written("x"), written("w[0, 1]"), written("x-1"), written("pi"))
    x w[0, 1] Var("x-1") Var("pi")
    """
    found = element(name)
    word = name if found is None else found[0]
    plain = _WORD.fullmatch(word) and word.isidentifier() and not keyword.iskeyword(word) and word != "pi"
    if plain and word not in INFINITIES and canonical(name) == name:
        return name
    return quoted(name)


def quoted(name: str) -> str:
    """A name of any spelling as text: `Var("x-1")`."""
    import json  # not cheap to import, and seldom needed

    return f"Var({json.dumps(name, ensure_ascii=not name.isprintable())})"


def distinct(names: Sequence[str]) -> list[str]:
    """The same names, but for a second of one name, which gets a number behind it that makes it another.

    >>> distinct(["x", "x", "x_1", "x"])
    ['x', 'x_2', 'x_1', 'x_3']
    """
    taken = set(names)
    if len(taken) == len(names):
        return list(names)
    seen: dict[str, int] = {}
    found = []
    for name in names:
        count = seen.get(name)
        seen[name] = 0 if count is None else count
        other = name
        while count is not None and other in taken:
            count += 1
            other = f"{name}_{count}"
            seen[name] = count
        taken.add(other)
        found.append(other)
    return found


def identifiers(names: Sequence[str]) -> list[str]:
    """The same names, those of elements as identifiers that no other has: what arguments are called.

    >>> identifiers(["w[10, 0]", "w[1]", "w_1"])
    ['w_10_0', 'w_1_1', 'w_1']
    """
    found = [element(name) for name in names]
    order = sorted(range(len(names)), key=lambda k: found[k] is not None)
    spelled = [
        name if at is None else "_".join([at[0], *map(str, at[1])]) for name, at in zip(names, found, strict=True)
    ]
    made = list(names)
    for k, name in zip(order, distinct([spelled[k] for k in order]), strict=True):
        made[k] = name
    return made
