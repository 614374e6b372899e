"""The ten pictures of a dataset that excite the chosen channel most."""
