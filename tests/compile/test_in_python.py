"""What Python computes in place of native code: the same bits, of every record and of whatever native code calls."""

from __future__ import annotations

import itertools
import math
import struct
import sys
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.compile.kernel import Options, Unsupported
from symdiff.compile.lower import lower
from symdiff.compile.tape import tape_of
from symdiff.graph import VAR
from symdiff.handle import gather
from symdiff.records import OPERATIONS

pytest.importorskip("llvmlite")

from symdiff.compile.backends.llvm import in_python, native, vector_calls, vector_functions
from symdiff.compile.backends.llvm import target as machine
from symdiff.compile.backends.llvm.target import Target, foreseen, host, processor

from .test_bits import programs
from .test_operations import MAGNITUDES

OPS = [op for op in OPERATIONS[VAR + 1 :] if op.code is not None]
ON_LINUX = sys.platform == "linux" and bool(processor())
# letters of the vectors that this machine has, and for which there are calls
LETTERS = {"e": "edb", "d": "db", "b": "b"}.get(host("default").vectors, "") if ON_LINUX else ""
TARGETS = {
    "C library": Target(2, ""),
    **{letter: Target({"e": 8, "d": 4, "b": 2}[letter], letter) for letter in LETTERS},
}
SPECIAL = [*[s * v for v in MAGNITUDES for s in (1.0, -1.0)], math.nan, -math.nan]
SPECIAL += [k * math.pi / 2 for k in range(-8, 9)] + [2.0**k for k in (-1074, -1022, -54, -53, 31, 52, 53, 63, 1023)]


def bits(value):
    """The type and the bits of a number; of what is no number only that."""
    nothing = math.isnan(value)
    return type(value), b"nan" if nothing else struct.pack("<d", value)


def points(arity, count=1500):
    rng = np.random.default_rng(arity)
    size = count // 5
    columns = []
    for _ in range(arity):
        parts = [rng.choice(SPECIAL, 2 * size), rng.normal(size=size) * 2, rng.uniform(-800, 800, size)]
        parts.append(10 ** rng.uniform(-320, 308, size) * rng.choice([1.0, -1.0], size))
        columns.append(rng.permutation(np.concatenate(parts)))
    alone = [np.array(SPECIAL)] if arity == 1 else []
    return [np.concatenate([c, *alone]) for c in columns]


def lowered(outputs, inputs, options):
    graph, roots = gather([*outputs, *inputs])
    return lower(tape_of(graph, roots[: len(outputs)], roots[len(outputs) :]), options)


def both(outputs, inputs, target, accuracy="default"):
    """The kernels in Python and of native code."""
    options = Options(np.dtype(np.float64), accuracy)
    tape = lowered(outputs, inputs, options)
    compiled = native.build(tape, options, target)
    return in_python.build(tape, options, target), compiled, tape


def assert_alike(outputs, inputs, columns, target, accuracy="default"):
    here, there, tape = both(outputs, inputs, target, accuracy)
    kinds = tape.booleans()
    batch = [np.empty(len(columns[0]), bool if kinds[slot] else float) for slot in tape.outputs]
    there.batch(columns, batch)
    rows = zip(*[c.tolist() for c in columns], strict=True)
    for point, expected in zip(rows, zip(*[b.tolist() for b in batch], strict=True), strict=True):
        found = list(map(bits, here.scalar(*point)))
        assert found == list(map(bits, there.scalar(*point))) == list(map(bits, expected)), point


def forms(op):
    """Expressions of an operation, and its variables."""
    xs = list(sd.variables("x y z"))
    if op.whole:
        return [(op(order, *xs[: op.arity - 1]), xs[: op.arity - 1]) for order in range(4)]
    several = [(op(*xs), xs)] if op.variadic and op.arity < 3 else []
    return [(op(*xs[: op.arity]), xs[: op.arity]), *several]


def needs_scipy(outputs, inputs):
    """Whether native code calls functions of SciPy's, which Python does not, as they take long to load."""
    options = Options(np.dtype(np.float64))
    return "@scipy." in native.build(lowered(outputs, inputs, options), options).source


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_record_has_the_bits_of_native_code(op, target):
    for f, xs in forms(op):
        if needs_scipy([f], xs):
            with pytest.raises(Unsupported):
                both([f], xs, TARGETS[target])
        else:
            assert_alike([f], xs, points(len(xs), 600 if op.whole else 1500), TARGETS[target])


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_so_it_has_at_high_accuracy(op):
    f, xs = forms(op)[-1]
    if needs_scipy([f], xs):
        pytest.skip("SciPy's")
    assert_alike([f], xs, points(len(xs), 500), host("high"), "high")


@settings(max_examples=40, deadline=None)
@given(programs(), st.lists(st.one_of(st.floats(-3, 3), st.floats()), min_size=3, max_size=3))
def test_so_have_random_programs(program, point):
    outputs, xs = program
    flat = [*outputs[:2], *outputs[2]]
    for target in TARGETS.values() if not needs_scipy(flat, xs) else ():
        assert_alike(flat, xs, [np.array([v]) for v in point], target)


# -- the builder ------------------------------------------------------------------------


def test_conditions_as_numbers_and_numbers_as_conditions():
    """What records' code may do, and those of symdiff do not."""
    made = []

    def spell(b, x, y):
        less, same = b.compare("<", x, y), b.compare("==", x, x)
        of_two = b.select(less, same, b.negation(x))
        total = b.add(less, same)
        for term in (b.mul(b.neg(less), 3), b.select(less, same, 2.5), b.logical("or", x, less), b.const(True), 4):
            total = b.add(b.mul(total, 3), term)
        for term in (of_two, b.logical("and", of_two, y), b.negation(of_two), b.select(x, y, 1), b.div(less, same)):
            total = b.add(b.mul(total, 3.5), term)
        made.append([b.constant(v) for v in (x, less, total, b.const(1.5), b.const(True), b.number(b.const(True)))])
        return b.add(total, b.neg(b.sub(same, same)))

    op = sd.operation("test_in_python_conditions", lambda x, y: x, lambda r, x, y: (1, 1), arity=2, code=spell)
    x, y = sd.variables("x y")
    values = [0.0, -0.0, 1.0, -2.0, math.inf, -math.inf, math.nan, 5e-324]
    columns = np.array([*itertools.product(values, values)]).T.copy()
    assert_alike([op(x, y)], [x, y], list(columns), Target(2, ""))
    assert made
    assert all(known == [None, None, None, 1.5, None, 1.0] for known in made)


def test_results_that_are_inputs_and_constants():
    x, y = sd.variables("x y")
    outputs = [x, sd.Const(2.5), x < y, sd.where(x < y, y < 1, x < 1), sd.exp(y)]
    columns = [np.array([0.5, -0.0, math.nan]), np.array([2.0, 0.5, 1.0])]
    for target in TARGETS.values():
        assert_alike(outputs, [x, y], columns, target)


def test_what_is_not_there_is_refused():
    b = in_python.Steps(Target(2, ""), 1)
    with pytest.raises(Unsupported, match="no_such_function"):
        b.call("no_such_function", b.input(0))
    with pytest.raises(Unsupported, match="psi"):
        b.special("psi", b.input(0))


# -- what native code calls -----------------------------------------------------------------


def test_the_processor_is_what_llvm_finds():
    for accuracy in ("default", "high"):
        seen = foreseen(accuracy)
        if ON_LINUX:
            assert seen is not None
        assert seen is None or seen.vectors == host(accuracy).vectors
    if ON_LINUX:
        assert not host("default").vectors or foreseen("default") == host("default")
        features = machine._features()
        for name in ("avx", "avx2", "avx512f", "fma", "fma4"):
            assert (name in processor()) == bool(features.get(name)), name


def by_llvm(lanes, fuses, monkeypatch):
    """Our hyperbolic tangent as a function of one number, of code for a processor with and without fused steps."""
    features = machine._features()
    fusing = ("fma", "avx512", "avx10")  # AVX-512 has fused steps of its own
    text = ",".join(
        [f"{'+' if on and (fuses or not name.startswith(fusing)) else '-'}{name}" for name, on in features.items()]
    )
    monkeypatch.setattr(machine, "_features", lambda: types.SimpleNamespace(flatten=lambda: text))
    monkeypatch.setattr(machine, "_generator", machine._machine)
    wide = f"<{lanes} x double>"
    code = machine.Code(
        f"{vector_functions._text('all', lanes)}\ndefine double @one(double %x) {{\n"
        f"  %a = insertelement {wide} poison, double %x, i64 0\n"
        f"  %b = shufflevector {wide} %a, {wide} poison, <{lanes} x i32> zeroinitializer\n"
        f"  %c = call {wide} @all({wide} %b)\n  %d = extractelement {wide} %c, i64 0\n  ret double %d\n}}\n"
    )
    return code, machine.ctypes.CFUNCTYPE(machine.ctypes.c_double, machine.ctypes.c_double)(code.address("one"))


@pytest.mark.skipif(not ON_LINUX, reason="other processors have other names for it")
@pytest.mark.parametrize("fuses", [True, False])
def test_both_hyperbolic_tangents_have_the_same_bits(fuses, monkeypatch):
    if fuses and not machine._features().get("fma"):
        pytest.skip("no fused steps here")
    code, there = by_llvm(2, fuses, monkeypatch)
    here = vector_functions.on_numbers("tanh", fuses)
    rng = np.random.default_rng(5)
    near = [math.ldexp(1 + s, k) for k in range(-60, 6) for s in rng.uniform(0, 1, 20).tolist()]
    values = [*SPECIAL, *near, *rng.uniform(-25, 25, 3000).tolist(), *points(1, 3000)[0].tolist(), 20.0, 20.1]
    for x in values:
        assert bits(here(x)) == bits(there(x)), x
    assert sum(here(x) != math.tanh(x) for x in near) > 20  # by steps of its own
    del code


def test_fused_steps_show():
    """Or the test above would tell nothing of the two."""
    fused, plain = [vector_functions.on_numbers("tanh", fuses) for fuses in (True, False)]
    assert any(fused(x) != plain(x) for x in np.linspace(0.1, 2, 3000).tolist())


@pytest.mark.skipif(not LETTERS, reason="no libmvec here, or no calls of it")
@pytest.mark.parametrize("letter", LETTERS)
def test_functions_of_vectors_get_every_operand(letter):
    target = TARGETS[letter]
    sine, power = target.vector_function("sin", 1), target.vector_function("pow", 2)
    call = vector_calls.vector_call(letter, sine, 1)
    assert call is not None
    assert call(0.5) == pytest.approx(math.sin(0.5), rel=1e-15)
    call = vector_calls.vector_call(letter, power, 2)
    assert call is not None
    assert call(2.0, 10.0) == 1024.0
    assert vector_calls.vector_call(letter, power, 3) is None
    assert vector_calls.vector_call("n", "_ZGVnN2v_sin", 1) is None


@pytest.mark.skipif(not LETTERS, reason="no libmvec here, or no calls of it")
def test_systems_that_let_no_memory_be_executed(monkeypatch):
    mmap = pytest.importorskip("mmap")
    assert vector_calls._READ | vector_calls._WRITE == mmap.PROT_READ | mmap.PROT_WRITE
    assert vector_calls._EXECUTE == mmap.PROT_EXEC
    assert vector_calls._OF_ITS_OWN == mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    assert vector_calls._PAGE == mmap.PAGESIZE
    code = bytes.fromhex(vector_calls._CODE["b"])
    for name, wrong in (("_EXECUTE", 1 << 20), ("_OF_ITS_OWN", mmap.MAP_PRIVATE)):  # refused by mprotect, by mmap
        with monkeypatch.context() as patched:
            patched.setattr(vector_calls, name, wrong)
            with pytest.raises(OSError, match="memory"):
                vector_calls._executable(code)


# -- machine code -------------------------------------------------------------------------------

ASSEMBLY = {
    "e": ["vbroadcastsd zmm0, xmm0", "vbroadcastsd zmm1, xmm1", "call rdi", "vzeroupper"],
    "d": ["vbroadcastsd ymm0, xmm0", "vbroadcastsd ymm1, xmm1", "call rdi", "vzeroupper"],
    "b": ["unpcklpd xmm0, xmm0", "unpcklpd xmm1, xmm1", "call rdi"],
}


@pytest.mark.skipif(not ON_LINUX, reason="the machine code is for Linux on x86-64")
@pytest.mark.parametrize("letter", ASSEMBLY)
def test_machine_code_is_what_an_assembler_makes_of_its_listing(letter):
    """Also of vectors that this machine does not have, where nothing can be called."""
    llvm = machine.binding()
    llvm.initialize_native_asmparser()
    lines = [".intel_syntax noprefix", "endbr64", "sub rsp, 8", *ASSEMBLY[letter], "add rsp, 8", "ret", ".att_syntax"]
    module = llvm.parse_assembly("\n".join(f'module asm "{line}"' for line in lines))
    assembled = llvm.Target.from_default_triple().create_target_machine().emit_object(module)
    texts = [part.data() for part in llvm.ObjectFileRef.from_data(assembled).sections() if part.is_text()]
    assert texts == [bytes.fromhex(vector_calls._CODE[letter])]


def test_every_kind_of_vectors_has_its_listing():
    assert vector_calls._CODE.keys() == ASSEMBLY.keys()
