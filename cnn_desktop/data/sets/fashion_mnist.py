"""Fashion-MNIST: Zalando's articles (Xiao, Rasul, Vollgraf, 2017, https://arxiv.org/abs/1708.07747)."""

from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.published.files import PublishedFile
from cnn_desktop.data.published.idx import IdxSource


@datasets.register("fashion_mnist")
class FashionMnist(IdxSource):
    """70,000 articles of clothing of 28×28, 10,000 of them for testing."""

    name = "fashion_mnist"
    title = "Fashion-MNIST"
    summary = _("70,000 articles of clothing of 28×28 pixels, in grey")
    class_count = 10
    picture_count = 70_000
    download_bytes = 30_878_645
    folder = "FashionMNIST"
    classes = (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    )
    files = (
        PublishedFile("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        PublishedFile("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        PublishedFile("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        PublishedFile("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    )
    mirrors = (
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    )
