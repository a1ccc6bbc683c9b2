"""Functions of one stage, datum or element over all of them: `python -m benchmarks maps`."""
