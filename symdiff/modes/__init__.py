"""The modes: how derivatives accumulate over a graph; forward, reverse, edge pushing, vertex elimination."""
