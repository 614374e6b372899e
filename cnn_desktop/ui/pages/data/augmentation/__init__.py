"""The parts of the augmentation panel."""
