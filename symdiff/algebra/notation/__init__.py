"""Expressions as people write them: text that Python reads back, LaTeX, the notation of matrices."""
