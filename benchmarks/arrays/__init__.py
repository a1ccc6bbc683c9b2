"""Functions of whole arrays beside NumPy by hand, JAX and CasADi: `python -m benchmarks arrays`."""
