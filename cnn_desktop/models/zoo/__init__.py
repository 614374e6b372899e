"""torchvision's classifiers with published weights: what there is, and each as an architecture."""

from cnn_desktop.models.zoo.entries import ZooEntry, zoo_entries

__all__ = ["ZooEntry", "zoo_entries"]
