"""Other ways to write what a graph computes: sums and products of many operands, shared and factored."""
