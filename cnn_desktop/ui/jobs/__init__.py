"""Background work: one call at a time with a generation number, and the thread that trains."""
