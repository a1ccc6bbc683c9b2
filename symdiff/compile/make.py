"""`sd.compile`: what it takes, and which kind of function it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from symdiff.collector import Paused
from symdiff.compile import choose
from symdiff.compile.arguments import arguments_of, key_of, mirrored
from symdiff.compile.function import Function, check_threads
from symdiff.compile.kernel import Options
from symdiff.compile.results import Results
from symdiff.compile.scalar_function import ScalarFunction
from symdiff.compile.tape import tape_of
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.graph import VAR, Graph
from symdiff.handle import as_handle, gather
from symdiff.hints import check_place
from symdiff.names import names_part
from symdiff.neighbours import as_expressions, holds_sympy
from symdiff.wrt import all_written_out, named_arrays

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from symdiff.compile.array_function import ArrayFunction

ACCURACIES = ("default", "high")
SINGULAR = ("nan", "raise")


def compile(
    outputs: Any,
    inputs: Any,
    *more: NoReturn,
    backend: str = "auto",
    dtype: DTypeLike = np.float64,
    accuracy: str = "default",
    threads: int = 1,
    singular: str = "nan",
    name: str = "",
) -> Function:
    """Make a fast function of expressions.

    Parameters
    ----------
    outputs : expression, number, or any nesting of lists, tuples, dictionaries, arrays and sparse matrices of them
        All are computed by one program, which does what they share once.
    inputs : variable, array of variables, name of either, or list of these; SymPy's symbols too
        Each is one argument. A variable takes numbers or arrays; an array of
        variables and an array variable take arrays of their shape, axes of a batch in front.
        Named sizes are those of the arrays of a call. Of a symmetric variable both halves are read.
    backend : {"auto", "llvm", "numpy", "python"}
        "auto" takes llvm where llvmlite is installed (the extra `jit`), else
        numpy; steps that llvm has no code for are numpy's, and all others
        llvm's: "llvm+numpy". Scalar calls and batches are run by the same code, whose bits
        for an element depend on nothing but the element. Python does the first calls with numbers of a short program,
        so that the first value need not wait for native code, and calls the same functions, so that its bits are
        the same. LLVM begins at once where it alone knows what to call: functions of SciPy's, `code` of your own, and
        elementary functions at accuracy "default" on Linux for ARM.
    dtype : float64 or float32
        In what is computed. Inputs are converted to it.
    accuracy : {"default", "high"}
        How near elementary functions are: 4 ulp, or those of the C library,
        about 1 ulp, which take longer; the gamma function and its kin and
        spherical Bessel functions are SciPy's, to about 1e-12. `+ - * /`, square
        roots and comparisons are exact to rounding in any case, and never
        reordered; whole powers up to 8 are products.
    threads : int
        How many share a batch.
    singular : {"nan", "raise"}
        What a singular matrix gives where `inv` or `solve` meets it, and one that is not positive definite
        `cholesky`: nan in results, or a SymdiffValueError at the call, which takes a look at every entry.
    name : str
        What `F.__name__` is, "f" without. Calls with expressions name their results by it, see `sd.function`.

    Returns
    -------
    Function

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        For outputs that are no expressions or depend on a variable that is not
        among the inputs, inputs that are no variables, an unknown backend or
        one that can't run the program, an unknown `dtype`, `accuracy` or `singular`.

    >>> import numpy as np, symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> f = x**2*y + y + 2
    >>> F = sd.compile({"value": f, "gradient": f.gradient([x, y])}, [x, y])
    >>> F(3.0, 4.0)
    {'value': 42.0, 'gradient': array([24., 10.])}
    >>> F(np.array([3.0, 0.0]), 4.0)["value"]
    array([42.,  6.])
    >>> G = sd.compile(f, [np.array([x, y])])
    >>> G(np.ones((5, 2))).shape
    (5,)

    Expressions of arrays become NumPy's code, products by BLAS, what acts entry by entry in loops:

    >>> X, w, y = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d"), sd.Var("y", shape="n")
    >>> f = ((X @ w - y)**2).sum()
    >>> H = sd.compile([f, f.gradient(w)], [X, w, y])
    >>> H(np.eye(2), np.ones(2), np.zeros(2))
    [2.0, array([2., 2.])]
    >>> print(H.source)
    def f(X, w, y):
        t1 = X @ w
        t2 = t1 - y
        t3 = X.T @ t2
        t4 = t2 @ t2
        t5 = 2*t3
        return (float(t4), t5)
    """
    check_place(more, "sd.compile([f, g], [x, y])")
    choose.check_backend(backend)
    with Paused():
        function = made(outputs, inputs, name, backend, _options(dtype, accuracy, singular), threads)
        function._ready()
    if backend != choose.AUTO:  # refuse now what it has no code for
        function.backend  # noqa: B018  # builds all of it
    return function


def made(
    outputs: Any,
    inputs: Any,
    name: str = "",
    backend: str = choose.AUTO,
    options: Options | None = None,
    threads: int = 1,
) -> ScalarFunction | ArrayFunction:
    """The function of outputs and inputs, checked, without any code."""
    options = options or Options(np.dtype(np.float64))
    _check_name(name)
    check_threads(threads)
    if holds_sympy([outputs, inputs]):
        outputs, inputs = as_expressions(outputs, inputs)
    results = Results(outputs)
    graph, roots = gather([_output(value) for value in results.values])
    has_arrays = graph.infer is not None and graph.has_arrays(roots)
    inputs = inputs if has_arrays else all_written_out(graph, inputs)  # of `f.expand()`: its variables are entries
    arguments, variables = arguments_of(named_arrays(graph, inputs))
    if has_arrays or any(_has_shape(graph, v) for v in variables):
        from symdiff.compile.array_function import function_of_arrays  # import late: scalars need none of it

        return function_of_arrays(graph, roots, results, arguments, variables, options, backend, threads, name)
    places = [graph.named(v) if isinstance(v, str) else graph.find((VAR, v.key)) for v in variables]
    below = mirrored(arguments, [key_of(v) for v in variables])  # read the half above the diagonal
    tape = tape_of(graph, roots, [-1 if i is None or k in below else i for k, i in enumerate(places)], pack=True)
    cells = tuple([_cell(v) for v in variables])
    results.values = []  # drop them: the tape has them, and the graph should not live on
    return ScalarFunction(tape, results, tuple(arguments), cells, options, backend, threads, name=name)


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        raise SymdiffTypeError(f"the name of a function is a string, not {name!r}: write name='step'")
    if name and not names_part(name):
        raise SymdiffValueError(f"{name!r} can't name a function: use letters, digits and underscores")


def _output(value: Any) -> Any:
    try:
        return as_handle(value)
    except SymdiffTypeError as error:
        raise SymdiffTypeError(f"outputs are expressions and numbers in any nesting, not {value!r}") from error


def _has_shape(graph: Graph, variable: Any) -> bool:
    if not isinstance(variable, str):
        return bool(variable._cell.shape or variable._cell.kind)
    i = graph.named(variable)
    return i is not None and bool(graph.leaves[i].shape or graph.leaves[i].kind)


def _cell(variable: Any) -> tuple[str, Any]:
    return (variable, variable) if isinstance(variable, str) else (variable.name, variable.key)


def _options(dtype: DTypeLike, accuracy: str, singular: str) -> Options:
    try:
        kind = np.dtype(dtype)
    except TypeError as error:
        raise SymdiffTypeError(f"dtype is float64 or float32, not {dtype!r}") from error
    if kind not in (np.float64, np.float32):
        raise SymdiffValueError(f"dtype is float64 or float32, not {kind}")
    if accuracy not in ACCURACIES:
        raise SymdiffValueError(f"accuracy is one of {', '.join(ACCURACIES)}, not {accuracy!r}")
    if singular not in SINGULAR:
        raise SymdiffValueError(f"singular is one of {', '.join(SINGULAR)}, not {singular!r}")
    return Options(kind, accuracy, singular)
