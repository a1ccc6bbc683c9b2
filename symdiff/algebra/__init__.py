"""Interpretations of the graph, what operations mean for one kind of value, and what several of them share."""
