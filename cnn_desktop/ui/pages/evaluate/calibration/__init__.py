"""Whether the model is right as often as it says, and the temperature that makes it so."""
