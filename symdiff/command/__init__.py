"""What the command line says: formulas and points in, derivatives as text or JSON out."""
