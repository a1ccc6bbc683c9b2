"""What drives the code of any program: C, and the LLVM IR that `generate.py` makes of it, which is what runs."""
