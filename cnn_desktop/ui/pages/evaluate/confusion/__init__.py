"""Which classes the model takes for which, and the pictures behind that."""
