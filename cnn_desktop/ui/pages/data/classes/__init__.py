"""Classes and splits of a dataset, to look at and to decide on."""
