"""What was worked out of a picture once and is kept on disk; all of it can be deleted at any time."""
