"""“Where it looks”: which parts of the picture speak for a class, and whether that deserves trust."""
