"""MNIST: handwritten digits (LeCun, Cortes, Burges)."""

from cnn_desktop.core.language import _
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.published.files import PublishedFile
from cnn_desktop.data.published.idx import IdxSource


@datasets.register("mnist")
class Mnist(IdxSource):
    """70,000 handwritten digits of 28×28, 10,000 of them for testing."""

    name = "mnist"
    title = "MNIST"
    summary = _("70,000 handwritten digits of 28×28 pixels, in grey")
    class_count = 10
    picture_count = 70_000
    is_mirrorable = False
    download_bytes = 11_594_722
    folder = "MNIST"
    classes = tuple("0123456789")
    files = (
        PublishedFile("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        PublishedFile("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        PublishedFile("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        PublishedFile("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    )
    mirrors = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
