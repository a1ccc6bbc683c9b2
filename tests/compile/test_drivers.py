"""The drivers of native code: their text is that of their source, and for every machine of 64 bits."""

from __future__ import annotations

import configparser
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

from symdiff.compile.backends.llvm import entry, target
from symdiff.compile.backends.llvm.drivers import generate
from symdiff.compile.backends.llvm.irbuilder import IRBuilder
from symdiff.compile.backends.llvm.target import Target, vectors_of

TRIPLES = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "arm64-apple-darwin", "x86_64-pc-windows-msvc")


def text(driver: str) -> str:
    return (generate.FOLDER / f"{driver}.ll").read_text("utf-8")


def compiler() -> str:
    try:
        return version("ziglang")
    except PackageNotFoundError:
        return "none"


# -- the text is that of the source ---------------------------------------------------------


def test_every_source_is_a_driver():
    assert sorted(file.stem for file in generate.FOLDER.glob("*.c")) == sorted(generate.DRIVERS)
    assert sorted(file.stem for file in generate.FOLDER.glob("*.ll")) == sorted(generate.DRIVERS)


@pytest.mark.parametrize("driver", generate.DRIVERS)
def test_a_changed_source_was_compiled(driver):
    first, rest = text(driver).split("\n", 1)
    assert f"{first}\n" == generate.stamp(driver, rest), f"run python -m {generate.__name__}, and change no .ll by hand"


@pytest.mark.parametrize("name", ["batch.c", "drivers.h"])
def test_a_stamp_sees_every_change(name, tmp_path, monkeypatch):
    for file in generate.FOLDER.glob("*.[ch]"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    before = generate.stamp("batch", "text")
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    assert generate.stamp("batch", "text") == before
    assert generate.stamp("batch", "Text") != before
    (tmp_path / name).write_text((tmp_path / name).read_text("utf-8") + " ", "utf-8")
    assert generate.stamp("batch", "text") != before


@pytest.mark.skipif(compiler() != generate.VERSION, reason=f"needs ziglang=={generate.VERSION}, of the extra drivers")
@pytest.mark.parametrize("driver", generate.DRIVERS)
def test_compiling_gives_the_text(driver):
    assert generate.generated(driver) == text(driver)


def test_the_extra_has_the_compiler():
    config = configparser.ConfigParser()
    config.read(Path(__file__).parents[2] / "setup.cfg", encoding="utf-8")
    assert config["options.extras_require"]["drivers"].strip() == f"ziglang=={generate.VERSION}"


# -- for every machine ----------------------------------------------------------------------


@pytest.mark.parametrize("driver", generate.DRIVERS)
def test_the_text_is_of_no_machine(driver):
    found = re.findall(r"^(?:target|attributes|source_filename|!).*|#\d+|<\d+ x ", text(driver), re.MULTILINE)
    named = {"<8 x "} if driver == "folds" else set()  # vectors in their C, which every machine has
    assert set(found) == named


def machine(triple: str) -> Any:
    llvm = pytest.importorskip("llvmlite.binding")
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    try:
        return llvm.Target.from_triple(triple).create_target_machine(opt=0)
    except RuntimeError:
        pytest.skip(f"this LLVM makes no code for {triple}")


@pytest.mark.parametrize("triple", TRIPLES)
@pytest.mark.parametrize("driver", generate.DRIVERS)
def test_every_machine_takes_it(driver, triple):
    made = machine(triple)
    llvm = pytest.importorskip("llvmlite.binding")
    module = llvm.parse_assembly(entry._text(driver))
    module.triple = triple
    module.verify()
    assert all(name in made.emit_assembly(module) for name in re.findall(r"^define .*@(\w+)\(", text(driver), re.M))
    assert [f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm.")] == []


# -- vector functions by their names ------------------------------------------------------------


@pytest.mark.parametrize(
    ("triple", "features", "lanes", "sine", "power"),
    [
        ("x86_64-unknown-linux-gnu", {"avx512f": True, "avx2": True}, 8, "_ZGVeN8v_sin", "_ZGVeN8vv_pow"),
        ("x86_64-pc-linux-gnu", {"avx512f": False, "avx2": True}, 4, "_ZGVdN4v_sin", "_ZGVdN4vv_pow"),
        ("x86_64-unknown-linux-gnu", {}, 2, "_ZGVbN2v_sin", "_ZGVbN2vv_pow"),
        ("aarch64-unknown-linux-gnu", {"neon": True, "sve": True}, 2, "_ZGVnN2v_sin", "_ZGVnN2vv_pow"),
        ("arm64-apple-darwin23", {}, 2, "_ZGVnN2v_sin", "_ZGVnN2vv_pow"),
        ("riscv64-unknown-linux-gnu", {}, 2, "", ""),
    ],
)
def test_names_of_vector_functions(triple, features, lanes, sine, power, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(target, "_has_symbol", lambda symbol: asked.append(symbol) or symbol == sine)
    found = vectors_of(triple, features)
    assert found.lanes == lanes
    assert found.vector_function("sin", 1) == sine
    assert found.vector_function("pow", 2) == ""  # which is asked for, and is not there
    assert asked == ([sine, power] if sine else [])


def test_code_for_aarch64_calls_its_vector_functions(monkeypatch):
    llvm = pytest.importorskip("llvmlite.binding")
    monkeypatch.setattr(target, "_has_symbol", lambda symbol: symbol == "_ZGVnN2v_sin")
    triple = "aarch64-unknown-linux-gnu"
    made = machine(triple)
    for real in ("double", "float"):
        for lanes in (2, 1):
            b = IRBuilder(Target(2, "n"), real, lanes)
            result = b.call("exp", b.call("sin", "%x"))
            body = "\n".join(b.lines)
            parts = [
                *b.functions.values(),
                f"define {b.vector} @f({b.vector} %x) {{",
                body,
                f"ret {b.vector} {result}\n}}",
            ]
            module = llvm.parse_assembly("\n".join(parts))
            module.triple = triple
            module.verify()
            calls = set(re.findall(r"\bbl\s+([\w.]+)", made.emit_assembly(module))) - {"symdiff.exp"}
            assert calls == {"_ZGVnN2v_sin", "exp"}  # which is of numbers, as there is none of vectors
