"""Python without NumPy: a function of numbers and nested lists, by `math` alone."""

from __future__ import annotations

import keyword

from symdiff.languages.spelling import words

RESERVED = frozenset([*keyword.kwlist, "math", "range", "len", "print", "inf", "nan", "float"])
# functions of `math` that raise where C gives a number, and where that is an infinity
_POLES = {
    "log": {0.0: "-inf"}, "log2": {0.0: "-inf"}, "log10": {0.0: "-inf"}, "log1p": {-1.0: "-inf"},
    "atanh": {1.0: "inf", -1.0: "-inf"},
}  # fmt: skip
_ONE = words("sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log1p log2 log10 sqrt erf erfc")
