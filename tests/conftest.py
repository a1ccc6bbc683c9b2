"""Every test starts without a live graph, so that none sees what another has built."""

import pytest

import symdiff as sd
from symdiff import graph


@pytest.fixture(autouse=True)
def _no_live_graph():
    graph._thread.live = None


@pytest.fixture
def xy():
    """Two variables in a graph of their own."""
    with sd.Graph():
        return sd.variables("x y")
