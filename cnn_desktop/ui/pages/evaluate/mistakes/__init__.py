"""The pictures that a person should look at first, and what to do about them."""
