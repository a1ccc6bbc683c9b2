"""The command line: `symdiff "x**2*y + y + 2" --at x=3 y=4 --order 2`, and `python -m symdiff`."""

from __future__ import annotations

import argparse
import codecs
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from symdiff.command.work import Verdict

BAD, DISAGREES, UNJUDGED, INTERRUPTED, PIPE_CLOSED = 2, 1, 3, 130, 141
_SOURCE = re.compile(r"\.(c|h|cpp|hpp|js|py)$")  # a file of code: an -o before it is no formula

_DESCRIPTION = """\
Value, derivatives and operation counts of formulas in Python's arithmetic, such as
x**2*y + y + 2; every function of symdiff under its names in Python, NumPy and SymPy.
Without arguments: a running example."""

_EXAMPLES = """\
examples:
  symdiff "x**2*y + y + 2" --at x=3 y=4 --order 2 --check --render f.png
  symdiff "sin(x)*exp(-x)" --order 3 --latex      formulas alone
  symdiff "x*y" --at x=0:1:11 y=1/2 --order 0     a table; several ranges give all combinations
  symdiff "-x**2 + a*x" --wrt x --at x=pi/2 a=-3
  symdiff --file formulas.txt --at x=1 --json     one formula a line, # starts a comment
  echo "log(x)/x" | symdiff - --at x=2
  symdiff "sin(q)*l" --code c -o arm.c            source code, and arm.h beside it
  symdiff "((X @ w - y)**2).sum()" --shape X=100,2 w=2 y=100 --wrt w --order 2

A formula on the command line gives one JSON object; files, standard input and several formulas give
a list of objects. In JSON nan, inf and -inf are strings, fractions are floats.

exit status: 0; 1 where a check disagreed; 3 where it could not judge everything; 2 for input that can't
be used."""


_PLAIN = {"∂": "d", "…": "...", "×": "x", "ε": "eps", **{c: str(k) for k, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        from symdiff.command.formulas import CommandError

        raise CommandError(f"{message} (symdiff --help says more)")


def _parser() -> argparse.ArgumentParser:
    from symdiff import __version__

    parser = _Parser(
        prog="symdiff", usage="symdiff [FORMULA ...] [options]", description=_DESCRIPTION, epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    add = parser.add_argument
    add("--at", nargs="+", action="extend", metavar="NAME=VALUE", default=[],
        help="values: 3, -0.5, 1/3 (exact), pi/2; a range start:stop:count; "
        "arrays as [[1, 2], [3, 4]], @file.npy or @file.csv")  # fmt: skip
    add("--wrt", nargs="+", action="extend", metavar="NAME", default=[],
        help="differentiate by these variables only, in this order")  # fmt: skip
    add("--shape", nargs="+", action="extend", metavar="NAME=SIZES", default=[],
        help="variables that are arrays: X=100,2 or, with names of sizes, w=n")  # fmt: skip
    add("--symmetric", nargs="+", action="extend", metavar="NAME", default=[],
        help="those of them that are symmetric matrices")  # fmt: skip
    add("--order", type=int, default=1, metavar="N", help="derivatives up to this order (default 1)")
    add("--hessian", dest="order", action="store_const", const=2, help="second derivatives too, as --order 2")
    add("--check", action="store_true",
        help="every method of differentiation beside SymPy and 50-digit arithmetic (up to order 4)")  # fmt: skip
    add(
        "--render",
        metavar="FILE",
        help="draw the graph into a .png, .svg or .pdf, with values and adjoints at a point, "
        "or write a page to explore, .html",
    )
    add("--animate", metavar="FILE", help="the passes step by step, as a .gif, .html or .svg")
    add("--tree", action="store_true", help="the formula as an indented tree")
    add("--trace", action="store_true", help="a line for each step of the computation, with value and adjoint")
    add("--explain", nargs="+", action="extend", metavar="NAME", default=[],
        help="the chain rule by a variable, path by path")  # fmt: skip
    add("--latex", action="store_true", help="formulas in LaTeX too")
    add("--sympy", action="store_true", help="formulas as SymPy prints them too")
    add("--json", action="store_true", help="JSON for machines instead of text")
    add("--code", metavar="LANGUAGE",
        help="print the value and derivatives up to --order (2 at most) as source code: c, numpy, jax, …")  # fmt: skip
    add("-o", "--output", metavar="FILE", help="write that code into a file, and a header beside it")
    add("--file", action="append", metavar="FILE", default=[], help="read formulas from a file, one a line")
    add("--version", action="version", version=f"symdiff {__version__}")
    return parser


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What is written for letters that the terminal, or the file, does not have: df/dx for ∂f/∂x."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join([_PLAIN.get(c, "?") for c in error.object[error.start : error.end]]), error.end


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    >>> main(["x**2*y", "--order", "0", "--at", "x=3", "y=4"])
    at x = 3, y = 4
    value      f = 36 = x**2*y
    <BLANKLINE>
    operations
    value      2: 1 mul, 1 pow
    0
    """
    from symdiff.errors import SymdiffError

    given = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:
        _complain("the output can't be written: standard output is closed")
        return BAD
    try:
        if hasattr(sys.stdout, "reconfigure"):
            codecs.register_error("symdiff", _plain)
            sys.stdout.reconfigure(errors="symdiff")
        status = _run(given)
        sys.stdout.flush()
        return status
    except SymdiffError as error:
        _complain(" ".join(str(error).split()))
        return BAD
    except MemoryError:
        _complain("there is not enough memory for this")
        return BAD
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:  # drop what is left in the buffer, which must not be written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # end quietly after `| head`
            return PIPE_CLOSED
        _complain(f"the output can't be written: {error.strerror or error}")
        return BAD


def _complain(message: str) -> None:
    if sys.stderr is not None:  # skip without one: print would take standard output
        print(f"symdiff: {message}", file=sys.stderr)


def _run(argv: list[str]) -> int:
    from symdiff.command.formulas import STDIN, piped

    if not argv:
        if not piped():
            from symdiff.command.example import example

            return status(example())
        argv = [STDIN]
    options, given = _arguments(argv)
    if not given and not options.file and not (sys.stdin and sys.stdin.isatty()):
        given = [STDIN]
    from symdiff.command.work import work

    return status(work(options, given))


def status(verdict: Verdict) -> int:
    """The exit status for what checks found."""
    return DISAGREES if verdict.disagree else UNJUDGED if verdict.unjudged else 0


def _arguments(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options, and the formulas wherever they stand: also after `--at x=3`, and where they start with a minus."""
    from symdiff.command.assignments import is_setting, names_in
    from symdiff.names import canonical, is_name

    cut = argv.index("--") if "--" in argv else len(argv)
    codes = any(a.partition("=")[0] == "--code" or _SOURCE.search(a) for a in argv[:cut])
    hidden = [
        f" {a}" if re.match(r"-[^-]", a) and a != "-h" and not (a == "-o" and codes) else a for a in argv[:cut]
    ]  # protect what argparse takes for an option
    options, given = _parser().parse_known_args(hidden)
    unknown = [a for a in given if a.startswith("--")]
    if unknown:
        _parser().error(f"there is no option {unknown[0].partition('=')[0]}")
    given += argv[cut + 1 :]
    if not given and not options.file:  # accept `--at x=3 "x*y"`
        given = [a for a in options.at if not is_setting(a)]
        given += [a for a in options.wrt if not all(is_name(name) for name in names_in(a))]
        given += [a for a in options.shape if not is_setting(a)]
        given += [a for a in options.symmetric if not all(map(is_name, names_in(a)))]
        options.shape = [a for a in options.shape if a not in given]
        options.symmetric = [a for a in options.symmetric if a not in given]
        options.at = [a for a in options.at if a not in given]
        options.wrt = [a for a in options.wrt if a not in given]
    for option in ("wrt", "explain", "symmetric"):
        if blank := [a for a in getattr(options, option) if not names_in(a)]:
            _parser().error(f"--{option} takes names of variables, not {blank[0]!r}")
    for option, what in (("code", "a language"), ("output", "a file")):
        if getattr(options, option) == "":
            _parser().error(f"--{option} takes the name of {what}, not ''")
    options.explain = [canonical(name) for a in options.explain for name in names_in(a)]
    options.wrt = [canonical(name) for a in options.wrt for name in names_in(a)]
    options.symmetric = [name for a in options.symmetric for name in names_in(a)]
    if options.order < 0:
        _parser().error(f"--order is a whole number from 0, not {options.order}")
    return options, [a.strip() for a in given]
