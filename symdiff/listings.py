"""Tuples and dictionaries of expressions that may have very many: all else is theirs, `repr` shows where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_LETTERS = 4_000  # length of text after which entries are counted only


def beginning(entries: Iterator[str], count: int) -> Iterable[str]:
    """The first of some texts, and how many there are beside."""
    letters = 0
    for shown, entry in enumerate(entries):
        if letters > _LETTERS:
            yield f"… {count - shown:,} more"
            return
        letters += len(entry)
        yield entry


class Listing(tuple[Value, ...]):
    """A tuple of expressions."""

    __slots__ = ()

    def __repr__(self) -> str:
        comma = "," if len(self) == 1 else ""
        return f"({', '.join(beginning(map(repr, self), len(self)))}{comma})"


class ByNode(dict[Key, Value]):
    """What belongs to each of many expressions."""

    __slots__ = ()

    def __repr__(self) -> str:
        entries = (f"{key!r}: {value!r}" for key, value in self.items())
        return f"{{{', '.join(beginning(entries, len(self)))}}}"
