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
        "left_singular_vectors": f"{linalg}.svd({{0}}, full_matrices=False)[0]",
        "right_singular_vectors": f"{linalg}.svd({{0}}, full_matrices=False)[2]", **others,
    }  # fmt: skip


def logdet(module: str) -> str:
    """The logarithm of a determinant, nan where that is negative."""
    return f"""def _logdet(a):
    sign, value = {module}.linalg.slogdet(a)
    return {module}.where(sign < 0, {module}.nan, value)
"""
