"""The running example, start to end: what `symdiff` without arguments shows."""

from __future__ import annotations

from symdiff.command.work import Verdict

PICTURE = "symdiff-example.png"


def example() -> Verdict:
    """Print values and derivatives of x**2*y + y + 2 at (3, 4), SymPy's verdict, and draw the graph."""
    import symdiff as sd

    with sd.Graph():
        x, y = sd.variables("x y")
        f = x**2 * y + y + 2
        point = {x: 3, y: 4}
        gradient, hessian = f.gradient([x, y]), f.hessian([x, y])
        print(f"f = {f}    at x = 3, y = 4\n")
        print(f"value      {f.evaluate(point)}")
        print(f"gradient   {gradient.tolist()}  =  {sd.evaluate(gradient, point).tolist()}")
        print(f"Hessian    {hessian.tolist()}  =  {sd.evaluate(hessian, point).tolist()}")
        print(f"dual       f(3 + ε, 4) = {f.evaluate({x: sd.DualNumber(3.0, 1.0), y: 4.0})}")
        print(f"reverse    {f.backpropagate(point)}\n")
        report = sd.crosscheck(f, point)
        print(f"check      {report.summary}")
        print(f"\nThe graph, with values and adjoints: {sd.render(f, PICTURE, at=point, backward=True)}")
    return Verdict(bool(report.disagree), bool(report.unjudged))
