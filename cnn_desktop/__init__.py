"""CNN Desktop: train, look inside and use convolutional image classifiers."""

__version__ = "0.1.0"
