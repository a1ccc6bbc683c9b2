"""Operation counts as bars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.algebra.operation_counts import count_ops
from symdiff.draw.figures import Shown
from symdiff.draw.labels import cut
from symdiff.draw.view import counted

_WIDE = 40  # width of the longest bar, in letters
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7F7F7F", "#B8A600")
_NAME = 24  # width limit of a name, in letters


class Chart(Shown):
    """Operation counts: `counts` by name of what was counted, then by operation."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self.counts = {name: dict(each) for name, each in counts.items()}
        totals: dict[str, int] = {}
        for each in self.counts.values():
            for op, n in each.items():
                totals[op] = totals.get(op, 0) + n
        self._operations = sorted(totals, key=lambda op: (-totals[op], op))
        bars = len(self._operations) * len(self.counts)
        self._size = (6.0, max(1.5, 0.16 * bars + 0.12 * len(self._operations) + 1.0))

    def __str__(self) -> str:
        most = max([n for each in self.counts.values() for n in each.values()], default=1)
        wide = max(map(len, self._operations), default=0)
        lines = []
        for name, each in self.counts.items():
            heading = f"{cut(name, _NAME)}: " if name else ""
            lines.append(f"{heading}{counted(sum(each.values()), 'operation')}")
            shown = [op for op in self._operations if op in each]
            lines += [f"  {op:<{wide}} {_bar(each[op] / most)} {each[op]:,}" for op in shown]
        return "\n".join(lines)

    def _draw(self, axes: Any) -> None:
        places = np.arange(len(self._operations))
        thick = 0.8 / max(len(self.counts), 1)
        for k, (name, each) in enumerate(self.counts.items()):
            sizes = [each.get(op, 0) for op in self._operations]
            label = f"{cut(name, _NAME)} ({sum(sizes):,})" if name else None
            offset = (k - (len(self.counts) - 1) / 2) * thick
            bars = axes.barh(places + offset, sizes, height=0.9 * thick, color=_COLOURS[k % len(_COLOURS)], label=label)
            axes.bar_label(bars, labels=[f"{n:,}" if n else "" for n in sizes], padding=2, fontsize=7)
        axes.set_yticks(places, self._operations)
        axes.invert_yaxis()
        axes.margins(x=0.1)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlabel("operations, each shared one counted once")
        axes.spines[["top", "right"]].set_visible(False)
        if any(self.counts):
            axes.legend(frameon=False, fontsize=8, loc="lower right")


def _bar(share: float) -> str:
    eighths = max(1, round(share * _WIDE * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def plot_ops(exprs: Any) -> Chart:
    """How often each operation is done, as bars: text when printed, a figure in notebooks.

    Parameters
    ----------
    exprs : expression or a nesting of them, or a mapping from names to such
        The entries of a mapping are counted one by one and stand side by side.

    >>> import symdiff as sd
    >>> x, y = sd.variables("x y")
    >>> f = x**2*y + y + 2
    >>> print(sd.plot_ops({"value": f, "gradient": f.gradient([x, y])}))
    value: 4 operations
      add ████████████████████████████████████████ 2
      mul ████████████████████ 1
      pow ████████████████████ 1
    gradient: 4 operations
      add ████████████████████ 1
      mul ████████████████████████████████████████ 2
      pow ████████████████████ 1
    """
    given = exprs if isinstance(exprs, Mapping) else {"": exprs}
    return Chart({str(name): count_ops(each) for name, each in given.items()})
