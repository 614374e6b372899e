"""Networks that a person puts together: what they come to, how they are built, and where they are kept."""
