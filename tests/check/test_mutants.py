"""The checker checked: every record with its partials wrong in turn, at ordinary, huge, tiny and special points."""

import math
import os
from collections import Counter

import mpmath
import pytest

import symdiff as sd
from symdiff import records
from symdiff.records import OPERATIONS, Operation

TABLE = [op for op in OPERATIONS if op is not None and hasattr(sd, op.class_name) and not op.boolean]
# operations whose mutants take from a quarter of a minute to minutes
SLOW = ("binomial_derivative", "beta", "beta_derivative", "csch", "sech", "sigmoid_slope", "norm_quotient")
TABLE = [op for op in TABLE if op.name not in SLOW or os.environ.get("SYMDIFF_MUTANTS") == "all"]
LEFT_OUT = {"symbol", "precedence", "latex", "llvm", "code", "sympy", "numpy"}  # how it is spelt elsewhere
FLAT = (
    "sign",
    "heaviside",
    "floor",
    "ceil",
    "trunc",
    "rint",
    "floor_divide",
)  # operations without slopes to make wrong
FAR = 1e-9

POINTS = [0.37, -2.3, 1.7, 30.0, -1e17, 1e200, 1e-40, 0.0, 1.0, -1.0, 3.141592653589793]
MORE_POINTS = [-0.6, -45.0, 1e8, 1e40, 1e-8, 1e-200, 2.0, 0.5, -0.36787944117144233, 355.0, 710.0]
PAIRS = [(0.37, 1.7), (-0.6, 2.3), (1.0, 1.0), (0.0, 2.0), (1e8, 1e-8), (1e200, 1e190), (3.0, -45.0)]
MORE_PAIRS = [(2.3, -0.6), (2.0, 0.0), (1e-200, 1e-200), (1e-40, 3.0), (700.0, 699.0), (2.0, 1e-12)]


def dropped(part):
    """The first sum or difference in a partial without its second term; else the first product without its second."""
    for names in (("add", "sub"), ("mul", "div")):
        for node in part.nodes():
            if node.op is not None and node.op.name in names:
                return part.replace({node: node.args[0]})
    return None


def mutated(part):
    """A partial and what may be wrong with it, by name."""
    part = part if isinstance(part, sd.Expr) else sd.Const(part)
    wrong = {"factor": 2 * part, "sign": -part, "dropped term": dropped(part), "slope": part * (1 + mpmath.mpf("1e-6"))}
    return {name: one for name, one in wrong.items() if one is not None}


def mutant(op, position, kind):
    """A record with one partial wrong."""
    name = f"mutant_{op.name}_{position}_{kind.replace(' ', '_')}"
    found = records.find(name)
    if found is not None:
        return found

    def partials(r, *operands):
        parts = list(op.partials(r, *operands))
        wrong = mutated(parts[position]) if parts[position] is not None else {}
        parts[position] = wrong.get(kind, parts[position])
        return tuple(parts)

    fields = {key: value for key, value in vars(op).items() if key in Operation.__annotations__ and key not in LEFT_OUT}
    fields["mp"] = op.mp or op.name
    return records.register(name, op.arity, partials, **fields)


def expression(op):
    """An operation on variables, and the positions that have partials."""
    x, y = sd.variables("x y")
    if op.operands[0] == "condition":
        return op(x < y, x, y), {1: x, 2: y}
    if len(op.whole) == 2:
        return op(1, 1, x, y), {2: x, 3: y}
    if op.whole:
        return op(1, x), {1: x}
    return (op(x, y), {0: x, 1: y}) if op.arity == 2 else (op(x), {0: x})


def slope(f, x, at):
    """A derivative as its rule gives it, to 100 digits."""
    with mpmath.workdps(100):
        value = f.gradient(x).evaluate({name: mpmath.mpf(value) for name, value in at.items()})
    real = not isinstance(value, mpmath.mpc) or not value.imag
    return value.real if real and mpmath.isfinite(value) else None


def places(f, more):
    """The points at which a function of one or two variables is checked."""
    names = [v.name for v in f.variables]
    pairs, points = PAIRS + MORE_PAIRS * more, POINTS + MORE_POINTS * more
    return [dict(zip(names, pair, strict=True)) for pair in pairs] if len(names) == 2 else [{"x": x} for x in points]


def outcome(report, number, quantity, right, wrong):
    """What became of a mutant at a point."""
    rows = [row for row in report.rows if row.point == number]
    if any(not row.ok for row in rows):
        return "caught"
    if right is None or wrong is None:
        return "no real number"
    if abs(wrong - right) <= FAR * abs(right):
        return "the same"
    head = next(row for row in rows if row.quantity == quantity)
    if head.note.startswith("no derivative") or "kink" in head.note:
        return "no derivative"
    if max(abs(right), abs(wrong)) < mpmath.mpf(2) ** -1080:
        return "below the smallest float"
    return "MISSED"


def survey(op, more=False):
    """What became of every mutant of a record, by kind, operand and point."""
    f, positions = expression(op)
    found = {}
    for position, x in positions.items():
        for kind in ("factor", "sign", "dropped term", "slope"):
            one_wrong = mutant(op, position, kind)
            g = expression(one_wrong)[0]
            if str(g.gradient(x)).replace(one_wrong.name, op.name) == str(f.gradient(x)):
                continue  # nothing to make wrong
            at = [one for one in places(g, more) if math.isfinite(f.evaluate(one))]
            report = sd.crosscheck(g, at, order=1)
            for number, one in enumerate(at):
                what = outcome(report, number, f"∂f/∂{x.name}", slope(f, x, one), slope(g, x, one))
                found[kind, op.operands[position], tuple(one.values())] = what
    return found


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_mutant_whose_derivative_is_wrong_is_caught(op, record_property):
    found = survey(op)
    record_property("mutants", dict(Counter(found.values())))
    assert [place for place, what in found.items() if what == "MISSED"] == []
    assert op.name in FLAT or Counter(found.values())["caught"] >= 8


if __name__ == "__main__":  # the mutants that no checker could catch, and why
    totals = Counter()
    for one in TABLE:
        outcomes = survey(one, more=True)
        totals.update(outcomes.values())
        for (kind, operand, at), what in outcomes.items():
            if what != "caught":
                print(f"{one.name:<14} {operand:<9} {kind:<13} {', '.join(map(repr, at)):<28} {what}")
    print(dict(totals))
