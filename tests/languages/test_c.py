"""Generated C beside `sd.compile`: every operation, random graphs and programs of arrays, sparse matrices."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest

import symdiff as sd
from symdiff.records import OPERATIONS

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "arrays"))
from array_programs import OF_ARRAYS, Program, array_variables, sample
from native import CHECKED, call, entries, library, needs_cc
from written import edge_cases, workloads

POINTS = (-2.7, -1.5, -1.0, -0.7, -0.3, 0.0, 0.2, 0.5, 0.9, 1.0, 1.4616, 1.7, 2.5, 3.9, 10.3, 55.0)
WITHOUT = {"binomial", "binomial_derivative", "beta", "beta_derivative"}  # operations without code for any language
OPS = [op for op in OPERATIONS if op is not None and op.code is not None]


def close(got, expected, tolerance=1e-12):
    scale = np.abs(np.nan_to_num(expected, posinf=0.0, neginf=0.0)).max(initial=0.0)
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance * scale)


def of_operation(op):
    """An expression of an operation, and its variables."""
    found = list(sd.variables("a b c d"))[: op.arity]
    free = [v for k, v in enumerate(found) if k not in op.whole]
    return op(*[2 if k in op.whole else v for k, v in enumerate(found)]), free


@pytest.fixture(scope="module")
def operations(tmp_path_factory):
    """The code of every operation, in double and single precision, compiled at once."""
    codes = {}
    with sd.Graph():
        for op in OPS:
            f, free = of_operation(op)
            codes[op.name] = sd.code(f, free, name=f"do_{op.name}")
            codes[op.name, "single"] = sd.code(f, free, name=f"single_{op.name}", dtype=np.float32)
    return codes, library(tmp_path_factory.mktemp("operations"), codes.values(), ["-O1", *CHECKED])


def test_only_these_operations_have_no_code():
    with sd.Graph():
        without = {op.name for op in OPERATIONS if op is not None and op.code is None and not hasattr(op, "shape")}
    assert without >= WITHOUT
    for name in sorted(WITHOUT):
        f, free = of_operation(sd.ops.__dict__[name] if hasattr(sd.ops, name) else sd.__dict__[name])
        with pytest.raises(sd.SymdiffValueError, match=f"{name} has no code in C"):
            sd.code(f, free)


@needs_cc
@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_operation(operations, op):
    codes, lib = operations
    f, free = of_operation(op)
    compiled = sd.compile(f, free, accuracy="high")
    single = sd.compile(f, free, dtype=np.float32, accuracy="high")
    chance = random.Random(op.name)
    for _ in range(60):
        point = [chance.choice(POINTS) for _ in free]
        expected = np.array([float(compiled(*point))])
        close(call(lib, codes[op.name], point, [1])[0], expected, 4e-13)
        found = call(lib, codes[op.name, "single"], point, [1], np.float32)[0]
        np.testing.assert_allclose(found, np.float32(single(*point)), rtol=3e-4, atol=1e-5)


@needs_cc
def test_random_graphs(tmp_path):
    unary = [sd.sin, sd.tanh, sd.exp, sd.sqrt, sd.sigmoid, sd.softplus, sd.relu, sd.abs, sd.log1p, sd.atan]
    binary = [sd.ops.add, sd.ops.sub, sd.ops.mul, sd.ops.div, sd.maximum, sd.hypot, sd.logaddexp, sd.atan2]
    codes, expected = [], []
    chance = random.Random(5)
    for k in range(12):
        with sd.Graph():
            xs = list(sd.variables("x y w"))
            pool = [*xs, sd.Const(0.1), sd.Const(3), sd.pi * 1]
            for _ in range(40):
                f = chance.choice(binary)(*chance.choices(pool[-8:] + xs, k=2))
                pool.append(chance.choice(unary)(f * 0.3) if chance.random() < 0.4 else f)
            f = sd.where((pool[-1] > pool[-2]) & ~(xs[0] < 0.3), pool[-1], pool[-3]) + pool[-4]
            outputs = [f, f.gradient(xs), {"condition": f > 1, "deep": [pool[-5], (2, f)]}]
            codes.append(sd.code(outputs, xs, name=f"graph{k}"))
            point = [chance.uniform(-1.5, 1.5) for _ in xs]
            found = sd.compile(outputs, xs, accuracy="high")(*point)
            expected.append((point, [entries(one) for one in found]))
    lib = library(tmp_path, codes, ["-O1", *CHECKED])
    for code, (point, wanted) in zip(codes, expected, strict=True):
        for got, want in zip(call(lib, code, point, [w.size for w in wanted]), wanted, strict=True):
            close(got, want, 1e-9)


def array_programs(seeds):
    """Code of random array programs with their derivatives; the arguments, and what `sd.compile` gives."""
    for seed in seeds:
        program = Program(random.Random(seed), 1 + seed % 8)
        with sd.Graph():
            variables = array_variables(program)
            f = program.run(OF_ARRAYS, variables)
            outputs = [f, *[f.gradient(v) for v in f.variables]]
            if f.variables:
                outputs.append(sd.jacobian(outputs[1], f.variables[-1]))
            inputs = list(variables.values())
            try:
                code = sd.code(outputs, inputs, name=f"program{seed}")
            except sd.SymdiffValueError as error:
                if "eigenvalues" not in str(error):
                    raise
                continue
            values = list(sample(program, seed).values())
            yield code, values, [entries(one) for one in sd.compile(outputs, inputs, accuracy="high")(*values)]


@needs_cc
@pytest.mark.parametrize("options", [["-O1", *CHECKED], ["-O2"]], ids=["checked", "fast"])
def test_array_programs(tmp_path, options):
    cases = list(array_programs(range(24) if options == ["-O2"] else range(24, 48)))
    assert len(cases) > 12
    lib = library(tmp_path, [code for code, _, _ in cases], options)
    for code, values, wanted in cases:
        for got, want in zip(call(lib, code, values, [w.size for w in wanted]), wanted, strict=True):
            close(got, want, 1e-8)


@needs_cc
def test_the_work_of_the_benchmarks_and_what_is_rare(tmp_path):
    work, rare = workloads("c"), edge_cases("c")
    plain, checked = ["-O1"], ["-O0", *CHECKED]  # apart for long functions: together they take 48 s, and these 25
    cases = {"work": (work, plain), "checked": (work, checked), "rare": (rare, ["-O1", *CHECKED])}
    for name, (wanted, options) in cases.items():
        (tmp_path / name).mkdir()
        lib = library(tmp_path / name, [code for code, _, _ in wanted], options)
        for code, args, expected in wanted:
            for got, want in zip(call(lib, code, args, [w.size for w in expected]), expected, strict=True):
                close(got, want.ravel(), 1e-8)


@needs_cc
def test_addresses_are_checked_too(tmp_path):
    """A program by itself, under the address sanitizer, with memory of exactly the size that it takes."""
    code, values, wanted = next(array_programs([6]))
    code.write(tmp_path)
    arrays = [np.asarray(v, float).ravel() for v in values]
    given = [f"double in{k}[] = {{{', '.join([v.hex() for v in a.tolist()] or ['0'])}}};" for k, a in enumerate(arrays)]
    made = [f"double *out{k} = malloc({max(w.size, 1)}*sizeof(double));" for k, w in enumerate(wanted)]
    made += [f"double *work = malloc({code.work}*sizeof(double));"] if code.work else []
    names = (
        [f"in{k}" for k in range(len(arrays))] + [f"out{k}" for k in range(len(wanted))] + ["work"] * bool(code.work)
    )
    shown = [f'for (int k = 0; k < {w.size}; ++k) printf("%.17g,", out{k}[k]);' for k, w in enumerate(wanted)]
    main = ["#include <stdio.h>", "#include <stdlib.h>", f'#include "{code.name}.h"', "int main(void) {", *given, *made]
    lines = [*main, f"{code.name}({', '.join(names)});", *shown, "return 0; }"]
    (tmp_path / "main.c").write_text("\n".join(lines))
    target = str(tmp_path / "main")
    sources = [str(tmp_path / "main.c"), str(tmp_path / f"{code.name}.c")]
    options = ["-std=c99", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-o", target]
    subprocess.run(["cc", *options, *sources, "-lm"], check=True)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([target], capture_output=True, text=True, env=environment, check=True)
    close(np.array([float(part) for part in done.stdout.split(",")[:-1]]), np.concatenate(wanted), 1e-8)


@needs_cc
def test_sparse_matrices_come_as_their_entries_with_a_pattern(tmp_path):
    xs = sd.variables("x", 6)
    residuals = [xs[k] * xs[k + 1] - sd.sin(xs[k]) for k in range(5)]
    jac = sd.jacobian(residuals, xs, sparse=True)
    with sd.Graph():
        v, m = sd.Var("v", shape=6), sd.Var("M", shape=(4, 3))
        blocks = sd.jacobian(sd.sin(v) * v, v, sparse=True)
        tall = sd.jacobian(m[1:] * m[:-1] + m[0, 0], m, sparse=True)
        outputs = [blocks, [blocks, tall]]
        code = sd.code(outputs, [v, m], name="blocks")
        values = [np.linspace(-1, 1, 6), np.arange(12.0).reshape(4, 3)]
        found = sd.compile(outputs, [v, m])(*values)
    plain = sd.code([residuals, jac], [xs], name="plain")
    lib = library(tmp_path, [plain, code])
    expected = sd.compile([residuals, jac], [xs])(values[0])
    got = call(lib, plain, [values[0]], [5, expected[1].nnz])
    close(got[0], np.array(expected[0]))
    close(got[1], expected[1].data)
    check_pattern(lib, "plain_out1", expected[1])
    got = call(lib, code, values, [found[0].nnz, found[1][0].nnz + found[1][1].nnz])
    close(got[0], found[0].data)
    close(got[1], entries(found[1]))
    check_pattern(lib, "blocks_out0", found[0])
    check_pattern(lib, "blocks_out1_1", found[1][1])


def check_pattern(lib, name, matrix):
    import ctypes

    count = ctypes.c_int.in_dll(lib, f"{name}_nnz").value
    assert count == matrix.nnz
    rows = (ctypes.c_int * (matrix.shape[0] + 1)).in_dll(lib, f"{name}_rows")
    cols = (ctypes.c_int * count).in_dll(lib, f"{name}_cols")
    assert list(rows) == matrix.indptr.tolist()
    assert list(cols) == matrix.indices.tolist()


@needs_cc
def test_long_programs_are_cut_into_functions(tmp_path):
    chance = random.Random(1)
    with sd.Graph():
        xs = list(sd.variables("x", 5))
        pool = [*xs]
        for _ in range(3000):
            a, b = chance.choices(pool[-30:] + pool[:5], k=2)
            pool.append(chance.choice([lambda a, b: a + b, lambda a, b: a * b * 0.5, lambda a, b: sd.sin(a - b)])(a, b))
        outputs = [pool[-1], np.array(pool[-40:-1:7]), xs[0], sd.Const(2) * 1]
        sd.named("part", outputs[1][-1])
        code = sd.code(outputs, [np.array(xs)], name="long_one")
        point = np.linspace(0.1, 0.9, 5)
        expected = [entries(one) for one in sd.compile(outputs, [np.array(xs)], accuracy="high")(point)]
    assert code.source.count("static void long_one_part") > 5
    assert code.work > 0
    assert "const double part = " in code.source
    lib = library(tmp_path, [code])
    for got, want in zip(call(lib, code, [point], [w.size for w in expected]), expected, strict=True):
        close(got, want, 1e-11)


@needs_cc
def test_scalars_and_arrays_together_in_a_long_program(tmp_path):
    with sd.Graph():
        v = sd.Var("v", shape=30)
        f = v[0]
        for k in range(600):
            f = sd.sin(f * v[k % 30]) + f
        g = (v * f).sum()
        outputs = [g, v * g + f]
        code = sd.code(outputs, [v], name="mixed")
        point = np.linspace(0.1, 0.9, 30)
        expected = [entries(one) for one in sd.compile(outputs, [v], accuracy="high")(point)]
    assert "_part2" in code.source
    lib = library(tmp_path, [code])
    for got, want in zip(call(lib, code, [point], [1, 30]), expected, strict=True):
        close(got, want, 1e-11)


def test_the_prototype_is_as_promised():
    x, y = sd.variables("x y")
    code = sd.code([x + y, np.array([x, y])], [x, y], name="arm")
    assert "int arm(const double *in0, const double *in1, double *out0, double *out1);" in code.header
    assert code.work == 0
    v = sd.Var("v", shape=3)
    code = sd.code(sd.sin(v) @ sd.cos(v), v, name="arm", dtype=np.float32)
    assert "int arm(const float *in0, float *out0, float *work);" in code.header
    assert code.work == 6


def test_names_that_users_gave_are_in_the_code():
    x, y = sd.variables("x y")
    z = sd.named("speed", x + y)
    source = sd.code(sd.sin(z) * z, [x, y]).source
    assert "const double speed = x + y;" in source
    assert "out0[0] = sin(speed)*speed;" in source
    source = sd.code(sd.sin(x * y) * sd.named("double", x * y), [x, y]).source  # reserved: with something behind it
    assert "const double double_2 = x*y;" in source


@needs_cc
def test_variables_and_parts_called_like_temporaries_keep_their_values(tmp_path):
    first, second, i = given = sd.variables("t1 t2 i")
    part = sd.named("t3", sd.sin(first) * second + first)
    v = sd.Var("v", shape=3)
    outputs = [sd.cos(part) * part + first * i, (v * i + first) ** 2 @ v + part, sd.cumsum(v * i) * second]
    code = sd.code(outputs, [*given, v], name="called")
    assert "const double i = in2[0];" in code.source
    point = [0.7, 1.3, 2.0, np.array([0.3, -1.2, 2.0])]
    got = call(library(tmp_path, [code]), code, point, [1, 1, 3])
    np.testing.assert_allclose(np.concatenate(got), entries(sd.compile(outputs, [*given, v])(*point)), rtol=1e-14)


@needs_cc
def test_variables_called_like_helpers_and_constants_of_the_language(tmp_path):
    given = sd.variables("arm_sinc arm_sigmoid M_PI")
    f = sd.sinc(given[0]) * sd.sigmoid(given[1]) + given[2]
    code = sd.code(f, given, name="arm")
    [got] = call(library(tmp_path, [code], ["-O1", "-D_GNU_SOURCE"]), code, [0.7, 1.3, 2.0], [1])
    assert got[0] == pytest.approx(sd.compile(f, given)(0.7, 1.3, 2.0), rel=1e-14)


@needs_cc
def test_variables_are_called_as_values_without_a_name_are(tmp_path):
    t1, t2, x = sd.variables("t1 t2 x")
    v = sd.Var("t3", shape=3)
    shared = sd.named("t5", sd.sin(x + t1 + t2))
    outputs = [sd.exp(x + t1 + t2) * shared, shared**2 * sd.cos(x + t1), t2 * t1, sd.softmax(v * shared)]
    code = sd.code(outputs, [t1, t2, x, v])
    point = [0.5, -0.3, 0.8, np.array([0.1, 0.2, 0.4])]
    expected = sd.compile(outputs, [t1, t2, x, v], accuracy="high")(*point)
    for got, want in zip(call(library(tmp_path, [code]), code, point, [1, 1, 1, 3]), expected, strict=True):
        close(got, entries(want))


def test_constants_are_exact():
    x = sd.Var("x")
    f = x * 0.1 + sd.pi / 3 * x**2 + x * sd.Const(1) / 3 + x * 1e-320 + x * -2.5e300
    source = sd.code(f, x).source
    for number in (0.1, float(np.pi / 3), 1e-320, 2.5e300):
        assert repr(number) in source


def test_named_sizes_need_numbers():
    v = sd.Var("v", shape="n")
    with pytest.raises(sd.SymdiffValueError, match=r"sizes=\{'n': 100\}"):
        sd.code((v**2).sum(), v)
    assert "i < 7" in sd.code((v**2).sum(), v, sizes={"n": 7}).source
    with pytest.raises(sd.SymdiffTypeError, match="whole numbers"):
        sd.code((v**2).sum(), v, sizes={"n": 7.5})


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"name": "double"}, sd.SymdiffValueError, "reserved"),
        ({"name": "sin"}, sd.SymdiffValueError, "reserved"),
        ({"name": "my arm"}, sd.SymdiffValueError, "letters"),
        ({"name": "größe"}, sd.SymdiffValueError, "letters"),
        ({"name": 3}, sd.SymdiffTypeError, "a string"),
        ({"language": "cobol"}, sd.SymdiffValueError, "take one of c"),
        ({"dtype": "int32"}, sd.SymdiffValueError, "float64 or float32"),
    ],
)
def test_what_can_not_be_written(arguments, error, says):
    x = sd.Var("x")
    with pytest.raises(error, match=says):
        sd.code(x**2, x, **arguments)


def test_outputs_without_inputs_are_refused():
    x, y = sd.variables("x y")
    with pytest.raises(sd.SymdiffValueError, match="depend on y"):
        sd.code(x * y, x)
    with pytest.raises(sd.SymdiffTypeError, match="outputs are expressions"):
        sd.code([None], x)


def test_files_are_written_whole_or_not_at_all(tmp_path):
    x = sd.Var("x")
    code = sd.code(x**2, x, name="square")
    assert code.write(tmp_path) == [tmp_path / "square.c", tmp_path / "square.h"]
    assert (tmp_path / "square.c").read_text() == code.source
    assert (tmp_path / "square.h").read_text() == code.header
    with pytest.raises(sd.SymdiffValueError, match="can't be written"):
        code.write(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(sd.SymdiffValueError, match="can't be written"):
        code.write(tmp_path / "file")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "square.h").mkdir()  # the second file can't be put in place
    with pytest.raises(sd.SymdiffValueError, match="can't be written"):
        code.write(tmp_path / "other")
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["square.h"]


@pytest.mark.skipif(os.name != "posix", reason="has no links and pipes of this kind")
def test_links_stay_and_devices_are_not_replaced(tmp_path):
    """`-o /dev/full` put a file in the place of the device, and a link to a file became a file."""
    x = sd.Var("x")
    code = sd.code(x**2, x, name="square")
    (tmp_path / "link.c").symlink_to(tmp_path / "square.c")
    code.write_as(tmp_path / "link.c")
    assert (tmp_path / "link.c").is_symlink()
    assert (tmp_path / "square.c").read_text() == code.source
    os.mkfifo(tmp_path / "pipe.c")
    for path in (tmp_path / "pipe.c", os.devnull, f"{tmp_path}/a\0b.c", f"{tmp_path}/{'a' * 300}.c"):
        with pytest.raises(sd.SymdiffValueError, match="can't be written"):
            code.write_as(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.c", "link.h", "pipe.c", "square.c"]
    assert not (tmp_path / "pipe.c").is_file()


def test_the_same_code_every_time():
    program = "import symdiff as sd; x, y = sd.variables('x y'); print(sd.code([sd.digamma(x)*y, x], [x, y]).source)"
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout for _ in range(2)]
    assert runs[0] == runs[1]
    assert json.dumps(runs[0])


@needs_cc
def test_operations_called_like_functions_of_scipy_are_not_taken_for_them(tmp_path):
    x = sd.Var("x")
    outputs = [sd.spherical_jn(2, x), sd.spherical_jn(3, x), sd.loggamma(x)]
    code = sd.code(outputs, x, name="odd")
    lib = library(tmp_path, [code])
    compiled = sd.compile(outputs, x, accuracy="high")
    for point in (-55.0, -2.7, -0.3, 0.0, 1e-9, 1e-250, 0.4, 30.0):
        close(np.concatenate(call(lib, code, [point], [1, 1, 1])), np.array(compiled(point)))
