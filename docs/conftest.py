"""pytest runs the examples of the pages; how they are built is no module of examples."""

collect_ignore_glob = ["*.py", "extensions/*", "notebooks/*", "benchmarks/*", "project/*"]
