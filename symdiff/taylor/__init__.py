"""Truncated Taylor series: one system of recurrences, run over nodes of a graph or over numbers.

`symdiff.taylor` is the function of that name, `from symdiff.taylor import system` this folder.
"""
