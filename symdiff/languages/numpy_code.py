"""NumPy: a function of arrays that needs NumPy, and SciPy for the special functions and sparse matrices."""

from __future__ import annotations

from symdiff.languages.array_code import RESERVED, ArrayWriter
from symdiff.languages.array_code import write as _write
from symdiff.languages.array_names import calls, functions, logdet, signs
from symdiff.languages.job import Job

__all__ = ["RESERVED", "write"]

FUNCTIONS = functions("np", "pow:power cbrt:cbrt rint:rint", "special") | {"tgamma": "special.gamma({0})"}


class NumpyWriter(ArrayWriter):
    """Lines of NumPy."""

    language = "NumPy"
    begins = "np.asarray({0}, dtype={kind})[()]"
    guard = 'with np.errstate(all="ignore"):'
    further = {"special": "from scipy import special", "sparse": "from scipy import sparse"}  # noqa: RUF012
    transpose = "np.transpose({{0}}, {order})"
    broadcast = "np.broadcast_to({shaped}, {shape})"
    total = "np.sum({{0}}, axis={axes})"
    zeros = "np.zeros({shape})"
    optimize = ", optimize=True"
    stacked = "np.array([{entries}]).reshape({shape})"
    sparse = "sparse.csr_array(({data}, {cols}, {rows}), shape={shape})"
    calls = calls(
        "np", amax="np.max({0}, axis=AXES)", amin="np.min({0}, axis=AXES)", prod="np.prod({0}, axis=AXES)",
        logsumexp="_logsumexp({0}, AXES)", array_norm="_norm({0}, AXES)", convolve="np.convolve({0}, {1}, MODE)",
        inv="_rescued(np.linalg.inv, {0})", solve="_rescued(np.linalg.solve, {0}, {1})",
        cholesky="_rescued(np.linalg.cholesky, ({0} + {0}TURNED)/2)",
        solve_triangular="_solve_triangular({0}, {1}, LOWER, UNIT)",
        eigvalsh="np.linalg.eigvalsh(({0} + {0}TURNED)/2)",
        eigenvectors="_vectors(np.linalg.eigh(({0} + {0}TURNED)/2))",
    )  # fmt: skip
    helpers_text = {  # noqa: RUF012  # read only
        **signs("np"),
        "_added": """def _added(array, place, block):
    array[place] += block
    return array
""",
        "_added_at": """def _added_at(array, places, block):
    np.add.at(array.reshape(-1), places, np.ravel(block))
    return array
""",
        "_logsumexp": """def _logsumexp(x, axes):
    top = np.max(x, axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    return np.log(np.sum(np.exp(x - top), axis=axes)) + np.squeeze(top, axes)
""",
        "_norm": """def _norm(x, axes):
    top = np.max(np.abs(x), axis=axes, keepdims=True, initial=0)
    scale = np.where((top > 0) & np.isfinite(top), top, 1)
    return np.squeeze(scale, axes) * np.sqrt(np.sum((x / scale) ** 2, axis=axes))
""",
        "_rescued": """def _rescued(function, *operands):
    try:
        return function(*operands)
    except np.linalg.LinAlgError:
        if operands[0].ndim > 2:
            return np.array([_rescued(function, *matrices) for matrices in zip(*operands)])
        return np.full(operands[-1].shape, np.nan)
""",
        "_logdet": logdet("np").replace("value)\n", "value)[()]\n"),
        "_scan": """def _scan(step, length, carries, sequences, width, *operands):
    carry, rows = operands[:carries], operands[carries:carries + sequences]
    fixed = operands[carries + sequences:]
    found = np.zeros((length + 1, width), np.result_type(*operands))
    start = np.concatenate([np.ravel(v) for v in carry]) if carries else found[0, :0]
    found[0, :len(start)] = start
    for k in range(length):
        made = step(*carry, *[x[k] for x in rows], *fixed)
        found[k + 1] = np.concatenate([np.ravel(v) for v in made])
        carry = made[:carries]
    return found
""",
        "_scan_each": """def _scan_each(ranks, step, length, carries, sequences, width, *operands):
    operands = [np.asarray(v) for v in operands]
    lead = np.broadcast_shapes(*[v.shape[:v.ndim - n] for v, n in zip(operands, ranks)])
    own = [v.shape[v.ndim - n:] for v, n in zip(operands, ranks)]
    each = [np.broadcast_to(v, lead + n).reshape(-1, *n) for v, n in zip(operands, own)]
    found = [_scan(step, length, carries, sequences, width, *rows) for rows in zip(*each)]
    return np.array(found).reshape(*lead, length + 1, width)
""",
        "_solve_triangular": """def _solve_triangular(a, b, lower, unit):
    x = np.array(b if b.ndim == a.ndim else b[..., None])
    n = a.shape[-1]
    for k in range(n) if lower else range(n - 1, -1, -1):
        known = slice(0, k) if lower else slice(k + 1, n)
        x[..., k, :] -= (a[..., k, None, known] @ x[..., known, :])[..., 0, :]
        if not unit:
            x[..., k, :] /= a[..., k, k, None]
    return x if b.ndim == a.ndim else x[..., 0]
""",
    }


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the module."""
    return {"py": _write(job, NumpyWriter, FUNCTIONS, {})}, 0
