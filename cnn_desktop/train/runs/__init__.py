"""The run folder: written, read, listed, compared."""
