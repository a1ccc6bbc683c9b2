"""The errors of the library: each is a `SymdiffError` and the builtin that fits."""

from __future__ import annotations


class SymdiffError(Exception):
    """Base of every error that symdiff raises itself."""


class SymdiffTypeError(SymdiffError, TypeError):
    """A value of a type that the operation does not take."""


class SymdiffValueError(SymdiffError, ValueError):
    """A value of the right type that does not fit, such as a negative order."""


class NoFormulaError(SymdiffTypeError):
    """A function of arrays that has no formula in scalars."""


class SymdiffIndexError(SymdiffError, IndexError):
    """A place outside of a matrix."""


class SymdiffAttributeError(SymdiffError, AttributeError):
    """A word of another library, with what to write here."""


class MissingValueError(SymdiffError, KeyError):
    """A variable that needs a value has none."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""  # override: KeyError would print the repr


class RenderError(SymdiffError, OSError):
    """A picture that could not be drawn or written."""


class MissingSolverError(SymdiffError, ImportError):
    """A solver that is not installed."""


class ParseError(SymdiffValueError):
    """Text that is no expression; `line` and `column`, from 1, say where."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        return ParseError, (self.args[0], self.line, self.column)
