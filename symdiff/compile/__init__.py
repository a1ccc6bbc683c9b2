"""Functions out of expressions: the tape, the function that a user calls, and one file a backend.

`symdiff.compile` is the function of that name, `from symdiff.compile import tape` this folder.
"""
