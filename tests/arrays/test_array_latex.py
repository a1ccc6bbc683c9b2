"""LaTeX of array expressions."""

import random

import numpy as np
import pytest
from array_programs import OF_ARRAYS, Program, array_variables

import symdiff as sd
from symdiff.algebra.notation.array_latex import ArrayLatex
from symdiff.algebra.notation.array_notation import Notation
from symdiff.algebra.notation.latex_names import is_balanced
from symdiff.algebra.notation.terms import Term
from symdiff.records import OPERATIONS

SHAPES = {
    "X": (100, 2), "w": 2, "y": 100, "v": 100, "A": (3, 3), "B": (3, 3), "x": 3, "b": 3, "S": (3, 3), "T": (2, 3, 4),
    "P": ("n", "d"), "x_1": 3,
}  # fmt: skip
A, x = sd.Var("A", shape=(3, 3)), sd.Var("x", shape=3)
WRITTEN = [
    ("((X @ w - y)**2).sum()", r"\left\|X w - y\right\|_{2}^{2}"),
    ("(A**2).sum()", r"\left\|A\right\|_{F}^{2}"),
    ("2*X.T @ (X @ w - y)", r"2 X^{\top} \left(X w - y\right)"),
    ("X.T @ diag(v) @ X/2", r"\frac{X^{\top} \operatorname{diag}\left(v\right) X}{2}"),
    ("x @ A @ x", r"x^{\top} A x"),
    ("-x @ b", r"-x^{\top} b"),
    ("trace(A @ B)", r"\operatorname{tr}\left(A B\right)"),
    ("outer(A @ x, b)", r"A x b^{\top}"),
    ("inv(A).T @ x", r"A^{-\top} x"),
    ("inv(S)/2 - outer(solve(S, x), solve(S, x))/2",
     r"\frac{S^{-1}}{2} - \frac{S^{-1} x \left(S^{-1} x\right)^{\top}}{2}"),
    ("logdet(S)/2 + x @ solve(S, x)/2", r"\frac{\log\det\left(S\right)}{2} + \frac{x^{\top} S^{-1} x}{2}"),
    ("det(A)*A", r"\det\left(A\right) A"),
    ("(A*B) @ x", r"\left(A \odot B\right) x"),
    ("x*(A @ b)", r"x \odot \left(A b\right)"),
    ("x/b - x*b", r"x \oslash b - b \odot x"),
    ("x**2*b", r"b \odot x^{\odot 2}"),
    ("(A + B).T @ x", r"\left(A + B\right)^{\top} x"),
    ("x - 2*b", r"x - 2 b"),
    ("1 - x", r"\mathbf{1} - x"),
    ("eye(3) - ones((3, 3))", r"I_{3} - \mathbf{1}"),
    ("kron(A, B)", r"A \otimes B"),
    ("A.sum()", r"\sum_{i, j} A_{i, j}"),
    ("A.sum(axis=0)", r"\sum_{i} A_{i, :}"),
    ("(A*B).sum()", r"\sum_{i, j} \left(A \odot B\right)_{i, j}"),
    ("X - X.mean(axis=0)", r"X - \frac{1}{100} \sum_{i} X_{i, :}"),
    ("((P - 1)**2).mean()", r"\frac{\left\|P - \mathbf{1}\right\|_{F}^{2}}{n d}"),
    ("norm(x)", r"\left\|x\right\|_{2}"),
    ("x/norm(x)", r"\frac{x}{\left\|x\right\|_{2}}"),
    ("softmax(X, axis=1)", r"\operatorname{softmax}_{\text{axis } 1}\left(X\right)"),
    ("A.max(axis=1)", r"\max_{\text{axis } 1}\left(A\right)"),
    ("X[1:, 0]", r"X_{1:, 0}"),
    ("x[0]**2", r"x_{0}^{2}"),
    ("x_1[0]", r"{x_{1}}_{0}"),
    ("X[1:].sum()", r"\sum_{i, j} {X_{1:}}_{i, j}"),
    ("x[:, None] - b", r"x_{:, \ast} - b"),
    ("concatenate([x, b])", r"\begin{bmatrix} x \\ b \end{bmatrix}"),
    ("stack([x, b])", r"\begin{bmatrix} x^{\top} \\ b^{\top} \end{bmatrix}"),
    ("zeros((3, 2)).at[1:, 0].add(w)", r"\operatorname{put}_{1:, 0}^{(3 \times 2)}\left(w\right)"),
    ('einsum("ab,cd->acbd", A, B)', r"\operatorname{einsum}_{ab,cd \to acbd}\left(A, B\right)"),
    ("sin(A) @ x", r"\sin\left(A\right) x"),
    ("where(x > 0, x, b)", r"\begin{cases} x & \text{if } x > 0 \\ b & \text{otherwise} \end{cases}"),
    ("array([[1, 2, 3], [4, 5, 6]]) @ x", r"\begin{bmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{bmatrix} x"),
    ("T.transpose(1, 2, 0)", r"\operatorname{transpose}_{1, 2, 0}\left(T\right)"),
    ("A.reshape(1, 9)", r"\operatorname{reshape}_{1 \times 9}\left(A\right)"),
    ("cholesky(S)", r"\operatorname{chol}\left(S\right)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), WRITTEN)
def test_matrix_notation_in_latex(text, latex):
    assert sd.parse(text, SHAPES, ["S"]).latex() == latex


def test_large_arrays_of_numbers_are_a_letter_with_their_shape():
    f = np.ones((100, 3)) @ x
    assert f.latex() == r"\mathbf{C}_{100 \times 3} x"


def test_notebooks_show_arrays():
    assert (A.T @ x)._repr_latex_() == r"$\displaystyle A^{\top} x$"
    assert sd.latex([x, A @ x]) == r"\left[x, A x\right]"


def test_shared_parts_get_names():
    h = x
    for _ in range(12):
        h = sd.tanh(A @ h) * (A @ h)
    latex = h.latex()
    assert latex.startswith("\\begin{aligned}\nz_{1} &= A ")
    assert len(latex) < 1500


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_have_latex_of_balanced_braces_and_terms_of_their_axes(seed):
    program = Program(random.Random(seed), 6)
    with sd.Graph():
        f = program.run(OF_ARRAYS, array_variables(program))
        for g in [f, *[f.gradient(v) for v in f.variables]]:
            assert is_balanced(sd.latex(g))
            latex = ArrayLatex(Notation(g.graph, {}))
            for node in g.nodes():
                term = latex.notation.term(node._index)
                if isinstance(term, Term):
                    assert latex.ndim(term) == len(g.graph.shapes.get(node._index, ())), str(node)


PARTS = [op for op in OPERATIONS if isinstance(op, sd.Operation) and op.formula is not None]


@pytest.mark.parametrize("op", PARTS, ids=lambda op: op.name)
def test_parts_of_slopes_are_what_they_are_made_of(op):
    operands = [sd.Var(f"x_{k}", shape=3) for k in range(op.arity)]
    part = op(*operands)
    assert sd.latex(sd.exp(part)) == sd.latex(sd.exp(op.formula(*operands)))


def test_a_logistic_hessian_has_latex():
    data, w, y = sd.Var("X", shape=("n", "d")), sd.Var("w", shape="d"), sd.Var("y", shape="n")
    hessian = sd.softplus(-y * (data @ w)).sum().hessian(w)
    before = len(hessian.graph.nodes)
    assert sd.latex(hessian).startswith(r"X^{\top} \operatorname{diag}\left(y^{\odot 2} \odot")
    assert len(hessian.graph.nodes) == before


def test_norms_carry_exponents_and_rows_stand_in_brackets():
    w, c = sd.Var("w", shape=3), sd.Var("C", shape=(3, 3), symmetric=True)
    n = sd.linalg.norm(w)
    assert sd.latex(n**3) == r"\left\|w\right\|_{2}^{3}"
    assert sd.latex((w @ w) ** 2) == r"\left\|w\right\|_{2}^{4}"
    assert sd.latex((w @ c @ w) * w) == r"\left(w^{\top} C w\right) w"
