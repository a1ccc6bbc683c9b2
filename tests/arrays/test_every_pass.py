"""Every pass over every operation on arrays: a result, or an error of symdiff that says what to write.

Parameters of operations are leaves of the graph, which no pass may evaluate, count, draw or list. A function or
method that becomes public has to enter the table here.
"""

import copy
import pickle

import numpy as np
import pytest
from array_examples import examples, values

import symdiff as sd
from symdiff.expr import Expr
from symdiff.graph import STATIC
from symdiff.handle import Handle
from symdiff.hints import is_hint
from symdiff.nesting import flatten
from symdiff.records import Operation

EXAMPLES = examples()


def point(f):
    return {v: values()[v.name] for v in f.variables}


def scalar(f):
    return (f**2).sum() if f.shape else f


def s(f):
    return sd.Var("s")


def one(f):
    return f.variables[0] if f.variables else s(f)


def tangent(f):
    return values()[one(f).name]


METHODS = {
    "adjoints": lambda f: list(f.adjoints().values()), "animate": lambda f: f.animate(point(f)),
    "backpropagate": lambda f: f.backpropagate(point(f)), "conjugate": lambda f: f.conjugate(),
    "diff": lambda f: f.diff(s(f), 2), "evaluate": lambda f: f.evaluate(point(f)),
    "expand": lambda f: f.expand({"n": 3}), "explain": lambda f: f.explain(one(f), point(f)),
    "first_bad": lambda f: f.first_bad(point(f)), "gradient": lambda f: scalar(f).gradient(),
    "hessian": lambda f: scalar(f).hessian(), "latex": lambda f: f.latex(),
    "node_adjoints": lambda f: list(f.node_adjoints(point(f))), "node_values": lambda f: list(f.node_values(point(f))),
    "nodes": lambda f: list(f.nodes()), "render": lambda f: f.render("/nowhere/f.png"),
    "replace": lambda f: f.replace({s(f): 2.0}), "to_graphviz": lambda f: f.to_graphviz(),
    "to_networkx": lambda f: list(f.to_networkx()), "to_sympy": lambda f: f.to_sympy(), "tree": lambda f: f.tree(),
    "explore": lambda f: f.explore(point(f)),
}  # fmt: skip

PROPERTIES = {
    "args": lambda f: f.args, "variables": lambda f: f.variables, "graph": lambda f: f.graph, "real": lambda f: f.real,
    "imag": lambda f: f.imag, "op": lambda f: f.op, "value": lambda f: f.value,
    "str": str, "repr": repr, "hash": hash, "==": lambda f: f == f, "bool": bool, "float": float, "format": format,
    "copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda f: pickle.loads(pickle.dumps(f)),
    "notebook": lambda f: f._repr_latex_(), "array": np.array,
}  # fmt: skip

FUNCTIONS = {
    "broadcast_to": lambda f: sd.broadcast_to(f, (2, 2)), "concatenate": lambda f: sd.concatenate([f, f]),
    "convolve": lambda f: sd.convolve(f, f), "cumsum": lambda f: sd.cumsum(f),
    "diag": lambda f: sd.diag(f), "einsum": lambda f: sd.einsum("i->", f), "eye": lambda f: sd.eye(2) * f,
    "kron": lambda f: sd.kron(f, f), "ones": lambda f: sd.ones(2) * f, "outer": lambda f: sd.outer(f, f),
    "scan": lambda f: sd.scan(lambda y, x: (y + f, y), 0 * f, length=9)[0],
    "stack": lambda f: sd.stack([f, f]), "trace": lambda f: sd.trace(f), "zeros": lambda f: sd.zeros(2) + f,
    "animate": lambda f: sd.animate(f, point(f)), "backpropagate": lambda f: sd.backpropagate([f], point(f)),
    "chain_cost": lambda f: sd.chain_cost([f], [s(f)]), "class_of": lambda f: sd.class_of(f.op),
    "compile": lambda f: sd.compile(f, list(f.variables)), "cost": lambda f: sd.cost(f, s(f)),
    "count_ops": lambda f: sd.count_ops([f]), "crosscheck": lambda f: sd.crosscheck(f, point(f), order=0),
    "depth": lambda f: sd.depth(f), "derivative": lambda f: sd.derivative(f, 1.0),
    "derivatives": lambda f: sd.derivatives(f, s(f), 2), "differences": lambda f: sd.differences(f, point(f)),
    "explore": lambda f: sd.explore(f, point(f)),
    "evaluate": lambda f: sd.evaluate([f, f], point(f)), "explain": lambda f: sd.explain(f, one(f)),
    "from_json": lambda f: sd.from_json(sd.to_json({"f": f})), "from_sympy": lambda f: sd.from_sympy(f),
    "function": lambda f: sd.function(f, list(f.variables))(*f.variables),
    "gradient": lambda f: sd.gradient(scalar(f)), "hessian": lambda f: sd.hessian(scalar(f)),
    "hessian_sparsity": lambda f: sd.hessian_sparsity(scalar(f)),
    "hvp": lambda f: sd.hvp(scalar(f), one(f), tangent(f)),
    "jacobian": lambda f: sd.jacobian(f, one(f)), "jacobian_sparsity": lambda f: sd.jacobian_sparsity(f, one(f)),
    "jvp": lambda f: sd.jvp(f, one(f), tangent(f)), "latex": lambda f: sd.latex([f]), "parse": lambda f: sd.parse(f),
    "plot_ops": lambda f: sd.plot_ops({"f": f}),
    "code": lambda f: sd.code(f, list(f.variables), sizes={"n": 3, "m": 2}).source,
    "named": lambda f: sd.named("part", f), "to_jax": lambda f: sd.to_jax(f, list(f.variables)).source,
    "to_torch": lambda f: sd.code(f, list(f.variables), language="torch").source,
    "problem": lambda f: sd.problem(scalar(f), one(f)), "render": lambda f: sd.render(f, "/nowhere/f.png"),
    "simplify": lambda f: sd.simplify(f), "spy": lambda f: sd.spy(f), "taylor": lambda f: sd.taylor(f, s(f), order=2),
    "to_graphviz": lambda f: sd.to_graphviz(f), "to_json": lambda f: sd.to_json([f]),
    "to_networkx": lambda f: list(sd.to_networkx([f])), "to_scipy": lambda f: sd.to_scipy(scalar(f), list(f.variables)),
    "to_sympy": lambda f: sd.to_sympy(f), "vjp": lambda f: sd.vjp(f, one(f), np.ones(getattr(f, "shape", ()))),
    "vmap": lambda f: sd.vmap(lambda x: x**2)(f),
}  # fmt: skip

PASSES = {f"f.{name}": run for name, run in (METHODS | PROPERTIES).items()}
PASSES |= {f"sd.{name}": run for name, run in FUNCTIONS.items()}


def failure(run, f):
    """What goes wrong with a pass over an expression, None where nothing does."""
    try:
        found = run(f)
    except sd.SymdiffError as error:
        return None if str(error) else "an error without a message"
    except Exception as error:
        return repr(error)
    handles = [item for item in flatten(found) if isinstance(item, Handle)]
    return "a parameter" if any(item.graph.nodes[item._index][0] == STATIC for item in handles) else None


@pytest.mark.parametrize("run", PASSES)
def test_gives_a_result_or_says_what_to_write(run):
    found = {name: failure(PASSES[run], f) for name, f in EXAMPLES.items()}
    assert {name: what for name, what in found.items() if what is not None} == {}


def test_every_method_is_in_the_table():
    public = {name for name in dir(Expr) if not name.startswith("_") and not is_hint(Expr, name)}
    ufuncs = {name for name in public if hasattr(np, name)}
    assert public - ufuncs - set(METHODS) - set(PROPERTIES) == set()


def test_every_function_is_in_the_table():
    public = {
        name for name in sd.__all__ if callable(getattr(sd, name)) and not isinstance(getattr(sd, name), (type, Expr))
    }
    operations = {name for name in public if isinstance(getattr(sd, name), Operation)}
    assert public - operations - set(FUNCTIONS) - MADE_OF_OPERATIONS == set()


MADE_OF_OPERATIONS = {
    "acot", "acoth", "acsc", "acsch", "asec", "asech", "cot", "coth", "csc", "csch", "sec", "sech", "dot", "norm",
    "prod", "logsumexp", "log_softmax", "softmax", "operation", "variables", "equal", "where",
}  # fmt: skip


def test_parameters_are_not_listed_counted_or_given_values():
    for f in EXAMPLES.values():
        listed = f.nodes()
        assert set(f.node_values(point(f))) == set(listed)
        operations = [node for node in listed if node.args or node.op is not None]
        assert sum(sd.count_ops(f).values()) == len(operations)
