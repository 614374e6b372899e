"""Every class with its figures."""
