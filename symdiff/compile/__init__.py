"""Functions out of expressions: the tape, the function that a user calls; in `backends` what runs it.

`symdiff.compile` is the function of that name, `from symdiff.compile import tape` this folder.
"""
