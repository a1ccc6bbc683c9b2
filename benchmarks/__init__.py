"""symdiff beside its rivals: the same work, one subject at a time, every value checked before its time counts.

    python -m benchmarks [workload ...] [--quick]

needs a checkout and the extra `symdiff-graph[bench]`; rivals that are not installed are left out.
"""
