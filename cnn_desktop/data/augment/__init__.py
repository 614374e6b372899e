"""Random changes to whole batches on their device, drawn anew for every picture."""

from cnn_desktop.data.augment.augmenter import Augmenter
from cnn_desktop.data.augment.mixing import Mixer

__all__ = ["Augmenter", "Mixer"]
