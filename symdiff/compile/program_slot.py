"""Objects that C calls: what native code is to do is in the first slot, where a method in C finds it.

Most of a call of `f(0.3)` by a method in Python is to look at the arguments: it takes four times as long as by C's.
"""

from __future__ import annotations

from typing import Any


class ProgramSlot:
    """A base whose slot stands behind the type of the object, whatever else a class adds to it."""

    __slots__ = ("program",)
    program: Any

    def become(self, kind: type, name: str, program: Any) -> None:
        """Be of a class whose calls go to a method of `entry.py` in C's terms, and all others where they went."""
        from symdiff.compile.backends.llvm.entry import method  # import late: there is native code now

        if "__call__" not in vars(kind):
            kind.__call__ = method(kind, name)  # type: ignore[method-assign]
        self.program = program
        self.__class__ = kind
