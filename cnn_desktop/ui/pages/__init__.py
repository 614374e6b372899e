"""One file or folder a page."""
