"""A model in other forms, each proven to answer as the model does before it gets its name."""
