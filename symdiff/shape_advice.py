"""What to write where shapes do not fit: for products of matrices, for broadcasting, for axes."""

from __future__ import annotations

import re

from symdiff.shapes import Shape, broadcast

_ATOM = re.compile(r"\w+(\[[^\[\]]*\]|\.T)*")
_WORDS = re.compile(r"\w+( \w+)+")
_WRITTEN = 24  # length of a text that advice repeats


def of_product(a: str, left: Shape, b: str, right: Shape) -> str:
    """What may have been meant by `a @ b` of vectors and matrices, empty for more axes."""
    if len(left) > 2 or len(right) > 2:
        return ""
    start, a, b = _names(a, b)
    rows = right[-2] if len(right) > 1 else right[0]
    ways = []
    if len(left) == 2 and left[0] == rows:
        ways.append(f"{_turned(a)} @ {b}")
    if len(right) == 2 and left[-1] == right[-1]:
        ways.append(f"{a} @ {_turned(b)}")
    if right[-1] == left[0] and len(left) + len(right) > 2:
        ways.append(f"{b} @ {a}")
    if not ways and len(left) == len(right) == 1:
        ways.append(f"sd.outer({a}, {b})")
    return f"{start}{' or '.join(ways)}" if ways else ""


def of_broadcast(a: str, left: Shape, b: str, right: Shape) -> str:
    """What may have been meant by an operation entry by entry, as NumPy has it: shapes are aligned at their ends."""
    start, a, b = _names(a, b)
    for name, own, other in ((b, right, left), (a, left, right)):
        for front in range(1, len(other) - len(own) + 1):
            if own and other[: len(own)] == own and broadcast([(*own, *(1,) * front), other]) is not None:
                axes = ", ".join([":"] * len(own) + ["None"] * front)
                return f"{start}{name}[{axes}] for one of its entries in each row"
    for name, own, other in ((b, right, left), (a, left, right)):
        if len(own) == 2 and broadcast([own[::-1], other]) is not None:
            return f"{start}{_turned(name)}"
    if len(left) == len(right) == 1:
        return f"{start}{a}[:, None] and {b} for each entry with each"
    return ""


def of_axis(shape: Shape) -> str:
    """The axes that there are."""
    if not shape:
        return "it is a number"
    return "its only axis is 0" if len(shape) == 1 else f"its axes are {', '.join(map(str, range(len(shape))))}"


def _names(a: str, b: str) -> tuple[str, str, str]:
    """How advice starts, and the two as they stand in it: in brackets, or as letters where they are words or long."""
    if any("…" in text or len(text) > _WRITTEN or _WORDS.fullmatch(text) for text in (a, b)):
        return "; with a and b for them, write ", "a", "b"
    return "; write ", _bracketed(a), _bracketed(b)


def _bracketed(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"


def _turned(text: str) -> str:
    return text[:-2] if text.endswith(".T") else f"{text}.T"
