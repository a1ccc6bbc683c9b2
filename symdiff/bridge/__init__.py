"""Bridges to other libraries, one file a neighbour, each loaded when first used."""
