"""CNN Desktop: train, look inside and use convolutional image classifiers."""

from cnn_desktop.core.openmp import wait_briefly

__version__ = "0.1.0"

# Here, because torch reads it when it is first imported, and every way to torch leads through this package.
wait_briefly()
