"""Keys of blocks as Python writes them between brackets: `1:, 0`."""

from __future__ import annotations

from symdiff.keys import Key, Paired, Place, Places, Range, is_listed, whole
from symdiff.shapes import Shape, Size, named


def key_texts(key: Key, shape: Shape) -> list[str]:
    """The keys that take a block one after the other: NumPy's index arrays would go together if they stood in one.

    >>> key_texts((Range(1, 3), 0), (4, 2)), key_texts((Places((2, 0)), 1), (4, 2))
    (['1:, 0'], [':, 1', '[2, 0]'])
    >>> key_texts((Paired((2, 0)), 1, Paired((0, 3))), (4, 2, 4))
    [':, 1', '[2, 0], [0, 3]']
    """
    parts = [_place(p, size) for p, size in zip(key, shape, strict=True)]
    listed = [k for k, p in enumerate(key) if is_listed(p)]
    if not listed:
        return [_joined(parts)]
    plain = [":" if k in listed else part for k, part in enumerate(parts)]
    texts = [] if all(part == ":" for part in plain) else [_joined(plain)]
    left = [k for k, p in enumerate(key) if not isinstance(p, int)]
    groups = [[k] for k in listed if isinstance(key[k], Places)]
    groups += [pairs] if (pairs := [k for k in listed if isinstance(key[k], Paired)]) else []
    return texts + [_joined([":"] * left.index(group[0]) + [parts[k] for k in group]) for group in groups]


def key_text(key: Key, shape: Shape) -> str:
    """A key in one piece.

    >>> key_text((Range(0, 4, 2), Range(0, 2)), (8, 2))
    '::2'
    """
    return _joined([_place(p, size) for p, size in zip(key, shape, strict=True)])


def _joined(parts: list[str]) -> str:
    while len(parts) > 1 and parts[-1] == ":":
        parts = parts[:-1]
    return ", ".join(parts)


def _place(p: Place, size: Size) -> str:
    if isinstance(p, int):
        return str(p)
    if not isinstance(p, Range):
        return f"[{', '.join(map(str, p.at))}]"
    if whole(p, size):
        return ":"
    if isinstance(size, str):
        return _range_of_named(p, size)
    if not p.count:
        return "0:0"
    assert isinstance(p.count, int)
    first = 0 if p.step > 0 else size - 1
    last = p.start + (p.count - 1) * p.step
    following = last + p.step
    start = "" if p.start == first else str(p.start)
    open_end = following >= size if p.step > 0 else following < 0
    stop = "" if open_end else str(last + (1 if p.step > 0 else -1))
    return f"{start}:{stop}" + f":{p.step}" * (p.step != 1)


def _range_of_named(p: Range, size: str) -> str:
    if p.start < 0:
        return "::-1"
    start = str(p.start) if p.start else ""
    if isinstance(p.count, int):
        return f"{start}:{p.start + p.count}"
    cut = named(p.count)[1] - named(size)[1] + p.start
    return f"{start}:{cut or ''}"
