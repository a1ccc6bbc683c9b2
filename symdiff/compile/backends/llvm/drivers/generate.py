"""Make the LLVM IR of the drivers out of their C: `python -m symdiff.compile.backends.llvm.drivers.generate`.

Clang makes it, of PyPI's `ziglang` in the version of the extra `drivers`. Nothing of this machine is in the text: it is
made for no vectors of a certain width, addresses stay names, and attributes go, as older versions of LLVM
do not know them all. One machine's layout of pointers and numbers, 64 bits, is that of all.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent
DRIVERS = ("point", "nested", "batch", "grid", "rows", "folded_rows", "fill", "folds", "levels", "pool")
VERSION = "0.17.1"  # version of ziglang
OPTIONS = (
    "--target=x86_64-freestanding-none", "-std=c11", "-O2", "-g0", "-ffreestanding", "-fno-vectorize",
    "-fno-unroll-loops", "-fno-slp-vectorize", "-fno-strict-aliasing", "-fno-stack-protector", "-fno-sanitize=all",
    "-fomit-frame-pointer", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables", "-Xclang",
    "-disable-lifetime-markers", "-Wall", "-Wextra", "-Werror", "-Wno-unused-command-line-argument",
    "-Wno-unused-function",
)  # fmt: skip
_GROUPS = r"captures|dereferenceable|initializes|memory|range"
_WORDS = r"dso_local|local_unnamed_addr|mustprogress|noalias|nofree|nonnull|noundef|readnone|readonly|returned|signext"
_DROPPED = (
    r"^(;|source_filename|target|attributes|!).*\n",
    r" *; preds = .*",
    r",? ![\w.]+ !\d+",  # metadata: what is known of a loop or an access
    r" #\d+",  # attribute groups of functions
    rf"\b({_GROUPS})\(([^()]|\([^()]*\))*\) ?",
    rf"\b({_WORDS}|unnamed_addr|writeonly|zeroext) ?",
    r" +(?=[,)\n])",
    r"\n(?=\n\n)|\n(?=\n\Z)",
)


def stamp(driver: str, text: str) -> str:
    """The first line of a generated file: a hash of what it was made of, and of what follows."""
    files = (FOLDER / f"{driver}.c", FOLDER / "drivers.h", FOLDER / "grid.h", FOLDER / "point.h")
    parts = [file.read_text("utf-8") for file in files] + [VERSION, *OPTIONS, *_DROPPED, text]
    return f"; made of {driver}.c by generate.py: {hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}\n"


def generated(driver: str) -> str:
    """What belongs into the file of a driver, by the compiler.

    Raises
    ------
    ModuleNotFoundError, RuntimeError, subprocess.CalledProcessError
        Without the compiler, for another version of it, and for what is no C.
    """
    if version("ziglang") != VERSION:
        raise RuntimeError(f"the text would differ: pip install ziglang=={VERSION}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "driver.ll"
        command = [sys.executable, "-m", "ziglang", "cc", *OPTIONS, "-S", "-emit-llvm", "-o", str(file), f"{driver}.c"]
        subprocess.run(command, cwd=FOLDER, check=True)
        text = file.read_text("utf-8")
    for pattern in _DROPPED:
        text = re.sub(pattern, "", text, flags=re.MULTILINE)
    return stamp(driver, text) + text


if __name__ == "__main__":
    for name in DRIVERS:
        (FOLDER / f"{name}.ll").write_text(generated(name), "utf-8")
