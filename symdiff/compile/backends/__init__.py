"""The backends: one module or folder each, whose `build(tape, options)` makes a kernel of a lowered tape."""
