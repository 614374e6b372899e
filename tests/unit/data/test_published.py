"""Published files: read with care, downloaded whole, unpacked safely. Small fakes with hashes of their own."""

import gzip
import hashlib
import io
import os
import pickle
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cnn_desktop.core.errors import CancelledError, DatasetError, DownloadError
from cnn_desktop.data.dataset import ArraySplit
from cnn_desktop.data.published import unpacking
from cnn_desktop.data.published.cifar import CifarSource
from cnn_desktop.data.published.files import PublishedFile
from cnn_desktop.data.published.idx import IdxSource, read_idx
from cnn_desktop.data.published.unpacking import unpack_gzip, unpack_tar
from cnn_desktop.data.sets.cifar10 import Cifar10
from cnn_desktop.data.sets.cifar100 import Cifar100
from cnn_desktop.data.sets.mnist import Mnist

RANDOM = np.random.default_rng(0)


def idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, dtype=">u4").tobytes() + values.tobytes()


def published(folder: Path, name: str, content: bytes) -> PublishedFile:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return PublishedFile(name, hashlib.md5(content).hexdigest())


IMAGES = {
    "train": RANDOM.integers(0, 256, (6, 28, 28), dtype=np.uint8),
    "t10k": RANDOM.integers(0, 9, (2, 28, 28), dtype=np.uint8),
}
LABELS = {"train": np.array([0, 1, 2, 3, 4, 9], dtype=np.uint8), "t10k": np.array([5, 6], dtype=np.uint8)}


def fake_mnist(folder: Path, url: str) -> IdxSource:
    """MNIST of eight pictures, its packed files in `folder`, downloaded from `url`."""
    source = Mnist()
    files: list[PublishedFile] = []
    for part in ("train", "t10k"):
        files.append(published(folder, f"{part}-images-idx3-ubyte.gz", gzip.compress(idx(IMAGES[part]))))
        files.append(published(folder, f"{part}-labels-idx1-ubyte.gz", gzip.compress(idx(LABELS[part]))))
    source.files, source.mirrors = files, ["http://127.0.0.1:9/", url]
    source.download_bytes = sum(path.stat().st_size for path in folder.iterdir())
    return source


# MNIST and its relatives


@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_read_packed_or_not(packed: bool, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    source = fake_mnist(raw, "")
    if not packed:
        for path in list(raw.iterdir()):
            unpack_gzip(path, path.with_suffix(""))
            path.unlink()
    assert source.is_present(tmp_path)
    dataset = source.load(tmp_path)
    for split, part in ((dataset.splits["train"], "train"), (dataset.splits["test"], "t10k")):
        assert isinstance(split, ArraySplit)
        assert (split.images[..., 0] == IMAGES[part]).all()
        assert split.labels.tolist() == LABELS[part].tolist()
    assert dataset.image_size == (28, 28)


GOOD = idx(IMAGES["train"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        GOOD[:3],
        GOOD[:10],
        GOOD[:-1],
        GOOD + b"\0",
        b"\0\0\x0d\x03" + GOOD[4:],
        b"\0\0\x08\x01" + GOOD[4:],
        b"\0\0\x08\x03" + b"\xff" * 12 + GOOD[16:],
        b"<html>404</html>",
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_damaged_idx_files_are_refused(content: bytes, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / ("images.gz" if packed else "images")
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DatasetError, match=str(path)):
        read_idx(path, 3)


@pytest.mark.parametrize("damage", ["cut", "flipped", "plain"])
def test_damaged_packing_is_refused(damage: str, tmp_path: Path) -> None:
    content = bytearray(gzip.compress(GOOD))
    if damage == "flipped":
        content[len(content) // 2] ^= 255
    path = tmp_path / "images.gz"
    path.write_bytes({"cut": bytes(content[:-100]), "flipped": bytes(content), "plain": GOOD}[damage])
    with pytest.raises(DatasetError, match="damaged or cut off"):
        read_idx(path, 3)


def test_a_bomb_in_an_idx_file_is_refused_without_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(idx(np.zeros((1, 2, 2), np.uint8)) + bytes(50_000_000)))
    with pytest.raises(DatasetError, match="damaged"):
        read_idx(path, 3)


def test_labels_that_do_not_fit_the_pictures_are_refused(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    source = fake_mnist(raw, "")
    for labels in (LABELS["t10k"], np.full(6, 10, dtype=np.uint8)):
        (raw / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
        with pytest.raises(DatasetError, match="don't belong together"):
            source.load(tmp_path)


def test_mnist_is_downloaded_from_the_mirror_that_has_it(tmp_path: Path, web_folder: tuple[Path, str]) -> None:
    source = fake_mnist(*web_folder)
    seen: list[tuple[int, int]] = []
    source.download(tmp_path, lambda *now: seen.append(now))
    assert source.is_present(tmp_path)
    assert len(source.load(tmp_path).splits["train"]) == 6
    assert seen == sorted(seen)
    assert seen[-1] == (source.download_bytes, source.download_bytes)
    raw = tmp_path / "MNIST" / "raw"
    assert sorted(path.name for path in raw.iterdir()) == sorted(
        name for file in source.files for name in (file.name, file.name.removesuffix(".gz"))
    )


def test_torchvision_reads_what_was_downloaded(tmp_path: Path, web_folder: tuple[Path, str]) -> None:
    from torchvision.datasets import MNIST

    fake_mnist(*web_folder).download(tmp_path)
    reference = MNIST(str(tmp_path), train=True, download=False)
    assert (reference.data.numpy() == IMAGES["train"]).all()


def test_a_cancelled_download_goes_on_later(tmp_path: Path, web_folder: tuple[Path, str]) -> None:
    source = fake_mnist(*web_folder)

    def cancel(done: int, total: int) -> None:
        if done > total // 2:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        source.download(tmp_path, cancel)
    assert not source.is_present(tmp_path)
    source.download(tmp_path)
    assert source.is_present(tmp_path)


def test_wrong_bytes_of_a_mirror_are_no_dataset(tmp_path: Path, web_folder: tuple[Path, str]) -> None:
    source = fake_mnist(*web_folder)
    (web_folder[0] / source.files[0].name).write_bytes(b"something else")
    with pytest.raises(DownloadError, match=source.files[0].md5):
        source.download(tmp_path)
    assert not source.is_present(tmp_path)
    assert list((tmp_path / "MNIST" / "raw").iterdir()) == []


# CIFAR


def batch(count: int, key: str = "labels", **extra: object) -> dict[str, object]:
    pixels = RANDOM.integers(0, 256, (count, 3072), dtype=np.uint8)
    return {"data": pixels, key: [index % 2 for index in range(count)], **extra}


def fake_cifar(source: CifarSource, folder: Path, contents: dict[str, bytes]) -> CifarSource:
    files = {name: published(folder / source.folder, name, content) for name, content in contents.items()}
    source.train_files = [file for name, file in files.items() if "data_batch" in name or name == "train"]
    source.test_files = [file for name, file in files.items() if name in {"test_batch", "test"}]
    source.names_file = files[source.names_file.name]
    return source


def small_cifar10(folder: Path, **changed: bytes) -> CifarSource:
    contents = {
        "data_batch_1": pickle.dumps(batch(3), protocol=2),
        "data_batch_2": pickle.dumps(batch(2), protocol=2),
        "test_batch": pickle.dumps(batch(4), protocol=2),
        "batches.meta": pickle.dumps({"label_names": ["airplane", "car_truck"]}, protocol=2),
    }
    return fake_cifar(Cifar10(), folder, contents | changed)


def test_cifar_batches_are_put_together(tmp_path: Path) -> None:
    first, second = batch(3), batch(2)
    source = small_cifar10(
        tmp_path, data_batch_1=pickle.dumps(first, protocol=2), data_batch_2=pickle.dumps(second, protocol=2)
    )
    dataset = source.load(tmp_path)
    train = dataset.splits["train"]
    assert isinstance(train, ArraySplit)
    rows = np.concatenate([np.asarray(part["data"]) for part in (first, second)])
    assert (train.images.transpose(0, 3, 1, 2).reshape(5, 3072) == rows).all()
    assert train.labels.tolist() == [0, 1, 0, 0, 1]
    assert dataset.classes == ("airplane", "car truck")
    assert train.picture(0).getpixel((1, 0)) == tuple(rows[0][[1, 1025, 2049]])


def test_cifar100_uses_the_fine_labels(tmp_path: Path) -> None:
    contents = {
        "train": pickle.dumps(batch(3, "fine_labels", coarse_labels=[1, 1, 1]), protocol=2),
        "test": pickle.dumps(batch(2, "fine_labels"), protocol=2),
        "meta": pickle.dumps({"fine_label_names": ["apple", "aquarium_fish"], "coarse_label_names": ["a"]}, protocol=2),
    }
    dataset = fake_cifar(Cifar100(), tmp_path, contents).load(tmp_path)
    assert dataset.classes == ("apple", "aquarium fish")
    assert dataset.splits["train"].labels.tolist() == [0, 1, 0]


def test_a_cifar_file_that_differs_by_a_bit_is_refused(tmp_path: Path) -> None:
    source = small_cifar10(tmp_path)
    path = tmp_path / source.folder / "test_batch"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="test_batch isn't the file that was published"):
        source.load(tmp_path)


class Hostile:
    def __init__(self, call: object, *arguments: object) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call, self.arguments


def test_a_pickle_that_would_run_code_runs_nothing(tmp_path: Path) -> None:
    for number, hostile in enumerate(
        (Hostile(os.mkdir, str(tmp_path / "ran")), Hostile(eval, "1/0"), Hostile(np.load, "x"))
    ):
        source = small_cifar10(tmp_path / str(number), test_batch=pickle.dumps({"data": hostile}, protocol=2))
        with pytest.raises(DatasetError, match="isn't the file"):
            source.load(tmp_path / str(number))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a pickle",
        pickle.dumps(batch(3), protocol=2)[:-50],
        pickle.dumps([1, 2, 3], protocol=2),
        pickle.dumps({"labels": [0]}, protocol=2),
        pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [0]}, protocol=2),
        pickle.dumps({"data": np.zeros((1, 3071), np.uint8), "labels": [0]}, protocol=2),
        pickle.dumps({"data": np.zeros((1, 3072), np.float64), "labels": [0]}, protocol=2),
        pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [2]}, protocol=2),
        pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": ["0"]}, protocol=2),
    ],
)
def test_a_cifar_file_of_another_shape_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="isn't the file"):
        small_cifar10(tmp_path, data_batch_1=content).load(tmp_path)


def archive(members: Sequence[tuple[str, bytes | str]]) -> bytes:
    """A tar of (name, content); a content of text is a link to that place."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_cifar_is_downloaded_and_unpacked(tmp_path: Path, web_folder: tuple[Path, str]) -> None:
    source = small_cifar10(tmp_path / "made")
    files = sorted((tmp_path / "made").rglob("*batch*"))
    members = [(f"{source.folder}/{path.name}", path.read_bytes()) for path in files if path.is_file()]
    source.archive = published(web_folder[0], "cifar-10-python.tar.gz", archive([*members, ("readme.html", b"x")]))
    source.mirrors = [web_folder[1]]
    source.download(tmp_path)
    assert len(source.load(tmp_path).splits["train"]) == 5
    assert not (tmp_path / "readme.html").exists()


# Unpacking


def test_only_expected_members_are_unpacked_and_nothing_outside(tmp_path: Path) -> None:
    packed = tmp_path / "a.tar.gz"
    hostile = [
        ("../outside", b"x"),
        (str(tmp_path / "absolute"), b"x"),
        ("set/link", "/etc/passwd"),
        ("set/extra", b"x"),
    ]
    packed.write_bytes(archive([*hostile, ("set/data", b"good")]))
    unpack_tar(packed, tmp_path / "in" / "side", ["set/data"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [
        packed,
        tmp_path / "in" / "side" / "set" / "data",
    ]


def test_a_link_in_the_place_of_a_file_is_not_the_file(tmp_path: Path) -> None:
    packed = tmp_path / "a.tar.gz"
    packed.write_bytes(archive([("set/data", "/etc/passwd")]))
    with pytest.raises(DownloadError, match="lacks set/data"):
        unpack_tar(packed, tmp_path, ["set/data"])
    assert not (tmp_path / "set").exists()


def test_bombs_stop_at_the_cap_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_FILE_BYTES", 1_000_000)
    tar, packed = tmp_path / "a.tar.gz", tmp_path / "b.gz"
    tar.write_bytes(archive([("data", bytes(5_000_000))]))
    packed.write_bytes(gzip.compress(bytes(5_000_000)))
    with pytest.raises(DownloadError, match="can't be unpacked"):
        unpack_tar(tar, tmp_path / "out", ["data"])
    with pytest.raises(DownloadError, match="can't be unpacked"):
        unpack_gzip(packed, tmp_path / "out" / "b")
    assert list((tmp_path / "out").iterdir()) == []


def test_damaged_archives_are_sentences(tmp_path: Path) -> None:
    packed = tmp_path / "a.tar.gz"
    whole = archive([("data", RANDOM.bytes(100_000))])
    for content in (b"no archive", whole[:-1000], whole[:50]):
        packed.write_bytes(content)
        with pytest.raises(DownloadError, match=r"a\.tar\.gz"):
            unpack_tar(packed, tmp_path / "out", ["data"])
        with pytest.raises(DownloadError, match=r"a\.tar\.gz"):
            unpack_gzip(packed, tmp_path / "out" / "data")
    assert not (tmp_path / "out" / "data").exists()
