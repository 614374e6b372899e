"""Datasets that somebody publishes as files: where they are, how they are verified, unpacked and read."""
