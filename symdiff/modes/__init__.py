"""The modes: how derivatives accumulate over a graph.

After Griewank and Walther, *Evaluating Derivatives*: forward and reverse accumulation, vertex elimination on the
linearised graph, edge pushing for Hessians, backpropagation on numbers, propagation of sparsity patterns.
"""
