"""What the command line does for its formulas: find, print or collect, check and draw."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.command.arrays_given import check_symmetric, check_values, read_shapes
from symdiff.command.assignments import Points, read_points
from symdiff.command.derivatives import derivatives
from symdiff.command.formulas import STDIN, Arrays, CommandError, Formula, check_names, read_formulas
from symdiff.command.output import check_lines, report
from symdiff.expr import Expr, Var
from symdiff.names import number_hints
from symdiff.shapes import shown


class Verdict(NamedTuple):
    """What checks found: whether methods disagree, and whether something was not judged."""

    disagree: bool
    unjudged: bool


def work(options: argparse.Namespace, given: Sequence[str]) -> Verdict:
    """Do what the options ask for; what the checks found."""
    arrays = Arrays(read_shapes(options.shape), options.symmetric)
    check_symmetric(arrays.symmetric, arrays.shapes)
    formulas = read_formulas(given, options.file, arrays)
    points = read_points(options.at)
    check_names(arrays.shapes, formulas, "--shape")
    check_names(points.names, formulas, "--at")
    check_names(options.wrt, formulas, "--wrt")
    check_names(options.explain, formulas, "--explain")
    if options.code or options.output:
        return written(options, formulas)
    listed = bool(options.file) or len(formulas) > 1 or STDIN in given
    jobs = [_Job(formula, options, points, listed) for formula in formulas]
    exprs = [f.expr for f in formulas]
    path = _render(exprs, options.render, points) if options.render is not None else ""
    film = _animate(exprs, options.animate, points) if options.animate is not None else ""
    entries: list[dict[str, Any]] = []
    for k, job in enumerate(jobs):
        if options.json:
            files = {name: file for name, file in (("render", path), ("animate", film)) if file}
            entries.append({**job.entry(), **files})
        else:
            print("\n" * (k > 0), end="")
            job.print()
    if path and not options.json:
        print(f"\n{path}: the graph{' with values and adjoints' * _single(points)}")
    if film and not options.json:
        print(f"\n{film}: the passes, step by step")
    if options.json:
        import json

        print(json.dumps(entries if listed else entries[0], ensure_ascii=False, allow_nan=False, indent=2))
    return Verdict(any(job.disagree for job in jobs), any(job.unjudged for job in jobs))


def written(options: argparse.Namespace, formulas: Sequence[Formula]) -> Verdict:
    """Print source code, or write it into files."""
    from symdiff.command.source_code import source_code

    if len(formulas) > 1:
        raise CommandError("--code writes one formula: give one, or call sd.code with several")
    wanted = [variable_named(formulas[0], name) for name in options.wrt]
    for line in source_code(formulas[0].expr, wanted, options):
        print(line)
    return Verdict(False, False)


def variable_named(formula: Formula, name: str) -> Expr:
    """The variable of a name: one of the formula, an array or an entry of one too, or one that it does not hold."""
    held: dict[str, Expr] = {v.name: v for v in formula.expr.variables}
    entry = formula.entry(name)
    return held[name] if name in held else Var(name) if entry is None else entry


def _single(points: Points) -> bool:
    return bool(points) and not points.ranges


def _render(exprs: list[Expr], path: str, points: Points) -> str:
    """Draw the graph of all formulas, at the point where there is one."""
    from symdiff.draw.render import render

    what = exprs[0] if len(exprs) == 1 else exprs
    return render(what, path, at=points.fixed if _single(points) else None, backward=_single(points))


def _animate(exprs: list[Expr], path: str, points: Points) -> str:
    """Write the film of all formulas, at the point where there is one."""
    from symdiff.draw.animate import animate

    film = animate(exprs[0] if len(exprs) == 1 else exprs, points.fixed if _single(points) else None)
    return str(film.save(path))


def _trace(f: Expr, at: Mapping[Any, Any] | None) -> Any:
    """The steps of a formula; of arrays those of all entries."""
    if f.graph.infer is None or not f.graph.has_arrays([f._index]):
        return f.trace(at)
    if f.shape:
        raise CommandError(f"--trace takes a formula whose value is a number, not an array of shape {shown(f.shape)}")
    sizes: dict[Any, int] = {}
    for v in f.variables:
        sizes.update(zip(v.shape, np.shape(at[v.name]) if at else (), strict=False))
    named = [size for v in f.variables for size in v.shape if type(size) is not int and size not in sizes]
    if named:
        raise CommandError(f"--trace has a line for each number: give {named[0]} one in --shape, or arrays by --at")
    return f.expand({size: n for size, n in sizes.items() if type(size) is not int}).trace(at)


class _Job:
    """The work on one formula; what can't be done is found out before anything is printed.

    `points` is None where no values are asked for.
    """

    def __init__(self, formula: Formula, options: argparse.Namespace, points: Points, listed: bool) -> None:
        self.f, self.left = formula.expr, formula.left
        self.place = f"{formula.place}: " if listed else ""
        self.spellings = [name for name, wanted in (("LaTeX", options.latex), ("SymPy", options.sympy)) if wanted]
        self.check = options.check
        self.order = options.order
        self.disagree = self.unjudged = False
        self.points = self._points(formula, points)
        with self.f.graph:
            self.wrt: list[Expr] = list(self.f.variables)
            if options.wrt:
                self.wrt = [variable_named(formula, name) for name in options.wrt]
        self.quantities = derivatives(self.f, self.wrt, self.order)
        self.looks = self._looks(formula, options)

    def _looks(self, formula: Formula, options: argparse.Namespace) -> list[Any]:
        """The tree, the trace and the paths that are asked for, as objects that print."""
        at = None if self.points is None or self.points.ranges else self.points.fixed
        found: list[Any] = [self.f.tree(at)] if options.tree else []
        if options.trace:
            found.append(_trace(self.f, at))
        return found + [self.f.explain(variable_named(formula, name), at) for name in options.explain]

    def _points(self, formula: Formula, points: Points) -> Points | None:
        names = [v.name for v in self.f.variables]
        points = points.by_element(names)
        if not points and not self.check and names:
            return None
        missing = [name for name in names if name not in points.names]
        if missing:
            given = f"--at gives {', '.join(points.names)}" if points else "give them with --at"
            raise CommandError(f"{self.place}no value for {', '.join(missing)} ({given}{number_hints(missing)})")
        among = points.among(formula.names)
        check_values([v._cell for v in self.f.variables], among.fixed)
        return among

    def print(self) -> None:
        """Print what is found."""
        if self.left:
            print(f"f is the right-hand side of {self.left}\n")
        for line in report(self.quantities, self.points, self.spellings):
            print(line)
        for look in self.looks:
            print(f"\n{look}")
        if self.check and self.points is not None:
            for line, found in check_lines(self.f, self.points, self.order):
                print(line)
                self._note(found)

    def _note(self, found: Any) -> None:
        """Keep what a check found."""
        self.disagree = self.disagree or bool(found.disagree)
        self.unjudged = self.unjudged or bool(found.unjudged)

    def entry(self) -> dict[str, Any]:
        """What is found as JSON."""
        from symdiff.command.machine import check_entry, machine

        entry = machine(self.f, self.wrt, self.quantities, self.points, self.spellings)
        if self.check and self.points is not None:
            found = [checked for _, checked in check_lines(self.f, self.points, self.order)]
            for checked in found:
                self._note(checked)
            checks = [check_entry(checked) for checked in found]
            entry["check"] = checks if self.points.ranges or len(checks) > 1 else checks[0]
        return entry
