"""Every test starts without a live graph, so that none sees what another has built."""

import os

import pytest
from hypothesis import settings

import symdiff as sd
from symdiff import graph

settings.register_profile("unhurried", deadline=None)  # a busy machine fails no test
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers(config):
    """Run the whole suite on every core; a few files in this process, which starts sooner."""
    return os.cpu_count() if config.args_source == config.ArgsSource.TESTPATHS else 0


@pytest.fixture(autouse=True)
def _no_live_graph():
    graph._thread.live = None


@pytest.fixture
def xy():
    """Two variables in a graph of their own."""
    with sd.Graph():
        return sd.variables("x y")
