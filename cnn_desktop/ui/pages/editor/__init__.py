"""Where a person puts a network together, layer by layer."""
