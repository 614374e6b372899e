"""Plain facts and files: no Qt, no torch."""
