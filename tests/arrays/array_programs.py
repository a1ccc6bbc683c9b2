"""Random programs of arrays: lines of Python that array expressions, NumPy, JAX and arrays of scalars all run."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

import symdiff as sd
from symdiff import array_functions as af
from symdiff.algebra import linear_algebra_values as linear_algebra
from symdiff.records import elementwise

SIZES = (1, 2, 3)
MOST_AXES = 3

Shape = tuple[int, ...]


class Program:
    """Inputs with their shapes, and lines that each name a value; the last is a scalar `f`."""

    def __init__(self, rng: random.Random, lines: int) -> None:
        n, m, k = (rng.choice(SIZES) for _ in range(3))
        self.rng = rng
        self.inputs: dict[str, Shape] = {"x": (n,), "y": (n,), "A": (n, m), "B": (m, k), "S": (n, n), "s": ()}
        self.values = list(self.inputs.items())
        self.lines: list[tuple[str, str]] = []
        while len(self.lines) < lines:
            made = rng.choice(KINDS)(self)
            if made is not None and len(made[1]) <= MOST_AXES:
                self.add(*made)
        name, shape = self.values[-1]
        self.lines.append(("f", f"(tanh({name}*0.5)**2).sum()" if shape else f"tanh({name}*0.5)**2"))

    def add(self, code: str, shape: Shape) -> None:
        name = f"t{len(self.lines)}"
        self.lines.append((name, code))
        self.values.append((name, shape))

    def pick(self, fits=lambda shape: True):
        """A value of a fitting shape, rather a late one."""
        found = [value for value in self.values if fits(value[1])]
        return self.rng.choice(found[-5:] if self.rng.random() < 0.6 else found) if found else ("", None)

    def __repr__(self) -> str:
        return "\n".join([str(self.inputs), *[f"{name} = {code}" for name, code in self.lines]])

    def run(self, functions: dict[str, Any], inputs: dict[str, Any]) -> Any:
        """The value of f where the functions and inputs are these."""
        known = {**functions, **inputs}
        for name, code in self.lines:
            known[name] = eval(code, known)
        return known["f"]


def unary(p):
    a, shape = p.pick()
    form = p.rng.choice(["sin({})", "tanh({})", "exp(0.3*{})", "sqrt({}**2 + 1)", "-{}", "{}/2", "{}**2", "{}**3"])
    return form.format(a), shape


def binary(p):
    a, shape = p.pick()
    b, _ = p.pick(lambda s: s in (shape, (), shape[1:]))
    form = p.rng.choice(["({} + {})", "({} - {})", "({}*{})", "({}/({}**2 + 1))", "maximum({}, {} + 0.1)"])
    return form.format(a, b), shape


def matmul(p):
    a, left = p.pick(lambda s: 0 < len(s) < 3)
    b, right = p.pick(lambda s: 0 < len(s) < 3 and s[0] == left[-1])
    return (f"({a} @ {b})", left[:-1] + right[1:]) if b else None


def summed(p):
    a, shape = p.pick(len)
    axis, keep = p.rng.randrange(len(shape)), p.rng.random() < 0.3
    form = p.rng.choice(["{}.sum(axis={}, keepdims={})", "{}.mean(axis={}, keepdims={})"])
    return form.format(a, axis, keep), shape[:axis] + (1,) * keep + shape[axis + 1 :]


def deviation(p):
    a, shape = p.pick(lambda s: min(s, default=0) > 1)
    if not a:
        return None
    b, _ = p.pick(lambda s: s == shape)
    c, _ = p.pick(lambda s: s == ())
    kind = p.rng.random()
    if kind < 0.3:
        return f"({a} - {a}.mean())", shape
    if kind < 0.7:
        return f"(2*{c}*(({a} - {a}.mean())*{p.rng.choice([b, f'({b} - {b}.mean())'])}).sum())", ()
    return f"({a} - {a}.mean(axis={p.rng.randrange(len(shape))}, keepdims=True))", shape


def reduced(p):
    a, shape = p.pick(lambda s: len(s) and all(s))
    if not a:
        return None
    axis = p.rng.randrange(len(shape))
    name = p.rng.choice(["largest", "smallest", "logsumexp", "norm", "product"])
    return f"{name}({a}, {axis})", shape[:axis] + shape[axis + 1 :]


def transposed(p):
    a, shape = p.pick(lambda s: len(s) > 1)
    return f"{a}.T", shape[::-1]


def block(p):
    a, shape = p.pick(len)
    k = p.rng.randrange(max(shape[0], 1))
    return p.rng.choice([
        (f"{a}[{k}]", shape[1:]), (f"{a}[{k}:]", (shape[0] - k, *shape[1:])), (f"{a}[:{k}]", (k, *shape[1:])),
        (f"{a}[None]", (1, *shape)), (f"{a}[::-1]", shape), (f"{a}[[{k}, 0, {k}]]", (3, *shape[1:])),
        (f"{a}[..., 0]" if shape[-1] else f"{a}", shape[:-1] if shape[-1] else shape),
    ]) if shape[0] and all(shape) else None  # fmt: skip


def chosen(p):
    a, shape = p.pick()
    b, _ = p.pick(lambda s: s in (shape, ()))
    return f"above({a}, {b})", shape


def diagonal(p):
    a, shape = p.pick(lambda s: len(s) == 1 or (len(s) == 2 and s[0] == s[1]))
    return f"diag({a})", shape * 2 if len(shape) == 1 else shape[:1]


def linear(p):
    a, shape = p.pick(lambda s: len(s) == 2 and s[0] == s[1] and s[0])
    matrix = f"({a} @ {a}.T + 3*eye({shape[0]}))" if a else ""
    b, right = p.pick(lambda s: a and len(s) in (1, 2) and s[0] == shape[0])
    if not a:
        return None
    found = [
        (f"inv({matrix})", shape),
        (f"cholesky({matrix})", shape),
        (f"logdet({matrix})", ()),
        (f"det({matrix})", ()),
    ]
    return p.rng.choice([*found, (f"solve({matrix}, {b})", right)] if b else found)


def triangular(p):
    a, shape = p.pick(lambda s: len(s) == 2 and s[0] == s[1] and s[0])
    b, right = p.pick(lambda s: a and len(s) in (1, 2) and s[0] == shape[0])
    return (f"triangular({a} @ {a}.T + 3*eye({shape[0]}), {b}, {p.rng.random() < 0.5})", right) if b else None


def spectral(p):
    a, shape = p.pick(lambda s: len(s) == 2 and 0 < s[0] < 3)
    if not a:
        return None
    matrix = f"({a} @ {a}.T + diag([1.0, 3.0][:{shape[0]}]))"
    found = [(f"eigvalsh({matrix})", shape[:1]), (f"svdvals({matrix})", shape[:1])]
    return p.rng.choice([*found, (f"sine_of_matrix({matrix})", (shape[0], shape[0]))])


def cumulative(p):
    a, shape = p.pick(len)
    return f"cumsum({a}, {p.rng.randrange(len(shape))})", shape


def convolved(p):
    (a, (n,)), (b, (m,)) = (p.pick(lambda s: len(s) == 1 and s[0]) for _ in range(2))
    mode = p.rng.choice(["full", "same", "valid"])
    size = {"full": n + m - 1, "same": max(n, m), "valid": abs(n - m) + 1}[mode]
    return f"convolve({a}, {b}, {mode!r})", (size,)


def several_places(p):
    a, shape = p.pick(lambda s: len(s) > 1 and all(s))
    if not a:
        return None
    k, m = (p.rng.randrange(n) for n in shape[:2])
    rest = shape[2:]
    return p.rng.choice([
        (f"{a}[[{k}, 0, {k}], [{m}, 0, -1]]", (3, *rest)), (f"{a}[[[{k}], [0]], [{m}, 0, {m}]]", (2, 3, *rest)),
        (f"{a}[[0], [{m}]]", (1, *rest)),
        (f"{a}[[{k}, 0], ..., [-1, 0]]", (2, *shape[1:-1])), (f"{a}[[{k}, 0], None, [{m}, 0]]", (2, 1, *rest)),
    ])  # fmt: skip


def joined(p):
    a, shape = p.pick(len)
    b, other = p.pick(lambda s: len(s) == len(shape) and s[1:] == shape[1:])
    return f"concatenate([{a}, {b}])", (shape[0] + other[0], *shape[1:])


def flat(p):
    a, shape = p.pick(lambda s: len(s) == 2)
    return f"{a}.reshape(-1)", (shape[0] * shape[1],)


def outer(p):
    (a, (n,)), (b, (m,)) = p.pick(lambda s: len(s) == 1), p.pick(lambda s: len(s) == 1)
    return p.rng.choice([f"outer({a}, {b})", f"({a}[:, None]*{b}[None, :] + {a}[:, None])"]), (n, m)


def contracted(p):
    a, (n, m) = p.pick(lambda s: len(s) == 2)
    b, (_, k) = p.pick(lambda s: len(s) == 2 and s[0] == n)
    return f"einsum('ab,ac->cb', {a}, {b})", (k, m)


KINDS = [
    unary, unary, binary, binary, binary, matmul, summed, reduced, transposed, block, chosen, diagonal, linear, joined,
    flat, outer, contracted, triangular, spectral, cumulative, convolved, several_places, deviation,
]  # fmt: skip


def _sine(values, vectors, sin, diag):
    return vectors @ diag(sin(values)) @ vectors.T


OF_ARRAYS: dict[str, Any] = {
    "sin": sd.sin, "tanh": sd.tanh, "exp": sd.exp, "sqrt": sd.sqrt, "maximum": sd.maximum,
    "above": lambda a, b: sd.where(a > 0.2, a, b),
    "largest": lambda a, k: a.max(axis=k), "smallest": lambda a, k: a.min(axis=k),
    "product": lambda a, k: a.prod(axis=k),
    "logsumexp": af.logsumexp, "norm": af.norm, "diag": af.diag,
    "inv": sd.linalg.inv, "det": sd.linalg.det, "logdet": sd.linalg.logdet,
    "solve": sd.linalg.solve, "cholesky": sd.linalg.cholesky,
    "triangular": lambda a, b, lower: sd.linalg.solve_triangular(a, b, lower=lower), "cumsum": sd.cumsum,
    "eigvalsh": sd.linalg.eigvalsh, "svdvals": sd.linalg.svdvals, "convolve": sd.convolve,
    "sine_of_matrix": lambda a: _sine(*sd.linalg.eigh(a), sd.sin, af.diag),
    "eye": af.eye, "concatenate": af.concatenate, "outer": af.outer,
    "einsum": af.einsum,
}  # fmt: skip

OF_NUMPY: dict[str, Any] = {
    "sin": np.sin, "tanh": np.tanh, "exp": np.exp, "sqrt": np.sqrt, "maximum": np.maximum,
    "above": lambda a, b: np.where(a > 0.2, a, b),
    "largest": lambda a, k: a.max(axis=k), "smallest": lambda a, k: a.min(axis=k),
    "product": lambda a, k: a.prod(axis=k),
    "logsumexp": lambda a, k: np.log(np.exp(a).sum(axis=k)), "norm": lambda a, k: np.sqrt((a * a).sum(axis=k)),
    "diag": np.diag, "inv": np.linalg.inv, "det": np.linalg.det, "logdet": lambda a: np.linalg.slogdet(a)[1],
    "solve": np.linalg.solve, "cholesky": np.linalg.cholesky, "eye": np.eye, "concatenate": np.concatenate,
    "outer": np.outer, "einsum": np.einsum, "cumsum": np.cumsum, "convolve": np.convolve,
    "triangular": lambda a, b, lower: np.linalg.solve(np.tril(a) if lower else np.triu(a), b),
    "eigvalsh": np.linalg.eigvalsh, "svdvals": lambda a: np.linalg.svd(a, compute_uv=False),
    "sine_of_matrix": lambda a: _sine(*np.linalg.eigh(a), np.sin, np.diag),
}  # fmt: skip


def _along(function):
    """A function of vectors of scalar expressions along an axis of an object array."""

    def along(a, axis):
        moved = np.moveaxis(a, axis, -1)
        found = np.empty(moved.shape[:-1], dtype=object)
        for index in np.ndindex(*found.shape):
            found[index] = function(list(moved[index]))
        return found if found.ndim else found[()]

    return along


def _folded(op):
    def fold(items):
        total = items[0]
        for item in items[1:]:
            total = op(total, item)
        return total

    return fold


def _above(a, b):
    def choose(x, y):
        return sd.where(sd.Const(0) + x > 0.2, x, y)  # the upper entries of a Cholesky factor are numbers

    return elementwise(choose, [a, b]) if isinstance(a, np.ndarray) else choose(a, b)


def _eigenvalues(a):
    """The roots of the characteristic polynomial, ascending."""
    if len(a) == 1:
        return [a[0, 0]]
    trace, det = a[0, 0] + a[1, 1], a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    root = sd.sqrt(trace**2 - 4 * det)
    return [(trace - root) / 2, (trace + root) / 2]


def _sine_of_matrix(a):
    """Sylvester's formula."""
    values = _eigenvalues(a)
    if len(a) == 1:
        return np.array([[sd.sin(values[0])]], dtype=object)
    low, high = values
    one = np.eye(2, dtype=object)
    return (sd.sin(high) * (a - low * one) - sd.sin(low) * (a - high * one)) / (high - low)


def _convolve(a, b, mode):
    """Row by row, of which the middle is taken."""
    n, m = len(a), len(b)
    full = [sum((a[i] * b[k - i] for i in range(n) if 0 <= k - i < m), 0) for k in range(n + m - 1)]
    small, large = min(n, m), max(n, m)
    cut = {
        "full": slice(None),
        "same": slice((small - 1) // 2, (small - 1) // 2 + large),
        "valid": slice(small - 1, large),
    }
    return np.array([*full, None], dtype=object)[:-1][cut[mode]]


OF_SCALARS: dict[str, Any] = {
    **OF_NUMPY, "sin": sd.sin, "tanh": sd.tanh, "exp": sd.exp, "sqrt": sd.sqrt, "maximum": sd.maximum, "above": _above,
    "largest": _along(_folded(sd.maximum)), "smallest": _along(_folded(sd.minimum)),
    "product": _along(_folded(sd.ops.mul)),
    "logsumexp": _along(_folded(sd.logaddexp)), "norm": _along(lambda v: sd.sqrt(sum(x**2 for x in v))),
    "inv": linear_algebra.inv, "det": linear_algebra.det, "logdet": linear_algebra.logdet,
    "solve": lambda a, b: linear_algebra.solve(a, b, b.ndim), "cholesky": linear_algebra.cholesky,
    "eye": lambda n: np.eye(n, dtype=object), "convolve": _convolve, "sine_of_matrix": _sine_of_matrix,
    "triangular": lambda a, b, lower: linear_algebra.solve((np.tril if lower else np.triu)(a), b, b.ndim),
    "eigvalsh": lambda a: np.array([*_eigenvalues(a), None])[:-1],
    "svdvals": lambda a: np.array([*_eigenvalues(a)[::-1], None])[:-1],
}  # fmt: skip


def array_variables(program: Program) -> dict[str, Any]:
    return {name: sd.Var(name, shape=shape) if shape else sd.Var(name) for name, shape in program.inputs.items()}


def scalar_variables(program: Program) -> dict[str, Any]:
    return {name: sd.variables(name, shape) if shape else sd.Var(name) for name, shape in program.inputs.items()}


def sample(program: Program, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {name: 0.7 * rng.normal(size=shape) for name, shape in program.inputs.items()}
