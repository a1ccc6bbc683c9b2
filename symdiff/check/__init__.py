"""Cross-checks: derivatives by every method, beside SymPy and 50-digit arithmetic."""
