"""Objects that C calls: the program of native code is in the first slot, where a method in C finds it.

Most of a call of `f(0.3)` by a method in Python is to look at the arguments: it takes four times as long as by C's.
"""

from __future__ import annotations

from typing import Any


class ProgramSlot:
    """A base whose slot stands behind the type of the object, whatever else a class adds to it."""

    __slots__ = ("program",)
    program: Any

    def become(self, kind: type, kernel: Any) -> None:
        """Be of a class whose calls with floats go to a kernel's code in C's terms, and all others where they went."""
        from symdiff.compile.backends.llvm.entry import number_method  # import late: there is native code now

        if "__call__" not in vars(kind):
            kind.__call__ = number_method(kind)  # type: ignore[method-assign]
        self.program = kernel.program()
        self.__class__ = kind
