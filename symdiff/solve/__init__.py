"""Optimisation problems with constraints: what they are made of, the solvers, and what these say."""
