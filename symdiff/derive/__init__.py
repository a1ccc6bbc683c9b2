"""Derivatives are programs too: a graph goes in, a graph or numbers come out. What users call."""
