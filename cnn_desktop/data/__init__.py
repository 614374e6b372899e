"""Pictures: datasets, image files, and the one path from a picture to a tensor."""
