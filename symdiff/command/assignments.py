"""Points as people give them: `x=3`, `y=1/3`, `z=pi/2`, and ranges such as `x=0:1:11`."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from symdiff.algebra.whole_arrays import as_array, elements
from symdiff.command.arrays_given import is_array, read_array
from symdiff.command.formulas import CommandError
from symdiff.errors import SymdiffError
from symdiff.names import ELEMENT, canonical, element

_SETTING = re.compile(rf"\s*({ELEMENT}|[^\W\d]\w*)\s*=(?!=)([^;]*)", re.DOTALL)
_NOT_FINITE = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "nan": math.nan}
_MOST = 10_000_000  # size limit of a range, in values


class Points:
    """What `--at` says: a value for each name, and values in turn for those with a range."""

    def __init__(self, fixed: dict[str, Any], ranges: dict[str, list[Any]]) -> None:
        self.fixed = fixed
        self.ranges = ranges

    def __bool__(self) -> bool:
        return bool(self.fixed or self.ranges)

    @property
    def names(self) -> list[str]:
        """The names that have values."""
        return [*self.fixed, *self.ranges]

    def among(self, names: Iterable[str]) -> Points:
        """Only what concerns some names: a range of another would repeat every row."""
        wanted = frozenset(names)
        return Points(
            {name: value for name, value in self.fixed.items() if name in wanted},
            {name: values for name, values in self.ranges.items() if name in wanted},
        )

    def by_element(self, names: Iterable[str]) -> Points:
        """The same, whole arrays by their elements where the names are those of elements.

        Raises
        ------
        CommandError
            For an array that is given as a whole and by elements, and one of other axes.
        """
        axes = {at[0]: len(at[1]) for at in map(element, names) if at is not None}
        fixed = dict(self.fixed)
        for base in sorted((axes.keys() & fixed.keys()) - set(names)):
            array = as_array(fixed.pop(base))
            if array.ndim != axes[base]:
                raise CommandError(
                    f"the value of {base} has the shape {array.shape}, its elements have {axes[base]} indices"
                )
            parts = dict(elements(base, array, axes[base]))
            twice = sorted(parts.keys() & {*fixed, *self.ranges})
            if twice:
                raise CommandError(f"--at gives {base} as a whole, and {twice[0]} too: give one of them")
            fixed.update(parts)
        return Points(fixed, self.ranges)

    def __len__(self) -> int:
        return math.prod([len(values) for values in self.ranges.values()])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Every combination, the last range fastest."""
        for values in itertools.product(*self.ranges.values()):
            yield {**self.fixed, **dict(zip(self.ranges, values, strict=True))}


def is_setting(text: str) -> bool:
    """Whether an argument is `name=value`, not a formula."""
    return bool(_SETTING.fullmatch(text))


def names_in(text: str) -> list[str]:
    """Names apart by commas, those within an index aside.

    >>> names_in("x, w[0, 1]")
    ['x', 'w[0, 1]']
    """
    return [name.strip() for name in re.split(r",(?![^\[]*\])", text) if name.strip()]


def read_points(settings: Sequence[str]) -> Points:
    """The points that settings `name=value` and `name=start:stop:count` say.

    Numbers are exact where they are written so; arrays are lists or files; a range has `count` values
    that include both ends.

    Raises
    ------
    CommandError
        For a value that is no real number, and a name given twice.

    >>> list(read_points(["x=0:1:3", "y=1/3"]))
    [{'y': Fraction(1, 3), 'x': 0}, {'y': Fraction(1, 3), 'x': 0.5}, {'y': Fraction(1, 3), 'x': 1}]
    >>> list(read_points(["x=3,y=4"]))
    [{'x': 3, 'y': 4}]
    """
    points = Points({}, {})
    for setting in [each for given in settings for each in _apart(given)]:
        match = _SETTING.fullmatch(setting)
        if match is None:
            raise CommandError(f"--at takes name=value or name=start:stop:count, not {setting!r}")
        name, text = canonical(match[1]), match[2].strip()
        if name in points.names:
            raise CommandError(f"--at gives {name} twice")
        if is_array(text):
            points.fixed[name] = read_array(name, text)
        elif ":" in text:
            points.ranges[name] = _range(name, text)
        else:
            points.fixed[name] = _number(name, text)
    return points


def _apart(given: str) -> list[str]:
    """Settings that are written as one, `x=3,y=4`, or as a list in words of its own, `x=3, y=4`."""
    several = [each for each in re.split(r",(?![^\[(]*[\])])", given) if each.strip()]
    return several if several and all(map(_SETTING.fullmatch, several)) else [given]


def _range(name: str, text: str) -> list[Any]:
    parts = text.split(":")
    count = int(parts[2]) if len(parts) == 3 and re.fullmatch(r"\s*\d{1,9}\s*", parts[2], re.ASCII) else 0
    if not 1 <= count <= _MOST:
        raise CommandError(f"a range is start:stop:count with a count from 1 to {_MOST:,}, not {name}={text}")
    start, stop = _number(name, parts[0]), _number(name, parts[1])
    if count == 1:
        return [start]
    if isinstance(start, float) or isinstance(stop, float):
        return [start + (stop - start) * k / (count - 1) for k in range(count - 1)] + [stop]
    exact = [start + Fraction(stop - start) * k / (count - 1) for k in range(count)]
    return [int(value) if value.denominator == 1 else float(value) for value in exact]


def _number(name: str, text: str) -> Any:
    """A number from text: a constant formula."""
    from symdiff import parse

    text = text.strip()
    if text.lower() in _NOT_FINITE:
        return _NOT_FINITE[text.lower()]
    try:
        expr = parse(text)
        value = None if expr.variables else expr.evaluate({})
    except SymdiffError as error:
        raise CommandError(f"the value of {name}, {text!r}: {re.sub('^line 1, ', '', str(error))}") from error
    if value is None:
        raise CommandError(f"the value of {name} is a number such as 3, 0.5, 1/3 or pi/2, not {text!r}")
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return value
    if isinstance(value, (complex, bool)):
        raise CommandError(f"the value of {name} is a real number, not {text!r}")
    return float(value)
