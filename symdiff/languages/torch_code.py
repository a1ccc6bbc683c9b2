"""PyTorch: a function of tensors, of their type and on their device, for autograd, `torch.func` and `torch.compile`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from symdiff.languages.array_code import RESERVED, ArrayWriter
from symdiff.languages.array_code import write as _write
from symdiff.languages.array_names import SMOOTH, calls, functions, logdet, smooth, vectors
from symdiff.languages.job import Job
from symdiff.languages.recorded import CALL, INFIX, SELECT, Block, Helper, Instruction
from symdiff.languages.spelling import Term

__all__ = ["RESERVED", "write"]

FUNCTIONS = functions("torch", "pow:pow rint:round", "torch.special") | {
    "cbrt": "_cbrt({0})", "hypot": "_hypot({0}, {1})",
}  # fmt: skip
# operations whose derivatives by autograd are right where those of a formula with a choice in it would be nan or 0
NATIVE = {
    "sigmoid": "torch.sigmoid({0})", "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
    "sigmoid_slope": "(torch.sigmoid({0})*torch.sigmoid(-({0})))", "logaddexp": "torch.logaddexp({0}, {1})",
    "relu": "torch.relu({0})", "maximum": "torch.maximum({0}, {1})", "minimum": "torch.minimum({0}, {1})",
    "sign": "_sign({0})", "mod": "torch.remainder({0}, {1})", **SMOOTH,
}  # fmt: skip
_ARITHMETIC = frozenset(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="])


class TorchWriter(ArrayWriter):
    """Lines of PyTorch."""

    language = "PyTorch"
    module = "torch"
    imports = ("import torch",)
    transpose = "torch.permute({{0}}, {order})"
    total = "torch.sum({{0}}, {axes})"
    broadcast = "torch.broadcast_to({shaped}, {shape})"
    stacked = "torch.stack([{entries}]).reshape({shape})"
    sparse = "_sparse({data}, {cols}, {rows}, {shape})"
    slices = "lambda a: a[{}]"
    backwards = False
    further = {"math": "import math"}  # noqa: RUF012  # read only
    calls = calls(
        "torch", amax="torch.amax({0}, AXES)", amin="torch.amin({0}, AXES)", prod="_prod({0}, AXES)",
        logsumexp="torch.logsumexp({0}, AXES)", array_norm="_norm({0}, AXES)", convolve="_convolve({0}, {1}, MODE)",
        inv="_where_found(torch.linalg.inv_ex({0}))", solve="_where_found(torch.linalg.solve_ex({0}, {1}))",
        cholesky="_where_found(torch.linalg.cholesky_ex(({0} + {0}.mT)/2))",
        solve_triangular="_solve_triangular({0}, {1}, LOWER, UNIT)", svdvals="torch.linalg.svdvals({0})",
        eigvalsh="torch.linalg.eigvalsh(({0} + {0}.mT)/2)",
        eigenvectors="_vectors(torch.linalg.eigh(({0} + {0}.mT)/2))",
    )  # fmt: skip
    helpers_text = {  # noqa: RUF012  # read only
        "_tensor": """def _tensor(x, kind, device):
    if isinstance(x, (list, tuple)) and any(isinstance(v, (list, tuple, torch.Tensor)) for v in x):
        return torch.stack([_tensor(v, kind, device) for v in x])
    return x.to(device, kind) if isinstance(x, torch.Tensor) else torch.as_tensor(x, dtype=kind, device=device)
""",
        "_tensors": """def _tensors(*given, kind=None):
    tensors = [x for x in given if isinstance(x, torch.Tensor)]
    if kind is None:
        kinds = {x.dtype for x in tensors if x.dtype.is_floating_point}
        kind = kinds.pop() if kinds else torch.float64
        for other in kinds:
            kind = torch.promote_types(kind, other)
    device = next((x.device for x in tensors if x.device.type != "cpu"), torch.device("cpu"))
    return [_tensor(x, kind, device) for x in given]
""",
        "_added_at": """def _added_at(array, places, block):
    places = places.reshape(-1).to(array.device)
    return array.reshape(-1).index_add(0, places, block.reshape(-1)).reshape(array.shape)
""",
        "_added": """def _added(array, place, block):
    places = place(torch.arange(array.numel()).reshape(array.shape))
    return _added_at(array, places, torch.broadcast_to(block, places.shape))
""",
        "_sparse": """def _sparse(data, cols, starts, shape):
    rows = torch.repeat_interleave(torch.arange(shape[0]), starts.diff())
    places = torch.stack([rows, cols]).to(data.device)
    return torch.sparse_coo_tensor(places, data, shape, is_coalesced=True, check_invariants=False)
""",
        "_sign": """def _sign(x):
    return torch.where(torch.isnan(x), x, torch.sign(x))
""",
        "_cbrt": """def _cbrt(x):
    zero = x == 0
    y = torch.where(zero, 1, x)
    root = torch.copysign(torch.abs(y)**(1/3), y)
    better = torch.where(torch.isfinite(root), root - (root**3 - y)/(3*root**2), root)
    return torch.where(zero, torch.sqrt(torch.where(zero, x, 1)), better)
""",
        "_prod": """def _prod(x, axes):
    for axis in sorted(axes, reverse=True):
        x = torch.prod(x, axis)
    return x
""",
        "_norm": """def _norm(x, axes):
    if x.numel() == 0:
        return torch.sum(x, axes)
    top = torch.amax(torch.abs(x), axes, keepdim=True).detach()
    scale = torch.where((top > 0) & torch.isfinite(top), top, 1)
    total = torch.sum((x/scale)**2, axes)
    root = torch.sqrt(torch.where(total == 0, 1, total))
    return torch.squeeze(scale, axes)*torch.where(total == 0, 0, root)
""",
        "_convolve": """def _convolve(a, b, mode):
    short, long = sorted([len(a), len(b)])
    full = torch.nn.functional.conv1d(a[None, None], b.flip(0)[None, None], padding=len(b) - 1)[0, 0]
    if mode == "full":
        return full
    return full[(short - 1)//2:][:long] if mode == "same" else full[short - 1:long]
""",
        "_where_found": """def _where_found(result):
    value, info = result
    return torch.where((info == 0)[..., None, None], value, torch.nan)
""",
        "_solve_triangular": """def _solve_triangular(a, b, lower, unit):
    columns = b if b.ndim == a.ndim else b[..., None]
    x = torch.linalg.solve_triangular(a, columns, upper=not lower, unitriangular=unit)
    return x if b.ndim == a.ndim else x[..., 0]
""",
        "_scan": """def _scan(step, length, carries, sequences, width, *operands):
    carry, rows = operands[:carries], operands[carries:carries + sequences]
    fixed = operands[carries + sequences:]
    start = [v.reshape(-1) for v in carry]
    found = [torch.cat([*start, operands[0].new_zeros(width - sum(len(v) for v in start))])]
    for k in range(length):
        made = step(*carry, *[x[k] for x in rows], *fixed)
        found.append(torch.cat([v.reshape(-1) for v in made]))
        carry = made[:carries]
    return torch.stack(found)
""",
        "_scan_each": """def _scan_each(ranks, step, length, carries, sequences, width, *operands):
    lead = torch.broadcast_shapes(*[v.shape[:v.ndim - n] for v, n in zip(operands, ranks)])
    own = [v.shape[v.ndim - n:] for v, n in zip(operands, ranks)]
    each = [v.expand(lead + n).reshape(-1, *n) for v, n in zip(operands, own)]
    found = [_scan(step, length, carries, sequences, width, *rows) for rows in zip(*each)]
    return torch.stack(found).reshape(*lead, length + 1, width)
""",
        "_signs": """def _signs(vectors):
    if not vectors.numel():
        return 1
    sizes = torch.abs(vectors)
    first = torch.argmax((sizes >= (1 - 1e-8)*torch.amax(sizes, -2, keepdim=True)).int(), -2, keepdim=True)
    largest = torch.take_along_dim(vectors, first, -2)
    return torch.where(largest < 0, -1, 1)
""",
        **vectors(),
        "_logdet": logdet("torch"),
        **smooth("torch"),
    }

    @property
    def as_number(self) -> str:  # type: ignore[override]
        """The format of a condition as a number."""
        return f"{{0}}.to({self.like or 'torch.float64'})"

    @property
    def zeros(self) -> str:  # type: ignore[override]
        """The format of zeros of a shape."""
        return f"{self.like}.new_zeros({{shape}})" if self.like else "torch.zeros({shape}, dtype=torch.float64)"

    @property
    def one(self) -> str:  # type: ignore[override]
        """An array without axes."""
        return f"{self.like}.new_ones(())" if self.like else "torch.ones((), dtype=torch.float64)"

    def held(self, name: str) -> str:
        """Numbers of the module in the type and on the device of the inputs."""
        return f"{name}.to({self.like})" if self.like else name

    def array_of(self, text: str, kind: str) -> str:
        """A tensor made of a list."""
        return f"torch.tensor({text}, dtype=torch.{'int64' if kind == 'int' else 'float64'})"

    def inputs(self, names: Sequence[str]) -> list[str]:
        """The line that makes the arguments tensors."""
        kind = ", kind=torch.float32" if self.job.single else ""
        return [f"[{', '.join(names)}] = _tensors({', '.join(names)}{kind})"] if names else []

    def stack(self, terms: Sequence[Term], shape: tuple[int, ...]) -> str:
        """A tensor of its entries."""
        return super().stack(terms, shape) if terms else self.zeros.format(shape=shape)

    def helper(self, helper: Helper) -> list[str]:
        """The lines of a helper, whose constants are like its first argument."""
        like, self.like = self.like, ""
        try:
            return super().helper(helper)
        finally:
            self.like = like

    def lines(
        self,
        block: Block,
        inputs: Sequence[Term],
        name: Callable[[int], str],
        named: Collection[int] = (),
        span: range | None = None,
        kept: Collection[int] = (),
        known: list[Term] | None = None,
        uses: Sequence[int] | None = None,
    ) -> tuple[list[str], list[Term]]:
        """The same, with constants as tensors where PyTorch takes no numbers: behind the slots of all steps."""
        like = self.like or (inputs[0].text if inputs else "torch.ones((), dtype=torch.float64)")
        behind = block.first + len(block.steps)
        fixed = range(block.arity, block.first)
        tensors = [self._tensor(value, like) for value in block.constants]
        operands = []
        for what, slots in zip(block.steps, block.operands, strict=True):
            at = _as_tensors(what, [j in fixed for j in slots])
            moved = behind - block.arity
            operands.append([j + moved if k in at else j for k, j in enumerate(slots)] if at else slots)
        numbers = [self.number(value) for value in block.constants]
        known = [*inputs, *numbers, *[Term("")] * len(block.steps), *tensors]
        moved_block = block._replace(operands=operands)
        lines, known = super().lines(moved_block, inputs, name, named, span, kept, known, block.uses())
        for slot in block.outputs:
            if slot in fixed:
                known[slot] = tensors[slot - block.arity]
        return lines, known

    def _tensor(self, value: float | bool, like: str) -> Term:
        if type(value) is bool:
            return Term(f"torch.tensor({value}, device={like}.device)")
        return Term(f"{like}.new_full((), {self.number(value).text})")


def _as_tensors(what: Instruction, fixed: Sequence[bool]) -> list[int]:
    """Which operands can't be numbers, given which are constant: one at least is a tensor."""
    if True not in fixed:
        return []
    if (what.form == INFIX and what.name in _ARITHMETIC) or (what.form == CALL and what.name in ("pow", "symdiff pow")):
        return [0] if all(fixed) else []
    if what.form == SELECT:
        return [0] * fixed[0] + [1] * (fixed[1] and fixed[2])
    return [k for k, is_fixed in enumerate(fixed) if is_fixed]


def write(job: Job) -> tuple[dict[str, str], int]:
    """The text of the module."""
    return {"py": _write(job, TorchWriter, FUNCTIONS, NATIVE)}, 0
