"""Arrays as people give them: shapes such as `X=100,2` or `w=n`, values as JSON lists, `@file.npy` or `@file.csv`."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.array_points import value_of
from symdiff.command.formulas import CommandError, whole_text
from symdiff.errors import SymdiffError
from symdiff.graph import Variable
from symdiff.shapes import Shape, bind, shape_of, shown

_SETTING = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)([^;=]*)")
_LISTED = re.compile(r"[-+.\deE\s]+(,[-+.\deE\s]+)+")  # numbers apart by commas: a vector without its brackets
_MAGIC = b"\x93NUMPY"  # mark of a file of NumPy's
_FILE = "@"  # mark of a value that is in a file


def read_shapes(settings: Sequence[str]) -> dict[str, Shape]:
    """The shapes that settings `name=sizes` say, sizes apart by commas: whole numbers and names.

    Raises
    ------
    CommandError
        For what is no shape, and a name given twice.

    >>> read_shapes(["X=100,2", "y=n - 1"])
    {'X': (100, 2), 'y': ('n - 1',)}
    """
    found: dict[str, Shape] = {}
    for setting in settings:
        match = _SETTING.fullmatch(setting)
        sizes = [size.strip() for size in match[2].strip("() ").rstrip(",").split(",")] if match else []
        if match is None or not all(sizes):
            raise CommandError(f"--shape takes name=size or name=size,size such as X=100,2 or w=n, not {setting!r}")
        if match[1] in found:
            raise CommandError(f"--shape gives {match[1]} twice")
        try:
            found[match[1]] = shape_of([int(size) if re.fullmatch(r"-?\d+", size) else size for size in sizes])
        except SymdiffError as error:
            raise CommandError(f"--shape {setting}: {error}") from error
    return found


def check_symmetric(names: Sequence[str], shapes: Mapping[str, Shape]) -> None:
    """Refuse symmetric matrices that are not square, and those without a shape.

    Raises
    ------
    CommandError
        Naming the variable.
    """
    for name in names:
        shape = shapes.get(name)
        if shape is None:
            raise CommandError(f"--symmetric {name} is of an array: give its shape too, such as --shape {name}=3,3")
        if len(shape) != 2 or shape[0] != shape[1]:
            raise CommandError(
                f"--symmetric {name}: a symmetric variable is a square matrix, not of shape {shown(shape)}"
            )


def is_array(text: str) -> bool:
    """Whether a value is that of an array."""
    return text.startswith(("[", _FILE)) or _LISTED.fullmatch(text) is not None


def read_array(name: str, text: str) -> Any:
    """An array from text: a JSON list, nested for a matrix, or `@` and the path of a file, NumPy's or one of numbers.

    Raises
    ------
    CommandError
        For what is none of both, and for a list whose rows differ in length or hold something else than numbers.

    >>> read_array("X", "[[1, 2], [3, 4]]")
    [[1, 2], [3, 4]]
    >>> read_array("w", "1,2.5")
    [1, 2.5]
    """
    if text.startswith(_FILE):
        return _of_file(name, text[len(_FILE) :])
    try:
        found = json.loads(text if text.startswith("[") else f"[{text}]")
        array = np.array(found)
    except ValueError as error:
        raise CommandError(
            f"the value of {name} is a list such as [1, 2] or [[1, 2], [3, 4]], not {text!r:.60}"
        ) from error
    if array.size and array.dtype.kind not in "if":
        raise CommandError(f"the value of {name} is a list of numbers, not {text!r:.60}")
    return found


def _of_file(name: str, path: str) -> Any:
    if not path.endswith((".npy", ".csv")):
        raise CommandError(
            f"the value of {name}: a file of an array ends in .npy, as np.save writes it, or in .csv, not {path!r}"
        )
    try:
        return _of_numpy(path) if path.endswith(".npy") else _of_text(path)
    except OSError as error:
        raise CommandError(f"the value of {name}: {path!r} can't be read: {error.strerror or error}") from error
    except (ValueError, EOFError, MemoryError) as error:
        raise CommandError(f"the value of {name}: {path!r} is no file of an array of numbers: {error}") from error
    except CommandError as error:
        raise CommandError(f"the value of {name}: {error}") from error


def _of_numpy(path: str) -> Any:
    with open(path, "rb") as file:
        if not file.read(len(_MAGIC)).startswith(_MAGIC):  # NumPy would take it for a pickle, and advise to load that
            raise ValueError("it does not begin as np.save writes them")
    return np.load(path, allow_pickle=False)


def _of_text(path: str) -> Any:
    with open(path, encoding="utf-8-sig") as file:
        return np.loadtxt(io.StringIO(whole_text(file, path)), delimiter=",")


def check_values(cells: Sequence[Variable], given: Mapping[str, Any]) -> dict[str, int]:
    """Refuse values that are not of the shapes of their variables; what the names of sizes stand for.

    Raises
    ------
    CommandError
        Naming variable and shapes.
    """
    sizes: dict[str, int] = {}
    for cell in cells:
        if cell.name not in given:
            continue
        value = given[cell.name]
        try:
            if cell.shape:
                bind(cell.name, cell.shape, np.shape(value_of(cell, value)), sizes)
            elif isinstance(value, (list, np.ndarray)):
                raise CommandError(f"{cell.name} is a number; --shape {cell.name}={_sizes(value)} makes it an array")
        except SymdiffError as error:
            raise CommandError(f"--at: {error}") from error
    return sizes


def _sizes(value: Any) -> str:
    return ",".join(map(str, np.shape(value)))
