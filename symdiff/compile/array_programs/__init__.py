"""Functions of arrays: the program made ready, written as NumPy's code and native loops, and what that calls."""
