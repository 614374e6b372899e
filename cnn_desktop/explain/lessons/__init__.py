"""What the lessons show, computed by torch at the moment it is asked for; `examples` are the numbers to begin with."""
