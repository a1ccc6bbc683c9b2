"""Functions out of expressions: the tape, the function that a user calls, and one file a backend."""
