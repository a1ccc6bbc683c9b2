"""What NumPy, JAX and PyTorch call alike, given the name of their module."""

from __future__ import annotations

from symdiff.languages.spelling import words

_ONE = words("""
sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log1p log2 log10 sqrt floor
ceil trunc abs
""")
_TWO = words("arctan2 hypot fmod copysign")
_IN_C = {"arc": "a", "abs": "fabs"}  # how names begin in C


def functions(module: str, others: str, special: str) -> dict[str, str]:
    """Formats of calls by their names in C: of a module, some further names in it, and its special functions."""
    further = dict([pair.split(":") for pair in others.split()])
    named = {name: name for name in (*_ONE, *_TWO)} | further
    found = {}
    for name, own in named.items():
        known = next((c + name[len(begin) :] for begin, c in _IN_C.items() if name.startswith(begin)), name)
        found[known] = f"{module}.{own}({{0}}{', {1}' * (known == 'pow' or name in _TWO)})"
    return found | {name: f"{special}.{name}({{0}})" for name in ("erf", "erfc")} | {
        "lgamma": f"{special}.gammaln({{0}})"
    }  # fmt: skip


def calls(module: str, **others: str) -> dict[str, str]:
    """Formats of operations on whole arrays: what the linear algebra of all is called, and some others."""
    linalg = f"{module}.linalg"
    return {
        "cumsum": f"{module}.cumsum({{0}}, AXIS)", "det": f"{linalg}.det({{0}})", "logdet": "_logdet({0})",
        "det_sign": f"{linalg}.slogdet({{0}})[0]", "log_abs_det": f"{linalg}.slogdet({{0}})[1]",
        "svdvals": f"{linalg}.svd({{0}}, full_matrices=False)[1]",
        "left_singular_vectors": f"_left({linalg}.svd({{0}}, full_matrices=False))",
        "right_singular_vectors": f"_right({linalg}.svd({{0}}, full_matrices=False))", **others,
    }  # fmt: skip


def logdet(module: str) -> str:
    """The logarithm of a determinant, nan where that is negative."""
    return f"""def _logdet(a):
    sign, value = {module}.linalg.slogdet(a)
    return {module}.where(sign < 0, {module}.nan, value)
"""


def signs(module: str) -> dict[str, str]:
    """Vectors whose largest entry is positive, the first of those that are equally large."""
    return {
        "_signs": f"""def _signs(vectors):
    if not vectors.size:
        return 1
    sizes = {module}.abs(vectors)
    first = {module}.argmax(sizes >= (1 - 1e-8)*{module}.max(sizes, axis=-2, keepdims=True), axis=-2)
    largest = {module}.take_along_axis(vectors, {module}.expand_dims(first, -2), axis=-2)
    return {module}.where(largest < 0, -1, 1).astype(vectors.dtype)
""",
        **vectors(),
    }


def vectors() -> dict[str, str]:
    """What eigenvectors and singular vectors are of LAPACK's by `_signs`."""
    return {
        "_vectors": """def _vectors(found):
    return found[1]*_signs(found[1])
""",
        "_left": """def _left(found):
    return found[0]*_signs(found[0])
""",
        "_right": """def _right(found):
    signs = _signs(found[0])
    return found[2] if isinstance(signs, int) else found[2]*signs.swapaxes(-1, -2)
""",
    }


SMOOTH = {"sinc": "_sinc({0})", "sech": "_sech({0})", "acot": "_acot({0})"}  # operations by the functions of `smooth`


def smooth(module: str) -> dict[str, str]:
    """Functions whose derivatives by autograd are right at 0 too, where those of the plain formula are nan or 0."""
    found = {
        "_hypot": """def _hypot(x, y):
    zero = (x == 0) & (y == 0)
    return m.where(zero, 0, m.hypot(m.where(zero, 1, x), y))
""",
        "_sinc": """def _sinc(x):
    small = m.abs(x) < 0.5
    y = m.where(small, 1, x)
    z = m.where(small, x, 0)**2
    series = m.ones_like(z)
    for k in range(8, 0, -1):
        series = 1 - z*series/(2*k*(2*k + 1))
    return m.where(small, series, m.sin(y)/y)
""",
        "_sech": """def _sech(x):
    small = m.abs(x) < 1
    t = m.exp(-m.abs(m.where(small, 1, x)))
    return m.where(small, 1/m.cosh(m.where(small, x, 0)), 2*t/(1 + t*t))
""",
        "_acot": """def _acot(x):
    small = m.abs(x) < 1
    y = m.where(small, x, 1)
    near = m.copysign(m.full_like(y, m.pi/2), y) - m.arctan(y)
    return m.where(small, near, m.arctan(1/m.where(small, 1, x)))
""",
    }
    return {name: text.replace("m.", f"{module}.") for name, text in found.items()}
