"""One file an interpretation: what a program's operations mean for one kind of value."""
