"""Results held against the reference: what is right, what is wrong, and what can't be compared and why.

Nothing is allowed beyond the tolerance, relative to the true value, but what is found to be rounding. A
result that could not be held against a method which shares no rule with it is not judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from symdiff.check import kinks, methods, reference, rounding
from symdiff.check.alone import applied, judged
from symdiff.check.bounds import BoundError, Budget
from symdiff.check.distance import distance, finite, in_range, relative, within
from symdiff.check.methods import Case, Difference, Key
from symdiff.check.reference import Reference
from symdiff.check.report import Row
from symdiff.check.survey import Survey, survey
from symdiff.errors import NoFormulaError
from symdiff.graph import VAR
from symdiff.locks import computed
from symdiff.records import record

BY_DIFFERENCES = (1e-6, 1e-3)  # tolerance of first and second slopes by differences, relative: beside a knot it shows
OUT_OF_RANGE = "numbers on the way leave the range of floats"
POLE = "a number on the way is infinite"


def attempt(run: Callable[[Case], dict[Key, Any]], case: Case) -> dict[Key, Any]:
    """What a method finds; that it fails is a finding too."""
    try:
        return run(case)
    except Exception as error:
        return dict.fromkeys(case.keys, error)


class Verdict(NamedTuple):
    """What is said of one result; `judged`: by a method that shares no rule with it."""

    error: float | None
    ok: bool
    note: str = ""
    judged: bool = False


class Judge:
    """Judges results at one point."""

    def __init__(
        self,
        case: Case,
        wanted: dict[Key, Reference],
        found: dict[str, dict[Key, Any]],
        tolerance: float,
        survey: Survey | None,
        budget: Budget,
        too_large: bool = False,
    ) -> None:
        self.case = case
        self.wanted = wanted
        self.found = found
        self.ours = found["symbolic"]  # convention that our methods are held against where there is no derivative
        self.tolerance = tolerance
        self.survey = survey  # survey of the way to the value; None where there is no high precision
        self.budget = budget  # budget of high precision
        self.too_large = too_large  # flag: numbers on the way are larger than high precision was allowed
        self._estimates: dict[tuple[str, Any], dict[Key, Any]] = {}

    # -- rows ------------------------------------------------------------------------

    def rows(self, key: Key, point: int = 0) -> list[Row]:
        """The row of the reference, and those of the methods."""
        results = {method: results[key] for method, results in self.found.items() if key in results}
        found = [self.row(method, key, value, point) for method, value in results.items()]
        return [self.own_row(key, point, found), *found]

    def own_row(self, key: Key, point: int, others: list[Row]) -> Row:
        """The row of the reference itself: judged where something was held against it."""
        value, reason, name, _ = self.wanted[key]
        kink = kinks.of_key(self.kinks, key) if reason or any(row.note.startswith("kink") for row in others) else ""
        note = "; ".join(filter(None, [reason, kink and f"kink at {kink}"]))
        ours = [row for row in others if row.method not in methods.OUTSIDE]
        floats = [row for row in ours if row.method != methods.PRECISE_ROW]
        judged = any(row.judged for row in ours) and not all(row.note == OUT_OF_RANGE for row in floats)
        if not judged and not note:
            note = next((row.note for row in ours if row.note), "nothing was held against it")
        value = None if self.wanted[key].missing else bare(value)
        return Row(name, quantity(self.case, key), value, value, None if note else 0.0, True, note, point, judged)

    def row(self, method: str, key: Key, value: Any, point: int = 0) -> Row:
        """The row of a method."""
        verdict = self._verdict(method, key, value)
        failed = isinstance(value, (str, Exception))
        convention = self.wanted[key].reason or verdict.note.startswith("kink")
        against = self.ours.get(key) if convention else bare(self.wanted[key].value)
        return Row(
            method, quantity(self.case, key), None if failed else bare(value), against, verdict.error, verdict.ok,
            verdict.note, point, verdict.judged,
        )  # fmt: skip

    # -- verdicts ----------------------------------------------------------------------

    def _verdict(self, method: str, key: Key, value: Any) -> Verdict:
        if isinstance(value, str):
            return Verdict(None, True, value)
        if isinstance(value, (BoundError, NoFormulaError)):
            return Verdict(None, True, str(value))
        if isinstance(value, Exception):
            return Verdict(None, False, f"raises {type(value).__name__}: {value}")
        outside, wanted = method in methods.OUTSIDE, self.wanted[key]
        if wanted.reason in (reference.NOT_FINITE, reference.CONDITION) or (wanted.reason and outside):
            return Verdict(None, True, self._outside_note(method, wanted.reason))
        if wanted.reason:
            return self._by_convention(method, key, value)
        if outside and not (finite(bare(wanted.value)) and finite(bare(value))):
            return Verdict(None, True, "no finite value here")
        return self._held(method, key, value)

    def _held(self, method: str, key: Key, value: Any) -> Verdict:
        """Against a reference that is one."""
        wanted, outside = self.wanted[key].value, method in methods.OUTSIDE
        true, given = bare(wanted), bare(value)
        if not outside and given != given and self._is_complex(true):
            return Verdict(None, True, "floats are nan where values become complex")
        error = relative(given, true)
        if isinstance(value, Difference):
            seen = (value.sees or not true) and value.allows(true, self.tolerance)
            return Verdict(error, True, "", True) if seen else Verdict(None, True, value.weakness)
        by_differences = isinstance(wanted, Difference) and wanted.allows(given, self.tolerance)
        if by_differences or within(given, true, self.tolerance):
            return Verdict(error, True, "", True)
        if method in methods.SYMPY and not (given and methods.sympy_stands(self.case, method, key, given)):
            return Verdict(None, True, "SymPy can't tell it from 0")
        if not (outside or finite(given)) and self.survey is not None and self.survey.poles:
            return Verdict(None, True, POLE)
        if key and kinks.of_key(self.kinks, key):
            note = f"kink at {kinks.of_key(self.kinks, key)}"
            return Verdict(None, True, note) if outside else self._by_convention(method, key, value, note)
        if key and self.survey is not None and self.survey.complex_kink:
            return Verdict(None, True, f"{self.survey.complex_kink} of a complex number has no derivative")
        if not outside and method != methods.PRECISE_ROW:
            return self._floats(method, key, given, true)
        return Verdict(error, False, "", True)

    def _floats(self, method: str, key: Key, value: Any, true: Any) -> Verdict:
        """Of a method of floats that is off: by rounding, by their range, or wrong."""
        error = relative(value, true)
        if finite(value) and self._is_rounding(method, key, distance(value, true)):
            return Verdict(error, True, self.exception or "rounding: parts of the formula cancel", True)
        if self.too_large or self._leaves_range(key, true):
            return Verdict(None, True, OUT_OF_RANGE)
        if key and self.by_differences and within(value, true, BY_DIFFERENCES[min(len(key), 2) - 1]):
            return Verdict(error, True, f"slopes of {self.by_differences} are differences of its values", True)
        return Verdict(error, False, "", True)

    def _by_convention(self, method: str, key: Key, value: Any, note: str = "") -> Verdict:
        """Against the symbolic derivative, which shares its rules."""
        ours = self.ours.get(key)
        if isinstance(ours, Exception):
            return Verdict(None, False, f"the symbolic derivative raises {type(ours).__name__}: {ours}")
        if value != value and self._is_complex(ours):
            return Verdict(None, True, "floats are nan where values become complex")
        if not (finite(value) or finite(ours)):
            return Verdict(0.0, True, note)
        error = relative(value, ours)
        if within(value, ours, self.tolerance) or distance(value, ours) <= self._attempted(key):
            return Verdict(error, True, note)
        if self._is_complex(ours) or not (finite(value) and finite(ours)):
            return Verdict(None, True, note or "no finite value here")
        return Verdict(error, False, note)

    def _leaves_range(self, key: Key, true: Any) -> bool:
        """Whether floats can't hold a number on the way to a value, or to a derivative that they can't hold either."""
        if self.survey is None or self.survey.leaves_range or in_range(true):
            return self.survey is not None and self.survey.leaves_range

        def surveyed(case: Case) -> dict[Key, Any]:
            with self.budget.spend():
                return {key: survey(case)}

        found = attempt(surveyed, self.case._replace(f=self.case.derivatives[key]))[key]
        return isinstance(found, Survey) and found.leaves_range

    def _is_complex(self, wanted: Any) -> bool:
        return bool(getattr(wanted, "imag", 0)) or (self.survey is not None and self.survey.is_complex)

    def _outside_note(self, method: str, reason: str) -> str:
        if method in methods.SYMPY and reason.startswith("no derivative"):
            return f"{reason}; SymPy has a convention of its own"
        return reason

    # -- what is allowed, found where it is needed ---------------------------------------

    def _is_rounding(self, method: str, key: Key, far: Any) -> bool:
        """Whether rounding alone takes a result of floats so far off, by one of three estimates."""
        if far <= self._attempted(key):
            return True
        estimates = (rounding.sampled, rounding.lost) if self._rules_hold(key) else (rounding.sampled,)
        return any(far <= self._estimated(method, by).get(key, 0) for by in estimates)

    def _rules_hold(self, key: Key) -> bool:
        """Whether the symbolic derivative is right at high precision, as far as that is known."""
        true = bare(self.wanted[key].value)
        precise = self.found.get(methods.PRECISE_ROW, {}).get(key, true)
        known = not isinstance(precise, (str, Exception)) and finite(precise)
        return known and within(precise, true, self.tolerance)

    def _attempted(self, key: Key) -> Any:
        found = attempt(lambda case: {key: rounding.condition(case, key)}, self.case)[key]
        return 0.0 if isinstance(found, Exception) else found

    def _estimated(self, method: str, by: Callable[..., dict[Key, Any]]) -> dict[Key, Any]:
        name = "symbolic" if method == "compiled" else method
        if self.survey is None:
            return {}
        if (name, by) not in self._estimates:
            run = self.case.methods[name]

            def estimated(case: Case) -> dict[Key, Any]:
                with self.budget.spend():
                    return by(case, run, self.wanted)

            found = attempt(estimated, self.case)
            self._estimates[name, by] = {key: size for key, size in found.items() if not isinstance(size, Exception)}
        return self._estimates[name, by]

    @computed
    def kinks(self) -> list[kinks.Kink]:
        """The kinks at the point."""
        return kinks.kinks(self.case)

    @computed
    def by_differences(self) -> str:
        """The name of an operation whose slopes are differences of its values, by its record; nothing for none."""
        graph = self.case.f.graph
        used = [record(graph.nodes[i][0]) for i in graph.cone([self.case.f._index]) if graph.nodes[i][0] > VAR]
        return next((op.name for op in used if op.differences), "")

    @computed
    def exception(self) -> str:
        """The stated exception to relative accuracy that the formula meets here."""
        stated = [one for one in applied(self.case) if one.op.absolute]
        return next((finding.note for one in stated for finding in judged(one, self.tolerance) if finding.note), "")


def quantity(case: Case, key: Key) -> str:
    """The name of a derivative: f, ∂f/∂x, ∂²f/∂x∂y, ∂²f/∂x²."""
    if not key:
        return "f"
    names = [f"∂{case.variables[k]._cell.name}{_power(key.count(k))}" for k in dict.fromkeys(key)]
    return f"∂{_power(len(key))}f/{''.join(names)}"


def _power(n: int) -> str:
    return "" if n == 1 else "⁰¹²³⁴"[n]


def bare(value: Any) -> Any:
    """A number without the estimate of its error."""
    return value.value if isinstance(value, Difference) else value
