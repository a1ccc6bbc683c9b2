"""Every test starts without a live graph, so that none sees what another has built."""

import pytest

from symdiff import graph


@pytest.fixture(autouse=True)
def _no_live_graph():
    graph._thread.live = None
