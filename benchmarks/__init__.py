"""Measurements beside other ways to train: `python -m benchmarks --help`."""
