"""Every kind of picture that symdiff draws: `python docs/gallery.py [folder]` makes them all.

`PICTURES` maps file names to titles and functions; a page that shows the gallery reads it too.
"""

# ruff: noqa: N806 - matrices have capitals, as in mathematics

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.array_functions import softmax

FOLDER = pathlib.Path(__file__).parent / "_static" / "gallery"
PICTURES: dict[str, tuple[str, Callable[[str], Any]]] = {}


def picture(name: str, title: str) -> Callable[[Callable[[str], Any]], Callable[[str], Any]]:
    """Put a function that draws into a file into the gallery."""

    def add(draw: Callable[[str], Any]) -> Callable[[str], Any]:
        PICTURES[name] = (title, draw)
        return draw

    return add


def textbook() -> tuple[Any, Any, Any]:
    """The function of every first lesson."""
    x, y = sd.variables("x y")
    return x, y, x**2 * y + y + 2


def rosenbrock(n: int) -> Any:
    """A sum of many terms of two structures."""
    x = sd.variables("x", n)
    return sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def network() -> tuple[list[Any], list[Any], Any]:
    """Two inputs, a hidden layer of three, a loss."""
    x = sd.variables("x", 2)
    w = sd.variables("w", (3, 2))
    v = sd.variables("v", 3)
    hidden = [sd.tanh(a) for a in w @ x]
    return hidden, [*v], (sd.dot(v, hidden) - 1) ** 2


def classifier() -> dict[str, Any]:
    """A layer, softmax and the cross-entropy, of whole arrays."""
    W, x, b, t = [sd.Var(name, shape=n) for name, n in (("W", (3, 4)), ("x", 4), ("b", 3), ("t", 3))]
    z = W @ x + b
    p = softmax(z)
    return {"z": z, "p": p, "L": -(t * sd.log(p)).sum()}


@picture("graph.svg", "x²y + y + 2: variables, operations, constants, the result")
def _(path: str) -> None:
    textbook()[2].render(path)


@picture("both-passes.svg", "Values upwards, adjoints back: local partials in red")
def _(path: str) -> None:
    x, y, f = textbook()
    f.render(path, at={x: 3, y: 4}, backward=True)


@picture("formulas.svg", "The same with formulas, without a point")
def _(path: str) -> None:
    textbook()[2].render(path, backward=True)


@picture("top-down.svg", "Top to bottom, numbers on nodes and formulas on edges")
def _(path: str) -> None:
    x, y, f = textbook()
    f.render(path, at={x: 3.0, y: 4.0}, backward=True, partials="symbolic", direction="TB")


@picture("classifier.svg", "Arrays: one node for each formula, shapes on the edges")
def _(path: str) -> None:
    sd.render(classifier(), path)


@picture("least-squares.svg", "What operands get of the adjoint R of a node, as formulas")
def _(path: str) -> None:
    X, w, y = sd.Var("X", shape=(100, 2)), sd.Var("w", shape=2), sd.Var("y", shape=100)
    ((X @ w - y) ** 2).sum().render(path, backward=True)


@picture("array-values.svg", "Small arrays as values, large ones by their ends")
def _(path: str) -> None:
    at = {"W": np.eye(3, 4), "x": [1.0, 2.0, 0.5, 0.0], "b": [0.1, 0.2, 0.3], "t": [0.0, 1.0, 0.0]}
    classifier()["L"].render(path, at=at, backward=True)


@picture("missing.svg", "A variable without a value: the rest is shown, and the picture says so")
def _(path: str) -> None:
    x, _, f = textbook()
    f.render(path, at={x: 3})


@picture("clusters-outputs.svg", "Value and gradient in one graph, a frame around what belongs to one only")
def _(path: str) -> None:
    x, y = sd.variables("x y")
    f = sd.exp(x * y) * sd.sin(x)
    sd.render({"value": f, "gradient": f.gradient([x, y])}, path, clusters="outputs")


@picture("clusters-labels.svg", "A small network in frames of one's own")
def _(path: str) -> None:
    hidden, _, loss = network()
    sd.render({"loss": loss}, path, clusters={"hidden layer": hidden, "loss": loss})


@picture("shared.svg", "Shared parts stand out by their outline")
def _(path: str) -> None:
    x, y = sd.variables("x y")
    s = sd.sin(x * y)
    (sd.exp(s) * s + sd.sqrt(s + 2)).render(path)


@picture("shared-named.svg", "or are drawn once, with a name where they are used")
def _(path: str) -> None:
    x, y = sd.variables("x y")
    s = sd.sin(x * y)
    (sd.exp(s) * s + sd.sqrt(s + 2)).render(path, name_shared=True)


@picture("network.svg", "The network's loss and all its derivatives")
def _(path: str) -> None:
    loss = network()[2]
    at = {v: 0.3 + 0.1 * k for k, v in enumerate(loss.variables)}
    loss.render(path, at=at, backward=True)


@picture("middle.svg", "A graph of middle size, whole")
def _(path: str) -> None:
    loss = network()[2]
    sd.render([loss, *loss.gradient(loss.variables[:4])], path)


@picture("folded-sum.svg", "Rosenbrock's function of 10,000 variables: repeated structure once, with its count")
def _(path: str) -> None:
    rosenbrock(10_000).render(path, fold=True)


@picture("folded-loop.svg", "400 steps of a recurrence")
def _(path: str) -> None:
    x, r = sd.variables("x r")
    state = x
    for _ in range(400):
        state = r * state * (1 - state)
    state.render(path)


@picture("folded-dominators.svg", "A graph of 182 nodes: what has one way out is a box")
def _(path: str) -> None:
    a = sd.variables("a", (6, 6))
    inner = [sd.tanh(sum(row * row[::-1])) for row in a]
    f = sd.logsumexp(inner)
    for k in range(4):
        f = sd.exp(-(f**2)) + sd.dot(inner, np.roll(inner, k + 1)) * sd.sin(f)
    f.render(path, fold=True)


@picture("folded-gradient.svg", "Value and gradient of Rosenbrock's function of 400 variables, with adjoints")
def _(path: str) -> None:
    f = rosenbrock(400)
    at = dict.fromkeys(f.variables, 0.5)
    sd.render({"f": f, "gradient": f.gradient()}, path, fold=True, at=at, backward=True)


@picture("depth.svg", "What is near the result, the rest in boxes")
def _(path: str) -> None:
    network()[2].gradient([*network()[1]])[0].render(path, depth=3)


@picture("around.svg", "The neighbourhood of one variable of 400")
def _(path: str) -> None:
    f = rosenbrock(400)
    f.render(path, around=f.variables[200], radius=3)


@picture("path.svg", "One path of the chain rule with its partials")
def _(path: str) -> None:
    x, y = sd.variables("x y")
    f = sd.sin(x * y) * x + sd.exp(x * y)
    f.explain(x, at={x: 1.0, y: 2.0}).render(path, path=0)


@picture("paths.svg", "All paths of a chain of products: their number doubles with every step")
def _(path: str) -> None:
    x = sd.Var("x")
    f = x
    for _ in range(3):
        f = sd.sin(f) * f
    f.explain(x, at={x: 0.9}).render(path)


@picture("reverse.gif", "Reverse mode, step by step")
def _(path: str) -> None:
    x, y, f = textbook()
    f.animate(at={x: 3.0, y: 4.0}).save(path)


@picture("dual.svg", "Forward mode by dual numbers, an SVG that plays")
def _(path: str) -> None:
    x, y, f = textbook()
    f.animate(at={x: 3.0, y: 4.0}, mode="dual").save(path)


@picture("reverse.html", "Reverse mode with a slider")
def _(path: str) -> None:
    x, y = sd.variables("x y")
    f = sd.log(x) + x * y - sd.sin(y)
    f.animate(at={x: 2.0, y: 5.0}).save(path)


@picture("spy-hessian.png", "The pattern of a Hessian")
def _(path: str) -> None:
    x = sd.variables("x", 60)
    f = sum((x[1:] - x[:-1] ** 2) ** 2) + x[0] * sum(x)
    sd.spy(f).save(path)


@picture("spy-jacobian.png", "The pattern of a Jacobian of 5,000 by 5,000")
def _(path: str) -> None:
    x = sd.variables("x", 5000)
    sd.spy([x[k] * x[(7 * k) % 5000] + x[min(k + 1, 4999)] for k in range(5000)]).save(path)


@picture("operations.png", "Operations of value, gradient and Hessian")
def _(path: str) -> None:
    x, y, z = sd.variables("x y z")
    f = sd.exp(sd.sin(x * y)) * sd.tanh(z) + sd.sqrt(x**2 + y**2 + z**2)
    sd.plot_ops({"value": f, "gradient": f.gradient(), "Hessian": f.hessian()}).save(path)


def make(folder: str | pathlib.Path = FOLDER) -> dict[str, str]:
    """Draw them all into a folder; their titles by file name."""
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, (_title, draw) in PICTURES.items():
        with sd.Graph():
            draw(str(place / name))
    return {name: title for name, (title, _draw) in PICTURES.items()}


if __name__ == "__main__":
    made = make(*sys.argv[1:2])
    print("\n".join(f"{name}: {title}" for name, title in made.items()))
