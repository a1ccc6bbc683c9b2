"""Words that courses and other libraries have, and what to write here.

On the module they are looked up when a name is missing. On expressions they are properties that raise: a `__getattr__`
would be asked for every attribute that NumPy looks for, and make arrays of expressions 25 times slower.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from symdiff.errors import SymdiffAttributeError, SymdiffTypeError

# other spellings of functions of the module
ALIASES = {
    "ln": "log", "absolute": "abs", "fabs": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "sigma": "sigmoid",
    "arcsec": "asec", "arccsc": "acsc", "arccot": "acot", "cosec": "csc", "sgn": "sign", "logistic": "sigmoid",
    "ReLU": "Relu", "to_latex": "latex", "expit": "sigmoid",
    "symbols": "variables", "Symbol": "Var", "Variable": "Var", "Constant": "Const",
}  # fmt: skip

_OF_NUMPY = (
    "average", "block", "diagonal", "expand_dims", "flip", "hstack", "inner", "pad", "repeat", "roll", "split",
    "squeeze", "std", "swapaxes", "tensordot", "tile", "var", "vdot", "vecdot", "vstack",
)  # fmt: skip
# words of the module that have no counterpart of the same use
WORDS = {
    "grad": "f.gradient([x, y]) for expressions, sd.gradient(func, 3.0, 4.0) for functions",
    "diff": "f.diff(x), f.diff(x, 2, y) for expressions, sd.derivative(func, 3.0) for functions",
    "value_and_grad": "sd.compile([f, f.gradient([x, y])], [x, y])",
    "lambdify": "sd.compile(f, [x, y])",
    "jit": "sd.compile(f, [x, y])",
    "jacfwd": 'sd.jacobian(func, 3.0), or sd.jacobian([f, g], [x, y], mode="forward")',
    "jacrev": 'sd.jacobian([f, g], [x, y], mode="reverse")',
    "power": "x**y",
    "Matrix": 'sd.Var("A", shape=(3, 3)), or a NumPy array of expressions',
    "MatrixSymbol": 'sd.Var("A", shape=(3, 3))',
    "oo": "math.inf",
    "inf": "math.inf",
    "E": "sd.e",
    "I": "1j",
    "Piecewise": "sd.where(condition, a, b)",
    "Max": "sd.maximum(a, b)",
    "Min": "sd.minimum(a, b)",
    "relu6": "sd.minimum(sd.relu(x), 6)",
    "SX": 'sd.Var("x"), sd.variables("x", 3)',
    "MX": 'sd.Var("x", shape=3)',
    "array": "np.array([f, g]), or sd.stack([f, g])",
    **{name: f"np.{name}(…): NumPy's functions take expressions" for name in _OF_NUMPY},
    "full": "2*sd.ones((3, 3))",
    "DM": "np.array([1.0, 2.0])",
    "vertcat": "sd.concatenate([a, b]), or np.array([f, g])",
    "horzcat": "sd.concatenate([A, B], axis=1)",
    "Tensor": 'sd.Var("X", shape=(3, 3))',
    "tensor": 'sd.Var("X", shape=(3, 3)), or a NumPy array of numbers',
    "placeholder": 'sd.Var("X", shape=("n", 3))',
    "Input": 'sd.Var("x")',
    "Rational": "sd.Const(1)/3, or fractions.Fraction(1, 3)",
    "Integer": "sd.Const(3), or 3",
    "Float": "sd.Const(0.5), or 0.5",
    "nan": "math.nan",
    "infinity": "math.inf",
    "Derivative": "f.diff(x): it is taken at once",
    "Eq": "sd.equal(a, b)",
    "pow": "x**y",
    "square": "x**2",
    "reciprocal": "1/x",
    "exp2": "2**x",
    "add": "x + y, or sd.Add(x, y)",
    "sub": "x - y, or sd.Sub(x, y)",
    "mul": "x*y, or sd.Mul(x, y)",
    "div": "x/y, or sd.Div(x, y)",
    "neg": "-x, or sd.Neg(x)",
    "sum": "values.sum(), or sum(values)",
    "mean": "values.mean()",
    "min": "sd.minimum(a, b), X.min() of an array variable",
    "max": "sd.maximum(a, b), X.max() of an array variable",
    "clip": "sd.minimum(sd.maximum(x, 0), 1), or np.clip(x, 0, 1)",
    "det": "sd.linalg.det(A)",
    "inv": "sd.linalg.inv(A)",
    "solve": "sd.linalg.solve(A, b) for linear systems, sd.to_scipy(fs, xs) for scipy.optimize.root",
    "transpose": "A.T",
    "cross": "np.cross(a, b)",
    "matmul": "A @ B",
    "vec": 'X.ravel(order="F")',
    "mat": 'x.reshape(3, 2, order="F")',
    "onehot": "np.eye(3)[labels]",
    "one_hot": "np.eye(3)[labels]",
    "cross_entropy": "-(Y*sd.log_softmax(Z, axis=1)).sum()",
    "CrossEntropyLoss": "-(Y*sd.log_softmax(Z, axis=1)).sum()",
    "MSELoss": "((Z - Y)**2).mean()",
    "GradientTape": "f.gradient([x, y]) for expressions, sd.gradient(func, 3.0, 4.0) for functions",
    "newton": "x0 -= f.evaluate(x=x0)/f.gradient(x).evaluate(x=x0) in a loop, or sd.to_scipy(f, [x]) for SciPy",
    "hess": "f.hessian([x, y])",
    "subs": "f.replace({x: y + 1}) for expressions, f.evaluate(x=3) for numbers",
    "eval": "f.evaluate(x=3, y=4)",
    "backward": "f.backpropagate({x: 3, y: 4})",
    "expand": "f.expand(), which writes arrays out in scalars",
    "factor": "sd.simplify(f), or sympy.factor(f.to_sympy())",
    "integrate": "sympy.integrate(f.to_sympy(), sympy.Symbol('x')), or scipy.integrate.quad(sd.compile(f, [x]), 0, 1)",
    "limit": "sympy.limit(f.to_sympy(), sympy.Symbol('x'), 0)",
    "series": "sd.taylor(f, x, at=0, order=5)",
    "minimize": "sd.problem(f, xs).solve(x0), or sd.to_scipy(f, xs) for scipy.optimize.minimize",
    "elementwise_grad": "sd.derivative(func), or f.gradient(x)",
    "check_grad": "sd.crosscheck(f, {x: 3, y: 4})",
    "gradcheck": "sd.crosscheck(f, {x: 3, y: 4})",
    "numerical_gradient": "sd.differences(f, {x: 3, y: 4})",
    "plot": "F = sd.compile(f, [x]), then plt.plot(xs, F(xs)); a picture of the graph is f.render('f.png')",
    "draw": "f.render('f.png')",
    "show": "f.render('f.png'), f.explore().save('f.html') or f.to_graphviz() in a notebook",
    "visualize": "f.render('f.png'), f.explore().save('f.html') or f.to_graphviz() in a notebook",
    "tree": "f.tree()",
    "save": "sd.to_json(f), or pickle.dump(f, file)",
    "load": "sd.from_json(text), or pickle.load(file)",
    "dumps": "sd.to_json(f), or pickle.dumps(f)",
    "loads": "sd.from_json(text), or pickle.loads(data)",
}

_POINT = "f.evaluate(x=3, y=4) or f.evaluate({x: 3, y: 4})"
_ATTRIBUTES = {
    "backward": "f.backpropagate({x: 3, y: 4}), or x.value = 3; f.backpropagate(1.0); x.grad",
    "grad": "f.gradient(x) for the expression; x.grad of a variable is the number that f.backpropagate(1.0) found",
    "derivative": "f.diff(x)",
    "jacobian": "f.gradient([x, y]), or sd.jacobian([f, g], [x, y])",
    "subs": "f.replace({x: y + 1}) for expressions, f.evaluate(x=3) for numbers",
    "xreplace": "f.replace({x: y + 1})",
    "simplify": "sd.simplify(f)",
    "plot": "F = sd.compile(f, [x]), then plt.plot(xs, F(xs)); a picture of the graph is f.render('f.png')",
    "show": "f.render('f.png'), f.explore().save('f.html') or f.to_graphviz() in a notebook",
    "draw": "f.render('f.png')",
    "eval": _POINT,
    "evalf": _POINT,
    "numpy": _POINT,
    "item": _POINT,
    "tolist": "X.elements().tolist() for the expressions of an array, F = X.evaluate(point); F.tolist() for numbers",
    "dtype": "sd.compile(f, [x, y], dtype=...) for the numbers of a function; those of evaluate follow the point",
    "forward": _POINT,
    "lambdify": "sd.compile(f, [x, y])",
    "free_symbols": "f.variables",
    "symbols": "f.variables",
    "doit": "f itself: derivatives are taken at once",
    "hess": "f.hessian([x, y])",
    "partial": "f.diff(x)",
    "detach": "f.evaluate(point) for its value: an expression has no tape",
    "requires_grad": "f.gradient(x): every variable can be differentiated by",
    "zero_grad": "nothing: f.backpropagate(1.0) overwrites x.grad",
    "children": "f.args",
    "operands": "f.args",
    "atoms": "f.nodes(), or f.variables",
    "has": "x in f.variables",
    "func": "type(f)",
    "coeff": "f.diff(x, n) at 0, or f.to_sympy().coeff(...)",
    "integrate": "sympy.integrate(f.to_sympy(), sympy.Symbol('x'))",
    "series": "sd.taylor(f, x, at=0, order=5)",
    "taylor": "sd.taylor(f, x, at=0, order=5)",
    "limit": "sympy.limit(f.to_sympy(), sympy.Symbol('x'), 0)",
    "solve": "sd.to_scipy(f, [x]) for scipy.optimize.root",
    "factor": "sd.simplify(f), or sympy.factor(f.to_sympy())",
    "count_ops": "sd.count_ops(f)",
    "crosscheck": "sd.crosscheck(f, {x: 3, y: 4})",
    "compile": "sd.compile(f, [x, y])",
    "jit": "sd.compile(f, [x, y])",
    "conj": "f.conjugate()",
    "hvp": "sd.hvp(f, [x, y], vs)",
    "to_latex": "f.latex()",
    "to_json": "sd.to_json(f)",
    "save": "f.render('f.png') for a picture, sd.to_json(f) or pickle.dump(f, file) for the expression",
    "visualize": "f.render('f.png'), f.explore().save('f.html') or f.to_graphviz() in a notebook",
}

_ARRAY_ATTRIBUTES = {  # of arrays alone
    "inv": "sd.linalg.inv(A)",
    "I": "sd.linalg.inv(A)",
    "det": "sd.linalg.det(A)",
    "norm": "sd.linalg.norm(x)",
    "H": "A.T",
    "t": "A.T",
    "mm": "A @ B",
    "multiply": "A*B for products entry by entry, A @ B for that of matrices",
    "permute": "X.transpose(1, 0, 2)",
    "unsqueeze": "x[None], x[:, None]",
    "view": "X.reshape(…)",
    "dim": "X.ndim",
    "copy": "X: expressions do not change",
    "fill": "sd.zeros(shape), sd.ones(shape): expressions do not change",
    "astype": "sd.compile(f, [x, y], dtype=…): numbers have types, expressions have none",
    "flat": "X.ravel(), or X.elements() for its entries",
    "toarray": "X: it is dense; X.elements() are its entries",
    "todense": "X: it is dense; X.elements() are its entries",
    "conj": "X.conjugate()",
    "sort": "X.max(), X.min(), sd.maximum(a, b): the order of entries is known at a point only",
    "argmax": "X.max(): where it is, is known at a point only",
    "argmin": "X.min(): where it is, is known at a point only",
    "nonzero": "sd.where(X > 0, X, 0): which entries are not zero is known at a point only",
    "any": "sd.where(condition, 1, 0).max()",
    "all": "sd.where(condition, 1, 0).min()",
}


def missing(name: str) -> AttributeError:
    """The error for a name that the module does not have."""
    known = WORDS.get(name)
    if known is None and not name.startswith("_"):
        from difflib import get_close_matches  # import late: few names are wrong

        known = next((f"sd.{near}" for near in get_close_matches(name, dir(sys.modules["symdiff"]), 1, 0.7)), None)
    return SymdiffAttributeError(f"module 'symdiff' has no attribute {name!r}" + (f": write {known}" if known else ""))


def is_hint(kind: type, name: str) -> bool:
    """Whether a class has a word for its hint alone."""
    holder = Hints if name in _ATTRIBUTES else ArrayHints if name in _ARRAY_ATTRIBUTES else None
    return holder is not None and getattr(kind, name, None) is getattr(holder, name)


def check_place(more: Sequence[Any], instead: str = _POINT) -> None:
    """Refuse arguments that are given one after the other."""
    if more:
        raise SymdiffTypeError(f"values and variables are not given one after the other: write {instead}")


def check_seed(point: Any, seed: Any, values: Mapping[str, Any]) -> None:
    """Refuse the values of variables one after the other, and PyTorch's word for the seed."""
    if isinstance(point, (int, float)) and isinstance(seed, (int, float)) and seed != 1.0:
        check_place([seed], "f.backpropagate({x: 3, y: 4}) or f.backpropagate(x=3, y=4)")
    if "gradient" in values:
        raise SymdiffTypeError("the adjoint of the result is the seed: write f.backpropagate(1.0) or seed=1.0")


class Method:
    """A method that says what to write where a course sets an attribute of its name."""

    def __init__(self, method: Callable[..., Any], instead: str) -> None:
        self._method, self._instead = method, instead
        self.__doc__ = method.__doc__

    def __get__(self, holder: Any, owner: type | None = None) -> Any:
        return self._method.__get__(holder, owner)

    def __set__(self, holder: Any, value: Any) -> NoReturn:
        raise SymdiffAttributeError(f"{self._method.__name__!r} is a method: write {self._instead}")


class Hints:
    """The words that expressions know of, each with what to write instead."""

    __slots__ = ()

    def __call__(self, *args: Any, **values: Any) -> NoReturn:
        raise SymdiffTypeError(f"an expression is no function: write {_POINT}, or F = sd.compile(f, [x, y]); F(3, 4)")

    def __xor__(self, other: Any) -> NoReturn:
        raise SymdiffTypeError("x^2 is Python's exclusive or: write x**2 for the power")

    __rxor__ = __xor__


class ArrayHints:
    """The words that array expressions know of beside."""

    __slots__ = ()


def _hint(name: str, instead: str, what: str = "an expression") -> Callable[[Any], NoReturn]:
    def word(self: Any) -> NoReturn:
        raise SymdiffAttributeError(f"{what} has no {name!r}: write {instead}")

    word.__name__ = name
    return word


for _name, _instead in _ATTRIBUTES.items():
    setattr(Hints, _name, property(_hint(_name, _instead)))

for _name, _instead in _ARRAY_ATTRIBUTES.items():
    setattr(ArrayHints, _name, property(_hint(_name, _instead, "an array expression")))
