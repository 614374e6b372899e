"""Making a model: a run from its configuration to its outcome."""
