"""Every page of examples, in docstrings, the manual and this folder, begins with a graph of its own."""

from collections.abc import Iterator

import pytest

import symdiff as sd

collect_ignore = ["tests/typed/mistakes.py"]  # type checkers read it, nothing runs it


@pytest.fixture(autouse=True)
def _own_graph(request: pytest.FixtureRequest) -> Iterator[None]:
    if isinstance(request.node, pytest.DoctestItem):
        with sd.Graph():
            yield
    else:
        yield
