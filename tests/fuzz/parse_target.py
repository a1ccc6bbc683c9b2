"""What the fuzzer runs on every input: text is read, printed, read again, counted, differentiated and evaluated.

Nothing but a `SymdiffError` may come out, text has to settle, and no input may take a second. `test_parse_fuzz.py`
runs it over the inputs that were found; CONTRIBUTING says how to look for more:

    python tests/fuzz/parse_target.py CORPUS_FOLDER -max_total_time=600
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

SECONDS = 1.0
READINGS = 8
FOUND = Path(__file__).with_name("corpus.json")
POINT = (0.7, -1.3, 2.5, 0.0, 1.0)  # values of the variables, in turn


def check(text: str) -> None:
    """All that may be done with a text.

    Raises
    ------
    AssertionError
        Where printing does not settle, or time runs out; anything else that comes out is a bug too.
    """
    import symdiff as sd

    start = time.process_time()
    try:
        f = sd.parse(text)
    except sd.SymdiffError:
        return
    finally:
        _in_time(start, "reading", text)
    _settles(f)
    sd.count_ops(f)
    names = f.variables
    point = {v: POINT[k % len(POINT)] for k, v in enumerate(names)}
    derivative = f.gradient(names[0]) if names else f
    sd.parse(str(derivative))
    for expr in (f, derivative):
        with suppress(sd.SymdiffError):
            expr.evaluate(point)
    _in_time(start, "all", text)


def _settles(f: object) -> None:
    """Text that is read back is printed as the same text, where brackets go step by step after a few times."""
    import symdiff as sd

    text = str(f)
    for _ in range(READINGS):
        before, text = text, str(sd.parse(text))
        if text == before:
            return
    raise AssertionError(f"{text!r} does not settle")


def _in_time(start: float, what: str, text: str) -> None:
    seconds = time.process_time() - start
    assert seconds < SECONDS, f"{what} took {seconds:.1f} s for {text!r}"


def text_of(data: bytes) -> str:
    """Raw bytes as text; what is no UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def main() -> None:
    """Run atheris over a folder of inputs, which starts with those of `corpus.json`."""
    import atheris

    with atheris.instrument_imports(include=["symdiff"]):
        import symdiff
        import symdiff.algebra.notation.text
        import symdiff.algebra.operation_counts  # what is loaded on first use has to be instrumented as well
        import symdiff.modes.reverse
        import symdiff.parser  # noqa: F401
    folder = next((Path(a) for a in sys.argv[1:] if not a.startswith("-")), None)
    if folder is not None and FOUND.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for k, text in enumerate(json.loads(FOUND.read_text())):
            (folder / f"found{k}").write_bytes(text.encode("utf-8", "surrogateescape"))
    atheris.Setup(sys.argv, lambda data: check(text_of(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
