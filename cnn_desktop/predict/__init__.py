"""Using a model: one picture, many pictures, a whole dataset."""
