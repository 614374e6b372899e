"""From what a person has to a dataset: archives, tables, published files and folders."""

import gzip
import hashlib
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from cnn_desktop.core.errors import BadInputError, CancelledError, DatasetError
from cnn_desktop.core.paths import data_root, imports_dir
from cnn_desktop.data.dataset import datasets
from cnn_desktop.data.importing.sources import import_source
from cnn_desktop.data.published.files import PublishedFile
from cnn_desktop.data.sets import open_dataset
from cnn_desktop.data.sets.cifar10 import Cifar10
from cnn_desktop.data.sets.fashion_mnist import FashionMnist
from cnn_desktop.data.sets.mnist import Mnist
from tests.unit.data.conftest import Maker


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_folder_stays_where_it_is(class_folder: Path) -> None:
    assert import_source(class_folder).source == str(class_folder)
    assert not imports_dir().exists()


def test_a_table_stands_for_its_folder(class_folder: Path) -> None:
    table = class_folder / "labels.csv"
    table.write_text("file,label\n")
    imported = import_source(table)
    assert imported.source == str(class_folder)
    assert "labels.csv is read" in imported.sentence


@pytest.mark.parametrize(("kind", "ending"), [("zip", ".zip"), ("gztar", ".tar.gz"), ("tar", ".tar")])
def test_an_archive_of_class_folders_is_a_dataset_under_its_own_name(
    kind: str, ending: str, class_folder: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "my pets.v2"), kind, tmp_path, "pets"))
    assert archive.name == f"my pets.v2{ending}"
    imported = import_source(archive)
    assert imported.sentence.startswith("5 files were unpacked to ")
    dataset = open_dataset(imported.source)
    assert (dataset.title, dataset.classes, len(dataset.splits["train"])) == ("my pets.v2", ("cats", "dogs"), 5)
    assert Path(imported.source).is_relative_to(imports_dir())
    assert dataset.splits["train"].picture(0).size == (12, 9)


def test_an_archive_is_unpacked_once_and_anew_when_it_changed(class_folder: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "a"), "zip", class_folder))
    first = import_source(archive)
    mark = Path(first.source) / "cats" / "1.png"
    mark.touch()
    again = import_source(archive)
    assert again.source == first.source
    assert again.sentence.startswith("It was unpacked before")
    (class_folder / "cats" / "11.png").write_bytes(b"more")
    changed = import_source(Path(shutil.make_archive(str(tmp_path / "a"), "zip", class_folder)))
    assert changed.source != first.source


def test_an_archive_without_classes_leaves_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", b"hello")
    with pytest.raises(DatasetError, match="has no pictures; expected is a folder for each class"):
        import_source(tmp_path / "a.zip")
    assert list(imports_dir().iterdir()) == []


def test_a_hostile_archive_leaves_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("cats/a.png", b"")
        archive.writestr("../../../evil.png", b"")
    with pytest.raises(DatasetError, match=r"a\.zip isn't unpacked: it holds the path \.\./\.\./\.\./evil\.png"):
        import_source(tmp_path / "a.zip")
    assert [path for path in imports_dir().rglob("*") if path.is_file()] == []


def test_cancelling_leaves_nothing(class_folder: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "a"), "zip", class_folder))

    def cancel(done: int, total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError):
        import_source(archive, cancel)
    assert [path for path in imports_dir().rglob("*") if path.is_file()] == []


def test_what_is_no_dataset_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.doc").write_bytes(b"hello")
    with pytest.raises(BadInputError, match=r"letter\.doc is no dataset; give a folder, a zip or tar"):
        import_source(tmp_path / "letter.doc")
    with pytest.raises(BadInputError, match="doesn't exist"):
        import_source(tmp_path / "gone.zip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar.gz"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(BadInputError, match="is no dataset"):
            import_source(tmp_path / name)


# What torchvision's datasets come as


@pytest.fixture
def cifar_archive(tmp_path: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three of the published pickles, all that there are for the while, in an archive that isn't the published one."""
    path = tmp_path / "cifar-10-python.tar.gz"
    monkeypatch.setattr(type(datasets["cifar10"]), "train_files", Cifar10.train_files[:1])
    with tarfile.open(path, "w:gz", compresslevel=0) as archive:
        for name in ("data_batch_1", "test_batch", "batches.meta"):
            archive.add(test_data / Cifar10.folder / name, f"{Cifar10.folder}/{name}")
    published = PublishedFile(path.name, md5(path.read_bytes()))
    monkeypatch.setattr(type(datasets["cifar10"]), "archive", published)
    return path


def test_the_archive_of_cifar_is_verified_and_laid_out(cifar_archive: Path) -> None:
    renamed = cifar_archive.rename(cifar_archive.with_name("downloaded (1).gz"))
    imported = import_source(renamed)
    assert imported.source == "cifar10"
    assert "This is CIFAR-10, whole and as published" in imported.sentence
    dataset = open_dataset("cifar10")
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 10_000, "test": 10_000}
    assert not imports_dir().exists()


def test_an_archive_of_cifar_that_differs_is_refused(cifar_archive: Path) -> None:
    content = bytearray(cifar_archive.read_bytes())
    content[5000] ^= 1
    cifar_archive.write_bytes(content)
    with pytest.raises(DatasetError, match="isn't the file that was published as a part of CIFAR-10"):
        import_source(cifar_archive)
    assert not (data_root() / Cifar10.folder).exists()


@pytest.fixture
def mnist_files(tmp_path: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The four packed files, not packed bit for bit as the published ones."""
    files: list[Path] = []
    for known in Mnist.files:
        path = tmp_path / known.name
        path.write_bytes(gzip.compress((test_data / "MNIST" / "raw" / Path(known.name).stem).read_bytes(), 1))
        files.append(path)
    published = tuple(PublishedFile(path.name, md5(path.read_bytes())) for path in files)
    monkeypatch.setattr(type(datasets["mnist"]), "files", published)
    return files


def test_one_file_of_mnist_brings_those_beside_it(mnist_files: list[Path]) -> None:
    assert import_source(mnist_files[2]).source == "mnist"
    assert len(open_dataset("mnist").splits["train"]) == 60_000


def test_a_lonely_file_of_mnist_is_taken_and_the_others_asked_for(mnist_files: list[Path], tmp_path: Path) -> None:
    for number, path in enumerate(mnist_files):
        (tmp_path / str(number)).mkdir()
        mnist_files[number] = path.rename(tmp_path / str(number) / path.name)
    for path in mnist_files[:3]:
        with pytest.raises(DatasetError, match="is a part of MNIST and is in its place now; give the others too"):
            import_source(path)
    assert import_source(mnist_files[3]).source == "mnist"


def test_files_of_the_same_names_are_told_apart_by_their_hashes(mnist_files: list[Path]) -> None:
    for path, known in zip(mnist_files, FashionMnist.files, strict=True):
        assert path.name == known.name
    assert import_source(mnist_files[0]).source == "mnist"
    assert not datasets["fashion_mnist"].is_present(data_root())


@pytest.mark.parametrize("inside", ["", "MNIST", "MNIST/raw"])
def test_a_folder_in_the_layout_of_torchvision_is_copied(inside: str, tmp_path: Path, test_data: Path) -> None:
    shutil.copytree(test_data / "MNIST", tmp_path / "data" / "MNIST")
    assert import_source(tmp_path / "data" / inside).source == "mnist"
    assert len(open_dataset("mnist").splits["test"]) == 10_000


def test_a_zip_of_that_layout_is_laid_out_too(tmp_path: Path, test_data: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mnist.zip", "w") as archive:  # isn't packed, for speed
        for path in (test_data / "MNIST" / "raw").iterdir():
            archive.write(path, f"MNIST/raw/{path.name}")
    assert import_source(tmp_path / "mnist.zip").source == "mnist"
    assert list(imports_dir().iterdir()) == []


def test_the_data_root_itself_is_not_copied_onto_itself(
    tmp_path: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(test_data / "MNIST", tmp_path / "MNIST")
    monkeypatch.setenv("CNN_DESKTOP_DATA", str(tmp_path))
    assert import_source(tmp_path / "MNIST").source == "mnist"


def test_class_folders_beside_published_files_stay_a_folder(class_folder: Path, make_picture: Maker) -> None:
    make_picture(class_folder / "MNIST" / "a.png")
    assert import_source(class_folder).source == str(class_folder)
