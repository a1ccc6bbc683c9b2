"""JAX: a function of arrays that `jit`, `vmap` and `grad` take; it computes in the precision of its inputs."""

from __future__ import annotations

from symdiff.languages.array_code import RESERVED, ArrayWriter
from symdiff.languages.array_code import write as _write
from symdiff.languages.array_names import SMOOTH, calls, functions, logdet, signs, smooth
from symdiff.languages.job import Job

__all__ = ["RESERVED", "write"]

FUNCTIONS = functions("jnp", "pow:power cbrt:cbrt rint:rint", "special") | {
    "tgamma": "special.gamma({0})", "fabs": "_abs({0})", "hypot": "_hypot({0}, {1})",
}  # fmt: skip
# operations whose derivatives by JAX are right where those of a formula with a choice in it would be nan
NATIVE = {
    "sigmoid": "jax.nn.sigmoid({0})", "softplus": "jax.nn.softplus({0})", "logaddexp": "jnp.logaddexp({0}, {1})",
    "relu": "jax.nn.relu({0})", "maximum": "jnp.maximum({0}, {1})", "minimum": "jnp.minimum({0}, {1})",
    "sign": "jnp.sign({0})", "mod": "jnp.remainder({0}, {1})",
    "sigmoid_slope": "(jax.nn.sigmoid({0})*jax.nn.sigmoid(-({0})))", **SMOOTH,
}  # fmt: skip


class JaxWriter(ArrayWriter):
    """Lines of JAX."""

    language = "JAX"
    module = "jnp"
    imports = ("import jax", "import jax.numpy as jnp")
    begins = "jnp.asarray({0}, dtype={kind})"
    single = "jnp.float32"
    further = {  # noqa: RUF012
        "special": "from jax.scipy import special", "sparse": "from jax.experimental import sparse",
        "np": "import numpy as np", "linalg": "from jax.scipy import linalg",
    }  # fmt: skip
    transpose = "jnp.transpose({{0}}, {order})"
    total = "jnp.sum({{0}}, axis={axes})"
    broadcast = "jnp.broadcast_to({shaped}, {shape})"
    zeros = "jnp.zeros({shape})"
    stacked = "jnp.array([{entries}]).reshape({shape})"
    sparse = "sparse.BCSR(({data}, {cols}, {rows}), shape={shape})"
    calls = calls(
        "jnp", amax="jnp.max({0}, axis=AXES)", amin="jnp.min({0}, axis=AXES)", prod="jnp.prod({0}, axis=AXES)",
        logsumexp="special.logsumexp({0}, axis=AXES)", array_norm="_norm({0}, AXES)",
        convolve="jnp.convolve({0}, {1}, MODE)", inv="jnp.linalg.inv({0})", solve="jnp.linalg.solve({0}, {1})",
        cholesky="jnp.linalg.cholesky({0})",
        solve_triangular="linalg.solve_triangular({0}, {1}, lower=LOWER, unit_diagonal=UNIT)",
        eigvalsh="jnp.linalg.eigvalsh({0})", eigenvectors="_vectors(jnp.linalg.eigh({0}))",
    )  # fmt: skip
    helpers_text = {  # noqa: RUF012  # read only
        "_added": """def _added(array, place, block):
    return array.at[place].add(block)
""",
        "_added_at": """def _added_at(array, places, block):
    return array.reshape(-1).at[places].add(jnp.ravel(block)).reshape(array.shape)
""",
        "_norm": """def _norm(x, axes):
    top = jax.lax.stop_gradient(jnp.max(jnp.abs(x), axis=axes, keepdims=True, initial=0))
    scale = jnp.where((top > 0) & jnp.isfinite(top), top, 1)
    total = jnp.sum((x / scale) ** 2, axis=axes)
    root = jnp.sqrt(jnp.where(total == 0, 1.0, total))
    return jnp.squeeze(scale, axes) * jnp.where(total == 0, 0.0, root)
""",
        "_scan": """def _scan(step, length, carries, sequences, width, *operands):
    kind = jnp.result_type(*operands)
    operands = [jnp.asarray(v, kind) for v in operands]
    carry, rows = operands[:carries], operands[carries:carries + sequences]
    fixed = operands[carries + sequences:]

    def one(carry, row):
        made = [jnp.asarray(v, kind) for v in step(*carry, *row, *fixed)]
        return made[:carries], jnp.concatenate([jnp.ravel(v) for v in made])

    start = jnp.concatenate([*map(jnp.ravel, carry), jnp.zeros(width - sum(v.size for v in carry), kind)])
    _, found = jax.lax.scan(one, carry, rows, length)
    return jnp.concatenate([start[None], found])
""",
        "_scan_each": """def _scan_each(ranks, step, length, carries, sequences, width, *operands):
    operands = [jnp.asarray(v) for v in operands]
    lead = jnp.broadcast_shapes(*[v.shape[:v.ndim - n] for v, n in zip(operands, ranks)])
    own = [v.shape[v.ndim - n:] for v, n in zip(operands, ranks)]
    each = [jnp.broadcast_to(v, lead + n).reshape(-1, *n) for v, n in zip(operands, own)]
    found = jax.vmap(lambda *rows: _scan(step, length, carries, sequences, width, *rows))(*each)
    return found.reshape(*lead, length + 1, width)
""",
        "_abs": """def _abs(x):
    return x*jnp.sign(x)
""",
        "_logdet": logdet("jnp"),
        **signs("jnp"),
        **smooth("jnp"),
    }


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the module."""
    return {"py": _write(job, JaxWriter, FUNCTIONS, NATIVE)}, 0
