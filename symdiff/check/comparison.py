"""All comparisons of a cross-check at one point: reference, methods, judgement, operations alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from symdiff.algebra.evaluate import evaluate
from symdiff.check import bounds, methods
from symdiff.check.alone import Finding, alone
from symdiff.check.bounds import BoundError, SizeError
from symdiff.check.distance import finite
from symdiff.check.judge import Judge, attempt, quantity
from symdiff.check.locate import locate
from symdiff.check.methods import Case, Key
from symdiff.check.reference import Reference, fifty_digits
from symdiff.check.report import ALONE, Fault, Row
from symdiff.check.survey import Survey, survey
from symdiff.locks import computed

NO_PRECISION = (AttributeError, NotImplementedError, BoundError, TypeError, ValueError)  # failures at high precision


class Comparison:
    """The work at one point."""

    def __init__(self, case: Case, number: int, tolerance: float) -> None:
        self.case = case
        self.number = number
        self.tolerance = tolerance
        self.notes: list[str] = []
        self.budget = bounds.Budget(bounds.SECONDS, "arithmetic of high precision")
        self.lack: Exception | None = None  # reason why there is no high precision
        self.wrong: list[Row] = []

    def rows(self) -> list[Row]:
        """All comparisons, and what is wrong with operations alone."""
        seen = self._surveyed()
        exact = self._fifty_digits() if seen is not None else {}
        found = {name: self._results(name) for name in self.case.methods}
        wanted = {key: self._reference(key, exact, found) for key in self.case.keys}
        for key, reference in wanted.items():
            found.get(reference.by, {}).pop(key, None)  # drop it: nothing is held against itself
        too_large = isinstance(self.lack, SizeError)
        judge = Judge(self.case, wanted, found, self.tolerance, seen, self.budget, too_large)
        rows = [row for key in self.case.keys for row in judge.rows(key, self.number)]
        self.wrong = [row for row in rows if not row.ok]
        if any("kink" in row.note or row.note.startswith("no derivative") for row in rows):
            self.notes += [f"kink at {kink.text}" for kink in judge.kinks]
        return rows + self._rows_alone()

    def _surveyed(self) -> Survey | None:
        """What the numbers on the way are like, None where there are none of high precision."""
        try:
            with self.budget.spend(bounds.SURVEY_SECONDS):
                found = survey(self.case)
        except NO_PRECISION as error:
            self._no_reference(error)
            return None
        self.case = self.case._replace(spread=found.spread)
        return found

    def _no_reference(self, error: Exception) -> None:
        self.lack = error
        self.notes.append(f"no 50-digit reference, differences instead: {error}")

    def _fifty_digits(self) -> dict[Key, Reference]:
        try:
            with self.budget.spend():
                return fifty_digits(self.case, self.case.spread)
        except NO_PRECISION as error:
            self._no_reference(error)
            return {}

    def _results(self, name: str) -> dict[Key, Any]:
        """What a method finds, bounded where it takes high precision."""
        if name in methods.SYMPY and isinstance(self.lack, BoundError):  # spare SymPy: its numbers are mpmath's
            return dict.fromkeys(self.case.keys, str(self.lack))
        if name != methods.PRECISE_ROW:
            return attempt(self.case.methods[name], self.case)
        if self.lack is not None:
            return {}

        def bounded(case: Case) -> dict[Key, Any]:
            with self.budget.spend():
                return methods.METHODS[name](case)

        return attempt(bounded, self.case)

    def _reference(self, key: Key, exact: Mapping[Key, Reference], found: Mapping[str, Mapping[Key, Any]]) -> Reference:
        """The 50 digits; where there are none, what differences of floats or SymPy say.

        The value of an operation that knows floats only is what floats say it is.
        """
        if key in exact and not exact[key].missing:
            return exact[key]
        if not key and not isinstance(self.lack, BoundError) and not exact:
            return Reference(evaluate(self.case.f, self.case.at(self.case.point)), by="floats")
        function = methods.function_of(self.case)
        if key and not isinstance(found["differences"].get(key), (str, Exception)):
            if methods.has_sides(function, self.case.point, key):
                return Reference(math.nan, "no derivative here: floats see two sides", missing=True)
            difference = methods.reliable(function, self.case.point, key)
            if difference is not None:
                return Reference(difference, by="differences")
        value = found["SymPy"].get(key)
        if not isinstance(value, (str, Exception)) and finite(value):
            return Reference(value, by="SymPy")
        why = self.lack or "floats are too coarse to see it by differences"
        return exact.get(key) or Reference(math.nan, f"no reference: {why}", missing=True)

    # -- operations alone ----------------------------------------------------------------

    @computed
    def alone(self) -> list[Finding]:
        """What is found of operations alone; what was left out is a note."""
        try:
            with self.budget.spend():
                found, note = alone(self.case, self.tolerance)
        except NO_PRECISION as error:
            found, note = [], f"operations were not judged alone: {error}"
        self.notes += [note] if note else []
        return found

    def _rows_alone(self) -> list[Row]:
        """The rows of operations that are wrong alone, looked for where nothing else is wrong."""
        if self.wrong or not self.case.order:
            return []
        self.notes += [f"{f.quantity} at {f.place} is off by {f.error:.1e}: {f.note}" for f in self.alone if f.ok]
        return [
            Row(ALONE, f.quantity, f.value, f.reference.value, f.error, False, f"at {f.place}", self.number, True)
            for f in self.alone
            if not f.ok
        ]

    # -- where it is wrong ---------------------------------------------------------------

    def fault(self) -> Fault | None:
        """Where methods first disagree, None where they do not."""
        found = self._fault_alone() if self.wrong and self.lack is not None and self.case.order else None
        if self.wrong and found is None:
            keys = {quantity(self.case, key): key for key in self.case.keys}
            inside = [row for row in self.wrong if row.method not in methods.OUTSIDE] or self.wrong
            found = locate(self.case, [(row.method, keys[row.quantity]) for row in inside], self.tolerance)
        return found or (self._fault_alone() if self.case.order else None)

    def _fault_alone(self) -> Fault | None:
        """The first operation whose partials are wrong alone."""
        wrong = next((finding for finding in self.alone if not finding.ok), None)
        if wrong is None:
            return None
        node, by = wrong.applied.node, wrong.reference.by
        at = {v._cell.name: x for v, x in zip(self.case.variables, self.case.point, strict=True)}
        cone = node.graph.cone([self.case.f._index])
        position = (cone.index(node._index) + 1, len(cone))
        what = f"partial {wrong.quantity}"
        return Fault(node, "floats", what, wrong.value, wrong.reference.value, at, by, position)
