"""`sd.code`: expressions as source code of another language, and files of it."""

from __future__ import annotations

import keyword
import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from symdiff.compile.kernel import Options
from symdiff.errors import SymdiffTypeError, SymdiffValueError
from symdiff.languages.job import Job

Write = Callable[[Job], "tuple[dict[str, str], int]"]
LANGUAGES: dict[str, tuple[str, str]] = {  # modules that write a language, and what its files end in
    "c": ("symdiff.languages.c", "c"),
    "cpp": ("symdiff.languages.cpp", "hpp"),
    "python": ("symdiff.languages.python_code", "py"),
    "cuda": ("symdiff.languages.cuda", "cu"),
    "julia": ("symdiff.languages.julia", "jl"),
    "rust": ("symdiff.languages.rust", "rs"),
    "fortran": ("symdiff.languages.fortran", "f90"),
    "matlab": ("symdiff.languages.matlab", "m"),
    "javascript": ("symdiff.languages.javascript", "js"),
    "numpy": ("symdiff.languages.numpy_code", "py"),
    "jax": ("symdiff.languages.jax_code", "py"),
    "torch": ("symdiff.languages.torch_code", "py"),
}


class Code:
    """Source code: a function, and what it needs, made without the language being installed.

    Attributes
    ----------
    language, name : str
    source : str
        The text of the one file that holds the function.
    header : str
        The header of C and of CUDA; empty for other languages, C++ among them, whose one file is a header.
    work : int
        The numbers of the workspace that a caller in C gives; 0 where there is none.

    >>> import symdiff as sd
    >>> x = sd.Var("x")
    >>> sd.code(x**2, x, language="c", name="square")
    <C code of square: 17 lines>
    """

    def __init__(self, language: str, name: str, texts: Mapping[str, str], suffix: str, work: int) -> None:
        self.language, self.name, self.work = language, name, work
        self._texts, self._suffix = dict(texts), suffix
        self.source = self._texts[suffix]
        self.header = self._texts.get("h", "")

    def __repr__(self) -> str:
        lines = self.source.count("\n")
        return f"<{self.language.capitalize()} code of {self.name}: {lines} lines>"

    def __str__(self) -> str:
        return self.source

    def write(self, folder: str | os.PathLike[str] = ".") -> list[Path]:
        """Write the files `NAME.c` and `NAME.h`, or the file of another language, into a folder; their paths.

        Either all are written whole, or none is.

        Raises
        ------
        SymdiffValueError
            For a folder that is not there or can't be written to.
        """
        return self.write_as(_path(folder) / f"{self.name}.{self._suffix}")

    def write_as(self, path: str | os.PathLike[str]) -> list[Path]:
        """The same into a file of another name, and a header beside it.

        Raises
        ------
        SymdiffValueError
            As `write` does; for the name of the header, and where something that is no file has the name.
        """
        first = _path(path)
        targets = [first if suffix == self._suffix else first.with_suffix(f".{suffix}") for suffix in self._texts]
        own = [_file(target) for target in targets]
        if len({*own}) < len(own):
            raise SymdiffValueError(f"{str(first)!r} is the header's: name a file that ends in .{self._suffix}")
        made: list[tuple[Path, Path]] = []
        try:
            for target, text in zip(own, self._texts.values(), strict=True):
                made.append((_written(target, text), target))
            for temporary, target in made:
                os.replace(temporary, target)
        except OSError as error:
            raise SymdiffValueError(f"{str(first)!r} can't be written: {error.strerror or error}") from error
        finally:
            for temporary, _ in made:
                temporary.unlink(missing_ok=True)
        return targets


def _path(given: Any) -> Path:
    try:
        return Path(given)
    except TypeError as error:
        raise SymdiffTypeError(f"a folder or file is a path or a string, not {given!r}") from error


def _file(target: Path) -> Path:
    """Where a path leads: links stay, and folders and devices are not replaced by a file."""
    try:
        found = Path(os.path.realpath(target))
        taken = found.exists() and not found.is_file()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SymdiffValueError(f"{str(target)!r} can't be written: {why}") from error
    if taken:
        what = "a folder" if found.is_dir() else "there and no file"
        raise SymdiffValueError(f"{str(target)!r} can't be written: it is {what}")
    return found


def _written(target: Path, text: str) -> Path:
    """A file beside the target that holds the text."""
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
    except BaseException:  # an interrupt leaves no half of a file either
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def code(
    outputs: Any,
    inputs: Any,
    *,
    language: str = "c",
    name: str = "f",
    dtype: DTypeLike = np.float64,
    sizes: Mapping[str, int] | None = None,
) -> Code:
    """Source code of expressions in another language, which needs neither Python nor symdiff where it runs.

    In C the function is `int NAME(const double *in0, …, double *out0, …, double *work)`: every input in order by
    pointer, numbers too, arrays row by row, then each output of the outer list, row by row, then a workspace of
    `code.work` numbers, left out where that is 0; it returns 0.

    Parameters
    ----------
    outputs, inputs : as `sd.compile` takes them
    language : str
        Which; the manual has a table of what each can do.
    name : str
        What the function is called.
    dtype : float64 or float32
        In what it computes.
    sizes : mapping, optional
        The numbers behind named sizes: `sizes={"n": 100}`.

    Returns
    -------
    Code

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.compile` does; for a language that is not known, a name that the language reserves, a named size without
        a number, and an operation that the language lacks.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> z = sd.named("z", x + y)
    >>> print(sd.code(sd.sin(z)*z, [x, y], name="wave").source.split("*/")[-1])
    <BLANKLINE>
    int wave(const double *restrict in0, const double *restrict in1, double *restrict out0)
    {
        const double x = in0[0];
        const double y = in1[0];
        const double z = x + y;
        out0[0] = sin(z)*z;
        return 0;
    }
    <BLANKLINE>
    """
    language = language.lower() if isinstance(language, str) else language
    if not isinstance(language, str) or language not in LANGUAGES:
        raise SymdiffValueError(f"there is no language {language!r}: take one of {', '.join(LANGUAGES)}")
    module, suffix = LANGUAGES[language]
    writer = import_module(module)
    _check_name(name, language, writer.RESERVED, getattr(writer, "LIBRARY", ()))
    job = Job(outputs, inputs, name, _options(dtype), _sizes(sizes), getattr(writer, "COLUMNS", False))
    job.language = language
    texts, work = writer.write(job)
    return Code(language, name, texts, suffix, work)


def _check_name(name: Any, language: str, reserved: Collection[str], library: Collection[str]) -> None:
    if not isinstance(name, str):
        raise SymdiffTypeError(f"the name of a function is a string, not {name!r}")
    if not (name.isascii() and name.isidentifier()) or name.startswith("_"):
        raise SymdiffValueError(
            f"{name!r} can't name a function: use letters from a to z, digits and underscores, and begin with a letter"
        )
    if name in reserved or name in library or (language in _PYTHON and (keyword.iskeyword(name) or name in _MODULES)):
        raise SymdiffValueError(f"{name!r} is reserved in {language}: give the function another name")


_PYTHON = ("python", "numpy", "jax", "torch")
_MODULES = ("numpy", "scipy", "jax", "torch", "math")  # which a file of that name would hide from the code in it


def _options(dtype: DTypeLike) -> Options:
    try:
        kind = np.dtype(dtype)
    except TypeError as error:
        raise SymdiffTypeError(f"dtype is float64 or float32, not {dtype!r}") from error
    if kind not in (np.float64, np.float32):
        raise SymdiffValueError(f"dtype is float64 or float32, not {kind}")
    return Options(kind)


def _sizes(sizes: Mapping[str, int] | None) -> dict[str, int]:
    found = {}
    for name, number in (sizes or {}).items():
        if not isinstance(number, (int, np.integer)) or isinstance(number, bool) or number < 0:
            raise SymdiffTypeError(f"sizes gives whole numbers from 0 on, not {name} = {number!r}")
        found[str(name)] = int(number)
    return found


def to_jax(outputs: Any, inputs: Any, *, name: str = "f", sizes: Mapping[str, int] | None = None) -> Callable[..., Any]:
    """A function of JAX's arrays, which `jax.jit`, `jax.vmap` and `jax.grad` take; it runs where JAX does.

    Parameters
    ----------
    outputs, inputs : as `sd.compile` takes them
        The function gives the same nesting, and takes an argument for each input.
    name : str
        What it is called.
    sizes : mapping, optional
        The numbers behind named sizes.

    Returns
    -------
    function
        `function.source` is its text. It computes in double precision where `jax_enable_x64` is set.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.code` does; where JAX is not installed.
    """
    return _runnable(code(outputs, inputs, language="jax", name=name, sizes=sizes), "JAX")


def to_torch(
    outputs: Any, inputs: Any, *, name: str = "f", sizes: Mapping[str, int] | None = None
) -> Callable[..., Any]:
    """A function of PyTorch's tensors, for autograd, `torch.func` and `torch.compile`; it runs where the tensors are.

    Parameters
    ----------
    outputs, inputs : as `sd.compile` takes them
        The function gives the same nesting, and takes an argument for each input: tensors, arrays or numbers.
    name : str
        What it is called.
    sizes : mapping, optional
        The numbers behind named sizes.

    Returns
    -------
    function
        `function.source` is its text. It computes in the floating type of its tensors, in double precision without any.

    Raises
    ------
    SymdiffTypeError, SymdiffValueError
        As `sd.code` does; where PyTorch is not installed.
    """
    return _runnable(code(outputs, inputs, language="torch", name=name, sizes=sizes), "PyTorch")


def _runnable(found: Code, library: str) -> Callable[..., Any]:
    """The function that a text defines, where what it imports is installed."""
    try:
        import_module(found.language)
    except ImportError as error:
        raise SymdiffValueError(f"{library} is not installed: pip install {found.language}") from error
    space: dict[str, Any] = {"__name__": found.name}
    exec(compile(found.source, f"<{found.name} by symdiff>", "exec"), space)
    function: Callable[..., Any] = space[found.name]
    function.source = found.source  # type: ignore[attr-defined]
    return function
