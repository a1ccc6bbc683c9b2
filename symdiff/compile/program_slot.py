"""Where native code finds the program of a function: in the first slot of the object."""

from __future__ import annotations

from typing import Any


class ProgramSlot:
    """A base for objects that C looks into, whose slot stands behind the type, whatever else a class adds to it."""

    __slots__ = ("program",)
    program: Any
